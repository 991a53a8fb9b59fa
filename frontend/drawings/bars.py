"""Counts as pictures: one bar for a row of a list, and a row of columns for days."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from frontend.drawings.parts import join, percent, permille

COLUMN, GAP, HEIGHT = 16, 6, 64


def bar(count: int, most: int) -> SafeString:
    """As long as its share of the longest; the number stands beside it."""
    width = percent(max(permille(count, most), 10))
    rect = f'<rect width="{width}" height="12" rx="6"/>'
    return join(['<svg class="bar" width="100%" height="12" aria-hidden="true">', rect, "</svg>"])


def columns(counts: Sequence[int]) -> SafeString:
    """A column for each day, the last one marked; nothing where nothing was. The table under it says the numbers."""
    most = max(counts, default=0)
    pieces = [f'<svg class="columns" viewBox="0 0 {len(counts) * (COLUMN + GAP) - GAP} {HEIGHT}" aria-hidden="true">']
    for place, count in enumerate(counts):
        height = max(permille(count, most) * (HEIGHT - 4) // 1000, 3) + 4 if count else 2
        kind = "today" if place == len(counts) - 1 else "day"
        x, y = place * (COLUMN + GAP), HEIGHT - height
        corner = 3 if count else 1
        pieces.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{COLUMN}" height="{height}" rx="{corner}"/>')
    return join([*pieces, "</svg>"])
