"""The site's one style sheet, joined out of a small file for each component (docs/decisions/0015).

Whoever looks for `css/site.css`, in development and for `collectstatic`, finds it as its parts are now: there is no
step to remember, and a page asks for one file.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from rcssmin import cssmin

HERE = Path(__file__).parent
STATIC, PARTS = HERE / "static" / "css", HERE / "css"
SITE = STATIC / "site.css"


def parts() -> list[Path]:
    """In the order of the cascade: what components stand on, components, and what changes them all."""
    first = [STATIC / "tokens.css", *(PARTS / f"{name}.css" for name in ("ground", "type", "frame"))]
    last = [PARTS / f"{name}.css" for name in ("motion", "print")]
    return [*first, *sorted((PARTS / "components").glob("*.css")), *last]


def join() -> None:
    """Writes the sheet anew if a part, or the list of them, is younger than it."""
    sources = parts()
    youngest = max(path.stat().st_mtime for path in (*sources, PARTS / "components", Path(__file__)))
    if SITE.exists() and SITE.stat().st_mtime >= youngest:
        return
    # Written beside and moved, so that a server never reads half a sheet. It is as young as its youngest part: what is
    # saved while the parts are read is seen the next time.
    draft = PARTS / f".site.{os.getpid()}"
    draft.write_text("\n".join(cssmin(path.read_text()) for path in sources))
    os.utime(draft, (youngest, youngest))
    draft.replace(SITE)


class Finder(AppDirectoriesFinder):
    """Finds what the apps hold, the joined sheet included."""

    def find(self, path: str, *args: Any, **options: Any) -> Any:
        if path == "css/site.css":
            join()
        return super().find(path, *args, **options)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        join()
        return super().list(ignore_patterns)
