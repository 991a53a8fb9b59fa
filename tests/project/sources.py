"""The project's own files, as its guard tests read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Where our Python packages begin.
SOURCE_ROOTS = (ROOT, ROOT / "platform")
ROOMS = ("platform", "donations", "fundraisers", "teams", "frontend")


def modules() -> Iterator[Path]:
    """Every Python file of ours, tests too; migrations are written by Django."""
    yield ROOT / "manage.py"
    for folder in (*ROOMS, "tests"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    """Every page template. Mail has its styles inside it: mail programs read no other."""
    for folder in ROOMS:
        for path in sorted((ROOT / folder).rglob("*.html")):
            if "templates" in path.parts and not {"email", "emails", "mail"} & set(path.parts):
                yield path


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
