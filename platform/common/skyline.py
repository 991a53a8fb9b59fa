"""A city at dawn with a road that runs into it, another one for each number: what pages and share cards draw.

Only the shapes are here. Deterministic: the same bib sees the same morning everywhere.
"""

from dataclasses import dataclass
from random import Random

WIDTH, HEIGHT, HORIZON = 1600, 500, 384
SUN_HEIGHT = 120
ROAD = "#0a1029"
GLOW, LAMP = "#fff6dc", "#ffd27a"

Point = tuple[float, float]

# Sky from top to horizon, then the far and the near houses.
DAWNS = (
    ("#5a86f0", "#ffc98a", "#ffe6bd", "#7d83b8", "#1b2658"),
    ("#7fa6ff", "#ffb98a", "#ffe1c4", "#8b86b5", "#1a2455"),
    ("#3f66d6", "#f79a86", "#ffd7a8", "#7773ab", "#161f4e"),
    ("#86b7e8", "#ffd08f", "#fff0cf", "#8792b8", "#22305f"),
    ("#5b79d8", "#e9a0b4", "#ffdcae", "#8079ac", "#1d2558"),
    ("#4d93cf", "#f9bf7e", "#ffeac2", "#7790b4", "#17305a"),
)
# Where the middle colour of the sky stands, from its top to the horizon.
MIDDLE = 0.62


@dataclass(frozen=True, slots=True)
class Skyline:
    sky: tuple[str, str, str]
    far_colour: str
    near_colour: str
    sun: int
    radius: int
    far: list[Point]
    near: list[Point]
    # Upper left corners of the windows of the ones who are up already, 4 by 4.
    lights: list[tuple[int, int]]

    def road(self, count: int, left: int = 330, right: int = WIDTH - 330) -> list[list[Point]]:
        """The lanes, from under our feet, between `left` and `right`, to the sun."""
        step, far = (right - left) / max(count, 1), 54 / max(count, 1)
        return [
            [
                (left + lane * step + 5, HEIGHT),
                (self.sun - 27 + lane * far, HORIZON),
                (self.sun - 27 + lane * far + far - 1, HORIZON),
                (left + (lane + 1) * step - 5, HEIGHT),
            ]
            for lane in range(count)
        ]


def skyline(number: int) -> Skyline:
    dice = Random(number)  # noqa: S311 - a picture, not a secret
    top, middle, horizon, far, near = dice.choice(DAWNS)
    return Skyline(
        sky=(top, middle, horizon),
        far_colour=far,
        near_colour=near,
        sun=dice.randrange(560, 740, 10),
        radius=dice.randrange(44, 74, 2),
        far=_houses(dice, 26, 62, 40, 120),
        near=_houses(dice, 34, 88, 18, 74, towers=7),
        lights=sorted({(dice.randrange(8, WIDTH, 9), HORIZON - dice.randrange(8, 18, 9)) for _light in range(44)}),
    )


def _houses(dice: Random, narrow: int, wide: int, low: int, high: int, towers: int = 0) -> list[Point]:
    """One row of houses as one outline; towers rise above it, each with a roof of its own."""
    points: list[Point] = [(0, HORIZON)]
    x, house = 0, 0
    at = set(dice.sample(range(1, 26), towers))
    while x < WIDTH:
        width = dice.randrange(narrow, wide, 2)
        height = dice.randrange(low, high, 2)
        if house in at:
            points += _tower(dice, x, width, HORIZON - high - dice.randrange(36, 120, 2))
        else:
            points += [(x, HORIZON - height), (x + width, HORIZON - height)]
        x += width
        house += 1
    return [*points, (x, HORIZON)]


def _tower(dice: Random, x: int, width: int, top: int) -> list[Point]:
    half, end = width // 2, x + width
    roof = dice.randrange(4)
    if roof == 0:  # an obelisk with a point
        return [(x, top + 18), (x + half, top - 10), (end, top + 18), (end, top + 40)]
    if roof == 1:  # a slab with a notched crown
        return [(x, top), (end - 12, top), (end - 12, top + 16), (end, top + 16), (end, top + 40)]
    if roof == 2:  # steps and a mast
        mast = [(x + half - 2, top + 8), (x + half - 2, top - 26), (x + half + 2, top - 26), (x + half + 2, top + 8)]
        stairs: list[Point] = [(x, top + 24), (x + 8, top + 24), (x + 8, top + 8)]
        return [*stairs, *mast, (end - 8, top + 8), (end - 8, top + 24), (end, top + 24), (end, top + 60)]
    return [(x, top), (end, top + 26), (end, top + 60)]  # a slanted roof
