"""requirements.txt names just what the product imports or its settings name: a fresh machine has nothing else."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.project.sources import ROOMS, ROOT, SOURCE_ROOTS

# Needed without an import of ours.
NAMED = {
    "gunicorn": "make serve",
    "psycopg": "Django's PostgreSQL",
    "redis": "the cache and Celery's broker",
    "whitenoise": "settings",
    "django-allauth": "settings",
    "django-htmx": "settings",
}


def required(path: Path) -> set[str]:
    return {normal(re.split(r"[\[=]", line)[0]) for line in path.read_text().splitlines()}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(folders: Iterable[str]) -> set[str]:
    """The distributions that the Python files below these folders import themselves."""
    ours = {path.stem for root in SOURCE_ROOTS for path in root.iterdir()}
    known = packages_distributions()
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    names = {name for path in files for name in top_names(path)} - ours - sys.stdlib_module_names
    return {normal(known[name][0]) if name in known else name for name in names}


def top_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_the_product_requires_what_it_imports_and_nothing_else() -> None:
    needed = imported(ROOMS) | set(NAMED)
    given = required(ROOT / "requirements.txt")
    assert needed - given == set(), "imported, but not in requirements.txt"
    assert given - needed == set(), "in requirements.txt, but not imported"


def test_the_tests_require_what_they_import() -> None:
    given = required(ROOT / "requirements.txt") | required(ROOT / "tests" / "requirements.txt")
    assert imported(["tests"]) - given == set()


def test_requirements_are_pinned_sorted_and_say_nothing_of_the_machine_that_made_them() -> None:
    for path in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        lines = path.read_text().splitlines()
        assert lines == sorted(lines, key=lambda line: re.split(r"[\[=]", line)[0].lower())
        assert [line for line in lines if "==" not in line or line.startswith("-")] == []
