"""The race seen from above: every row a runner's lanes, its bib at their head, and marks across all rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from frontend.drawings.lanes import SIZES, lane
from frontend.drawings.parts import colour, join, percent, permille

# Few enough for their words to stand side by side on a phone.
MOST_MARKS = 3
HEIGHT = 30


@dataclass(frozen=True)
class Mark:
    """A line across the race at so much: where it stands, in thousandths of the leader's lanes."""

    value: int
    run: int

    @property
    def x(self) -> str:
        return percent(self.run)


def marks(most: int) -> list[Mark]:
    """Round distances on the way to the leader, who has `most`: 1, 2 or 5 with noughts."""
    step = 1
    while most >= step * (MOST_MARKS + 1):
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return [Mark(value, permille(value, most)) for value in range(step, most + 1, step)]


def scale(across: Sequence[Mark], words: Sequence[str]) -> SafeString:
    """What the marks stand for, over the first row."""
    pieces = ['<svg class="race-scale-words" width="100%" height="18" aria-hidden="true">']
    for mark, word in zip(across, words, strict=True):
        pieces.append(f'<text x="{mark.x}" y="13" text-anchor="middle">{word}</text>')
    return join([*pieces, "</svg>"])


def racer(places: Sequence[int], share: float, bib: int, across: Sequence[Mark] = ()) -> SafeString:
    """One row: lanes as long as the share of the leader, the bib (0: none) at their head, marks of the whole race."""
    thick, gap = SIZES["s"]
    height = max(len(places) * (thick + gap) - gap, HEIGHT)
    top = (height - (len(places) * (thick + gap) - gap)) // 2
    run = permille(round(share * 1000), 1000)
    pieces = [f'<svg class="racer-lanes" width="100%" height="{height}" aria-hidden="true">']
    # Longer than the row: the style sheet cuts them where the track ends, so that rows join.
    pieces += [f'<line class="mark" x1="{mark.x}" x2="{mark.x}" y1="-99" y2="{height + 99}"/>' for mark in across]
    for index, place in enumerate(places):
        pieces.append(lane(top + index * (thick + gap), thick, run, colour(place)))
    if bib:
        pieces.append(_bib(run, bib, height))
    return join([*pieces, "</svg>"])


def _bib(run: int, bib: int, height: int) -> str:
    width = 18 + 9 * len(str(bib))
    return (
        f'<svg class="racer-bib" x="{percent(run)}" overflow="visible">'
        f'<rect x="-4" y="{height // 2 - 13}" width="{width}" height="26" rx="6"/>'
        f'<text x="{width / 2 - 4:g}" y="{height // 2 + 5}" text-anchor="middle">{bib}</text></svg>'
    )
