"""The site's one style sheet is joined out of its parts whenever it is looked for."""

import os
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from frontend import stylesheets


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small site of its own, whose parts are an hour old."""
    parts, static = tmp_path / "css", tmp_path / "static"
    (parts / "components").mkdir(parents=True)
    static.mkdir()
    names = ("ground", "type", "frame", "motion", "print", "components/gift", "components/bib")
    for path in (static / "tokens.css", *(parts / f"{name}.css" for name in names)):
        path.write_text(f"/* {path.stem} */ .{path.stem} {{ color: red; }}")
    for name, value in (("PARTS", parts), ("STATIC", static), ("SITE", static / "site.css")):
        monkeypatch.setattr(stylesheets, name, value)
    return tmp_path


def test_the_parts_stand_in_the_order_of_the_cascade_without_their_comments(folder: Path) -> None:
    stylesheets.join()
    order = ("tokens", "ground", "type", "frame", "bib", "gift", "motion", "print")
    assert stylesheets.SITE.read_text().split("\n") == [f".{name}{{color:red}}" for name in order]


def test_it_is_joined_anew_only_when_a_part_is_younger(folder: Path) -> None:
    stylesheets.join()
    first = stylesheets.SITE.stat().st_ino
    stylesheets.join()
    assert stylesheets.SITE.stat().st_ino == first
    part = stylesheets.PARTS / "components" / "gift.css"
    part.write_text(".gift { color: blue; }")
    later = stylesheets.SITE.stat().st_mtime + 1
    os.utime(part, (later, later))
    stylesheets.join()
    assert ".gift{color:blue}" in stylesheets.SITE.read_text()


def test_whoever_looks_for_it_finds_it_whole(repository: Path) -> None:
    found = finders.find("css/site.css")
    assert isinstance(found, str)
    sheet = Path(found).read_text()
    assert all(piece in sheet for piece in ("--ink:", ".bib{", ".gift{", "@media print"))
    components = {path.name for path in (repository / "frontend" / "css" / "components").iterdir()}
    assert {path.name for path in stylesheets.parts()} >= components
