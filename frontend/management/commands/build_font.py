"""Cuts the site's font out of the package: no font file lives in the repository."""

from pathlib import Path
from shutil import copyfile
from typing import Any

import fontpkg_archivo
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SOURCE = Path(fontpkg_archivo.ROOT) / "files" / "Archivo[wdth,wght].ttf"
LICENCE = Path(fontpkg_archivo.ROOT) / "LICENSE"
STATIC_DIR = settings.BASE_DIR / "frontend" / "static" / "fonts"

# Latin-1, and the punctuation the site sets: dashes, quotes, ellipsis, bullet, arrows, check, minus, euro.
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
PUNCTUATION = [
    ord(character) for character in "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022\u2190\u2192\u2713\u2212\u20ac"
]
FEATURES = ["kern", "liga", "ccmp", "calt", "locl", "lnum", "tnum"]


def cut() -> TTFont:
    """The variable font with weights 400 to 900 at normal width, and only the characters the site uses."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wdth": 100, "wght": (400, 900)}, inplace=True)
    options = Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*LATIN, *PUNCTUATION])
    subsetter.subset(font)
    return font


def write(font: TTFont, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    font.flavor = "woff2"
    # Written beside and moved, so that a server never reads half a font.
    part = path.with_suffix(path.suffix + ".part")
    font.save(part)
    part.replace(path)


def is_fresh(path: Path) -> bool:
    made_from = max(SOURCE.stat().st_mtime, Path(__file__).stat().st_mtime)
    return path.exists() and path.stat().st_mtime >= made_from


class Command(BaseCommand):
    help = "Cuts Archivo to what the site uses: a woff2 for browsers, and its licence."

    def handle(self, *args: Any, **options: Any) -> None:
        web = STATIC_DIR / "archivo.woff2"
        if not is_fresh(web):
            write(cut(), web)
        copyfile(LICENCE, STATIC_DIR / "OFL.txt")
        self.stdout.write(f"{web.name}: {web.stat().st_size:,} bytes")
