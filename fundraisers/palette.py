"""The look's colours and type, for what is drawn outside of a browser: share cards and printed sheets.

The values are those of frontend/static/css/tokens.css, and a test compares them.
"""

import unicodedata
from functools import cache
from pathlib import Path

import fontpkg_archivo
from fontTools.ttLib import TTFont

NIGHT, NIGHT_INK, NIGHT_INK_2 = "#0c1433", "#ffffff", "#b9c2e6"
PAPER, INK, INK_2, MIST = "#ffffff", "#101a3a", "#4a5373", "#f3efe6"
LANES = ("#2a48e8", "#d8431f", "#00795c", "#8a2fc4", "#0a7288", "#c2185b", "#7a5b00", "#55607c", "#8f1d1d")
NIGHT_LANES = ("#7f95ff", "#ff7a55", "#35c79d", "#c68cff", "#3fc4dc", "#ff7fb5", "#d9bb4f", "#a9b4d0", "#ff9d9d")

# The whole font, and not the part that browsers get: here no other font steps in for a letter that is missing.
FONT = Path(fontpkg_archivo.ROOT) / "files" / "Archivo[wdth,wght].ttf"


def lane_colour(place: int, by_night: bool = False) -> str:
    colours = NIGHT_LANES if by_night else LANES
    return colours[place % len(colours)]


@cache
def _letters() -> frozenset[int]:
    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """The text without what the font cannot draw. An emoji is left out; a name in another script is on the page."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(letter for letter in composed if ord(letter) in _letters()).split())
