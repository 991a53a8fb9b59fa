"""What the drawings take: amounts with the name and the place of their organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.safestring import SafeString, mark_safe

# As many lanes as have a colour of their own; then colours come again, and the names tell lanes apart.
COLOURS = 9


class Part(Protocol):
    """One organization's share of an amount."""

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> int: ...
    @property
    def cents(self) -> int: ...


@dataclass(frozen=True)
class Share:
    name: str
    place: int
    cents: int
    weight: int = 1


def colour(place: int) -> str:
    """The class that gives an organization's colour, everywhere."""
    return f"l{place % COLOURS + 1}"


def permille(cents: int, of_cents: int) -> int:
    """How far along, 0 to 1000: never beyond the finish line, never behind the start."""
    if of_cents <= 0:
        return 0
    return max(0, min(1000, cents * 1000 // of_cents))


def percent(thousandths: int) -> str:
    return f"{thousandths / 10:g}%"


def lane_goals(parts: Sequence[Part], goal_cents: int) -> list[int]:
    """What each lane runs to: its part of the goal by weight, equal where no weights are given."""
    weights = [int(getattr(part, "weight", 1)) for part in parts]
    return [goal_cents * weight // (sum(weights) or 1) for weight in weights]


def join(pieces: list[str]) -> SafeString:
    """The pieces are numbers of ours, or were escaped where they were made."""
    return mark_safe("".join(pieces))  # noqa: S308
