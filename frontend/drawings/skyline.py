"""The picture of a page without a photo: the dawn of its bib number."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.safestring import SafeString

from common.skyline import GLOW, HEIGHT, HORIZON, LAMP, MIDDLE, ROAD, SUN_HEIGHT, WIDTH, Point, Skyline
from common.skyline import skyline as draw
from frontend.drawings.parts import colour, join


def skyline(number: int, places: list[int]) -> SafeString:
    dawn = draw(number)
    name = f"dawn-{number}"
    top, middle, horizon = dawn.sky
    sky = (
        f'<svg class="skyline" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMax slice"'
        f' aria-hidden="true"><defs><linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">'
        f'<stop stop-color="{top}"/><stop offset="{MIDDLE}" stop-color="{middle}"/>'
        f'<stop offset="1" stop-color="{horizon}"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HORIZON}" fill="url(#{name})"/>'
    )
    return join(
        [
            sky,
            _sun(dawn),
            f'<path fill="{dawn.far_colour}" opacity=".75" d="{_outline(dawn.far)}"/>',
            f'<path fill="{dawn.near_colour}" d="{_outline(dawn.near)}"/>',
            f'<path fill="{LAMP}" opacity=".85" d="{"".join(f"M{x} {y}h4v4h-4z" for x, y in dawn.lights)}"/>',
            f'<rect y="{HORIZON}" width="{WIDTH}" height="{HEIGHT - HORIZON}" fill="{ROAD}"/>',
            *(
                f'<path class="lane {colour(place)}" d="{_outline(lane)}"/>'
                for place, lane in zip(places, dawn.road(len(places)), strict=True)
            ),
            "</svg>",
        ]
    )


def _sun(dawn: Skyline) -> str:
    x, y, radius = dawn.sun, HORIZON - SUN_HEIGHT, dawn.radius
    return (
        f'<g fill="{GLOW}"><circle cx="{x}" cy="{y}" r="{radius * 2}" opacity=".18"/>'
        f'<circle cx="{x}" cy="{y}" r="{radius * 3 // 2}" opacity=".25"/><circle cx="{x}" cy="{y}" r="{radius}"/></g>'
    )


def _outline(points: Sequence[Point]) -> str:
    """The shortest path: most edges of houses are level or upright."""
    steps = [f"M{_short(points[0][0])} {_short(points[0][1])}"]
    for (x, y), (next_x, next_y) in pairwise(points):
        if next_x == x:
            steps.append(f"V{_short(next_y)}")
        elif next_y == y:
            steps.append(f"H{_short(next_x)}")
        else:
            steps.append(f"L{_short(next_x)} {_short(next_y)}")
    return "".join([*steps, "z"])


def _short(number: float) -> str:
    return f"{round(number, 1):g}"
