"""What came in day by day: a column for each, today's marked, and the line that the goal asks for."""

from collections.abc import Sequence
from typing import Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString

from frontend.drawings.parts import join, percent

HEIGHT, BASE = 180, 176
# Of the room a day has, what its column takes.
FILLED = 68


class Column(Protocol):
    """A day's sum, and the words that a pointer on the column says."""

    @property
    def cents(self) -> int: ...
    @property
    def words(self) -> str: ...


def days(columns: Sequence[Column], *, title: str, words: str, line_cents: int | None = None) -> SafeString:
    """Columns as wide as the page: positions are percentages, so that letters and lines keep their size.

    `title` names the picture and `words` say what is in it, for whom does not see it. The line is drawn where it fits:
    one far above every column would make all of them flat, and its sum is said beside the picture anyway.
    """
    most = max((column.cents for column in columns), default=0)
    fits = line_cents is not None and line_cents <= 2 * most
    top = max(most, line_cents or 0) if fits else most
    pieces = [
        f'<svg class="days" width="100%" height="{HEIGHT}" role="img" aria-labelledby="days-title days-words">',
        f'<title id="days-title">{escape(title)}</title><desc id="days-words">{escape(words)}</desc>',
    ]
    for place, column in enumerate(columns):
        pieces.append(_column(place, len(columns), column, top))
    pieces.append(f'<path class="days-base" d="M0 {BASE + 1}H9999"/>')
    if fits and line_cents:
        y = BASE - _height(line_cents, top)
        pieces.append(f'<line class="days-line" x1="0" x2="100%" y1="{y}" y2="{y}"/>')
    return join([*pieces, "</svg>"])


def _column(place: int, count: int, column: Column, top: int) -> str:
    room = 1000 / count
    height = _height(column.cents, top)
    kind = "today" if place == count - 1 else "day"
    x, width = percent(round(room * (place + (100 - FILLED) / 200))), percent(round(room * FILLED / 100))
    return (
        f'<rect class="{kind}" x="{x}" width="{width}" y="{BASE - height}" height="{height}" rx="3">'
        f"<title>{escape(column.words)}</title></rect>"
    )


def _height(cents: int, top: int) -> int:
    """In pixels; the smallest sum can still be seen, and nothing is nothing."""
    return max(cents * (BASE - 8) // top, 3) if cents > 0 and top else 0
