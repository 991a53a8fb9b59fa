"""Ratios from interleaved rounds: ours and the rival take turns, so that the machine's noise falls on both."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Line:
    """One figure: how fast ours is in units of the rival, with the spread over the rounds."""

    name: str
    ours: float
    rival: float
    ratios: list[float]

    def __str__(self) -> str:
        low, middle, high = min(self.ratios), median(self.ratios), max(self.ratios)
        return (
            f"{self.name:<46} {middle:6.1%} of the rival (rounds {low:.1%} to {high:.1%});"
            f" ours {self.ours:,.0f}/s, rival {self.rival:,.0f}/s"
        )


def compare(name: str, ours: Callable[[], int], rival: Callable[[], int], rounds: int = 7) -> Line:
    """Each side does some work and returns how many units it did; rounds alternate who begins."""
    ours(), rival()
    our_rates: list[float] = []
    rival_rates: list[float] = []
    for number in range(rounds):
        turns = [(ours, our_rates), (rival, rival_rates)]
        for work, rates in turns if number % 2 else reversed(turns):
            start = time.perf_counter()
            units = work()
            rates.append(units / (time.perf_counter() - start))
    ratios = [mine / theirs for mine, theirs in zip(our_rates, rival_rates, strict=True)]
    return Line(name, median(our_rates), median(rival_rates), ratios)
