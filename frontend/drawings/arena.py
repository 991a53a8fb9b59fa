"""The race around a big screen: lanes run along its foot, up its side and back along its head to the finish line."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

from django.utils.html import escape
from django.utils.safestring import SafeString

from frontend.drawings.lanes import describe
from frontend.drawings.parts import Part, colour, join, lane_goals, permille

GAP, CHECK = 6, 12


@dataclass(frozen=True)
class Arena:
    """A track along three sides of a window that is about as wide and high as this; it is stretched to fit."""

    css: str
    width: int
    height: int
    band: int
    corner: int = 220
    finish: int = 72

    def offset(self, index: float, count: int) -> float:
        """Of the middle of a lane from the outer edge; lane 0 is the outer one."""
        thick = self.thickness(count)
        return thick / 2 + index * (thick + GAP)

    def thickness(self, count: int) -> float:
        return (self.band - (count - 1) * GAP) / count

    def stretches(self, offset: float) -> tuple[float, ...]:
        """The lengths of a lane's straights and bends, from the start to the finish."""
        bend = pi / 2 * (self.corner - offset)
        across = self.width - self.corner
        return across, bend, self.height - 2 * self.corner, bend, across - self.finish

    def length(self, thousandths: int, index: int, count: int) -> float:
        """How far a lane is filled, so that all lanes at the same thousandths end side by side, in bends too."""
        middle, own = self.stretches(self.offset((count - 1) / 2, count)), self.stretches(self.offset(index, count))
        left, run = sum(middle) * thousandths / 1000, 0.0
        for there, here in zip(middle, own, strict=True):
            run += here * min(left / there, 1)
            left = max(left - there, 0)
        return run

    def path(self, offset: float) -> str:
        radius, right, low = self.corner - offset, self.width - self.corner, self.height - self.corner
        bend = f"A{radius:g} {radius:g} 0 0 0"
        return (
            f"M0 {self.height - offset:g}H{right}{bend} {self.width - offset:g} {low}V{self.corner}"
            f"{bend} {right} {offset:g}H{self.finish}"
        )


ARENAS = (
    Arena("arena-wide", width=1920, height=1080, band=112),
    Arena("arena-long", width=3000, height=1080, band=112),
    Arena("arena-square", width=1400, height=1080, band=100, corner=200),
    Arena("arena-tall", width=1080, height=1920, band=96, corner=200),
)


def arena(parts: Sequence[Part], goal_cents: int) -> SafeString:
    """A drawing of the same race for each shape of a screen: the style sheet shows the one that fits."""
    label = escape(describe(parts, goal_cents))
    return join([_draw(shape, parts, goal_cents, label) for shape in ARENAS])


def _draw(shape: Arena, parts: Sequence[Part], goal_cents: int, label: str) -> str:
    count = len(parts)
    opening = (
        f'<svg class="arena {shape.css}" viewBox="0 0 {shape.width} {shape.height}" preserveAspectRatio="none"'
        f' role="img" aria-label="{label}"><g fill="none" stroke-width="{shape.thickness(count) if count else 0:g}">'
    )
    pieces = [opening]
    for index, (part, target) in enumerate(zip(parts, lane_goals(parts, goal_cents), strict=True)):
        path, css = shape.path(shape.offset(index, count)), colour(part.place)
        filled = shape.length(permille(part.cents, target), index, count)
        pieces.append(f'<path class="bed {css}" d="{path.replace(f"H{shape.finish}", "H0")}"/>')
        pieces.append(f'<path class="lane {css}" d="{path}" stroke-dasharray="{filled:.1f} 99999"/>')
    return "".join([*pieces, "</g>", _finish(shape), "</svg>"])


def _finish(shape: Arena) -> str:
    line, left, right = f"V{shape.band}", shape.finish - CHECK / 2, shape.finish + CHECK / 2
    return (
        f'<g class="finish"><path class="finish-light" d="M{shape.finish} 0{line}" stroke-width="{2 * CHECK}"/>'
        f'<path d="M{left:g} 0{line}" stroke-width="{CHECK}" stroke-dasharray="{CHECK}"/>'
        f'<path d="M{right:g} 0{line}" stroke-width="{CHECK}" stroke-dasharray="{CHECK}"'
        f' stroke-dashoffset="{CHECK}"/></g>'
    )


def heat(places: Sequence[int], share: float) -> SafeString:
    """How far somebody is behind the leader, as lanes in a row of a big screen."""
    run, height = permille(round(share * 1000), 1000), 10 * len(places)
    pieces = [f'<svg class="heat" viewBox="0 0 1000 {height}" preserveAspectRatio="none" aria-hidden="true">']
    pieces += [
        f'<rect class="lane {colour(place)}" y="{10 * i}" width="{run}" height="7"/>' for i, place in enumerate(places)
    ]
    return join([*pieces, "</svg>"])
