"""The tokens of the style sheet as they are, and what they measure against each other."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOKENS = settings.BASE_DIR / "frontend" / "static" / "css" / "tokens.css"
# WCAG 2.2: 1.4.3 for words, 1.4.11 for lanes, borders and signs.
WORDS, SIGNS = 4.5, 3.0
ON_PAPER = (("ink", WORDS), ("ink-2", WORDS), ("good", WORDS), ("bad", WORDS), ("edge", SIGNS), ("focus", SIGNS))
ON_MIST = (("ink", WORDS), ("ink-2", WORDS), ("bad", WORDS), ("edge", SIGNS))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tokens, one on the other, how they stand apart and how far apart they must."""

    name: str
    ground: str
    colour: str
    ground_colour: str
    ratio: float
    least: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.least


@dataclass(frozen=True, slots=True)
class Scheme:
    title: Promise
    pairs: tuple[Pair, ...]


def schemes() -> list[Scheme]:
    """By day, on night and in the dark scheme: every token that is put on another."""
    css = TOKENS.read_text().partition("@media print")[0]
    day, _dark, dark = css.partition("@media (prefers-color-scheme: dark)")
    paper, _night, night = day.partition(".on-night {")
    by_day = _values(paper)
    return [
        Scheme(_("Paper"), _pairs(by_day)),
        Scheme(_("Night"), _pairs({**by_day, **_values(night)})),
        Scheme(_("Dark scheme"), _pairs({**by_day, **_values(dark.partition(".on-night")[0])})),
    ]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2: 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _values(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#\w+);", css))


def _pairs(values: dict[str, str]) -> tuple[Pair, ...]:
    lanes = tuple((name, SIGNS) for name in values if re.fullmatch(r"lane\d", name))
    wanted = [(name, "paper", least) for name, least in (*ON_PAPER, *lanes)]
    wanted += [(name, "mist", least) for name, least in (*ON_MIST, *lanes)]
    wanted.append(("on-sun", "sun", WORDS))
    return tuple(
        Pair(name, ground, values[name], values[ground], contrast(values[name], values[ground]), least)
        for name, ground, least in wanted
    )
