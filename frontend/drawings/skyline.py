"""A city at dawn with lanes that run into it: the picture of a page without a photo, another one for each bib."""

from random import Random

from django.utils.safestring import SafeString

from frontend.drawings.parts import colour, join

WIDTH, HEIGHT, HORIZON = 1600, 500, 384

# Sky from top to horizon, then the far and the near houses.
DAWNS = (
    ("#5a86f0", "#ffc98a", "#ffe6bd", "#7d83b8", "#1b2658"),
    ("#7fa6ff", "#ffb98a", "#ffe1c4", "#8b86b5", "#1a2455"),
    ("#3f66d6", "#f79a86", "#ffd7a8", "#7773ab", "#161f4e"),
    ("#86b7e8", "#ffd08f", "#fff0cf", "#8792b8", "#22305f"),
    ("#5b79d8", "#e9a0b4", "#ffdcae", "#8079ac", "#1d2558"),
    ("#4d93cf", "#f9bf7e", "#ffeac2", "#7790b4", "#17305a"),
)


def skyline(number: int, places: list[int]) -> SafeString:
    """Deterministic: the same bib sees the same morning everywhere."""
    dice = Random(number)  # noqa: S311 - a picture, not a secret
    top, middle, horizon, far, near = dice.choice(DAWNS)
    sun = dice.randrange(560, 740, 10)
    name = f"dawn-{number}"
    sky = (
        f'<svg class="skyline" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMax slice"'
        f' aria-hidden="true"><defs><linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">'
        f'<stop stop-color="{top}"/><stop offset=".62" stop-color="{middle}"/>'
        f'<stop offset="1" stop-color="{horizon}"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HORIZON}" fill="url(#{name})"/>'
    )
    return join(
        [
            sky,
            _sun(sun, dice.randrange(44, 74, 2)),
            f'<path fill="{far}" opacity=".75" d="{_houses(dice, 26, 62, 40, 120)}"/>',
            f'<path fill="{near}" d="{_houses(dice, 34, 88, 18, 74, towers=7)}"/>',
            _windows(dice),
            f'<rect y="{HORIZON}" width="{WIDTH}" height="{HEIGHT - HORIZON}" fill="#0a1029"/>',
            *_road(sun, places),
            "</svg>",
        ]
    )


def _sun(x: int, radius: int) -> str:
    y = HORIZON - 120
    return (
        f'<g fill="#fff6dc"><circle cx="{x}" cy="{y}" r="{radius * 2}" opacity=".18"/>'
        f'<circle cx="{x}" cy="{y}" r="{radius * 3 // 2}" opacity=".25"/><circle cx="{x}" cy="{y}" r="{radius}"/></g>'
    )


def _houses(dice: Random, narrow: int, wide: int, low: int, high: int, towers: int = 0) -> str:
    """One row of houses as one outline; towers rise above it, each with a roof of its own."""
    steps, x = [f"M0 {HORIZON}"], 0
    at = set(dice.sample(range(1, 26), towers))
    house = 0
    while x < WIDTH:
        width = dice.randrange(narrow, wide, 2)
        height = dice.randrange(low, high, 2)
        if house in at:
            steps.append(_tower(dice, x, width, high + dice.randrange(36, 120, 2)))
        else:
            steps.append(f"V{HORIZON - height}h{width}")
        x += width
        house += 1
    return "".join([*steps, f"V{HORIZON}z"])


def _tower(dice: Random, x: int, width: int, height: int) -> str:
    top = HORIZON - height
    half = width // 2
    roof = dice.randrange(4)
    if roof == 0:  # an obelisk with a point
        return f"V{top + 18}l{half} -28l{width - half} 28V{top + 40}"
    if roof == 1:  # a slab with a notched crown
        return f"V{top}h{width - 12}v16h12V{top + 40}"
    if roof == 2:  # steps and a mast
        return f"V{top + 24}h8v-16h{half - 10}v-34h4v34h{width - half - 10}v16h8V{top + 60}"
    return f"V{top}L{x + width} {top + 26}V{top + 60}"  # a slanted roof


def _windows(dice: Random) -> str:
    """Lights of the ones who are up already."""
    spots = sorted({(dice.randrange(8, WIDTH, 9), HORIZON - dice.randrange(8, 18, 9)) for _light in range(44)})
    dots = "".join(f"M{x} {y}h4v4h-4z" for x, y in spots)
    return f'<path fill="#ffd27a" opacity=".85" d="{dots}"/>'


def _road(sun: int, places: list[int]) -> list[str]:
    """The lanes, from under our feet to the sun."""
    count = max(len(places), 1)
    left, step, far = 330, (WIDTH - 660) / count, 54 / count
    pieces = []
    for index, place in enumerate(places):
        near_a, near_b = left + index * step + 5, left + (index + 1) * step - 5
        far_a = sun - 27 + index * far
        pieces.append(
            f'<path class="lane {colour(place)}" d="M{near_a:.0f} {HEIGHT}L{far_a:.1f} {HORIZON}'
            f'h{far - 1:.1f}L{near_b:.0f} {HEIGHT}z"/>'
        )
    return pieces
