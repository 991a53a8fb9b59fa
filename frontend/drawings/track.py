"""The running track of the home page, seen from above: a straight, a bend, and the finish line at the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

from django.utils.html import escape
from django.utils.safestring import SafeString

from frontend.drawings.lanes import describe
from frontend.drawings.parts import Part, colour, join, lane_goals, permille


@dataclass(frozen=True)
class Track:
    """A track that starts at the left, bends back at the right, and ends at `finish`."""

    css: str
    width: int
    height: int
    band: int
    gap: int
    finish: int
    check: int

    @property
    def bend(self) -> float:
        """Where the straight turns into the bend."""
        return self.width - self.height / 2

    def thickness(self, count: int) -> float:
        return (self.band - (count - 1) * self.gap) / count

    def radius(self, index: float, count: int) -> float:
        """Of the middle of a lane; lane 0 is the outer one."""
        thick = self.thickness(count)
        return self.height / 2 - thick / 2 - index * (thick + self.gap)

    def length(self, thousandths: int, index: int, count: int) -> float:
        """How far a lane is filled, so that all lanes at the same thousandths end side by side in the bend."""
        middle = self.radius((count - 1) / 2, count)
        back = self.bend - self.finish
        run = (self.bend + pi * middle + back) * thousandths / 1000
        if run <= self.bend:
            return run
        if run <= self.bend + pi * middle:
            return self.bend + (run - self.bend) / middle * self.radius(index, count)
        return run + pi * (self.radius(index, count) - middle)

    def path(self, radius: float) -> str:
        middle = self.height / 2
        return (
            f"M0 {middle + radius:g}H{self.bend:g}A{radius:g} {radius:g} 0 0 0 {self.bend:g} {middle - radius:g}"
            f"H{self.finish}"
        )


WIDE = Track("track-wide", width=1216, height=440, band=84, gap=5, finish=704, check=9)
NARROW = Track("track-narrow", width=360, height=232, band=38, gap=3, finish=18, check=5)


def track(parts: Sequence[Part], goal_cents: int) -> SafeString:
    """Two drawings of the same race: the style sheet shows the one that fits the window."""
    label = escape(describe(parts, goal_cents))
    return join([_draw(shape, parts, goal_cents, label) for shape in (WIDE, NARROW)])


def _draw(shape: Track, parts: Sequence[Part], goal_cents: int, label: str) -> str:
    count = len(parts)
    thick = shape.thickness(count) if count else 0
    opening = (
        f'<svg class="track {shape.css}" viewBox="0 0 {shape.width} {shape.height}" role="img" aria-label="{label}">'
        f'<g fill="none" stroke-width="{thick:g}">'
    )
    pieces = [opening]
    for index, (part, target) in enumerate(zip(parts, lane_goals(parts, goal_cents), strict=True)):
        radius, css = shape.radius(index, count), colour(part.place)
        path = shape.path(radius)
        filled = shape.length(permille(part.cents, target), index, count)
        # The run-up comes in from the edge of the window; the count begins at the start line.
        pieces.append(f'<path class="bed {css}" d="{path.replace("M0", "M-1000", 1)}"/>')
        pieces.append(f'<path class="lane {css}" d="{path}" stroke-dasharray="{filled:.1f} 9999"/>')
    start = f'<path class="start" d="M0 {shape.height - shape.band}V{shape.height}"/>'
    pieces += ["</g>", start, _finish(shape), "</svg>"]
    return "".join(pieces)


def _finish(shape: Track) -> str:
    check = shape.check
    line = f"V{shape.band}"
    return (
        f'<g class="finish"><path class="finish-light" d="M{shape.finish} 0{line}" stroke-width="{2 * check}"/>'
        f'<path d="M{shape.finish - check / 2:g} 0{line}" stroke-width="{check}" stroke-dasharray="{check}"/>'
        f'<path d="M{shape.finish + check / 2:g} 0{line}" stroke-width="{check}" stroke-dasharray="{check}"'
        f' stroke-dashoffset="{check}"/></g>'
    )
