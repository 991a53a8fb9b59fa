"""No page asks for what the content policy forbids; it works without inline styles, scripts and handlers."""

import re
from html.parser import HTMLParser

import pytest

from tests.project.sources import ROOT, shown, templates

TAGS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
DATA = {"application/json", "application/ld+json"}


class Inline(HTMLParser):
    """Collects the places that need `unsafe-inline` or `unsafe-eval`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style":
            self.note("<style>")
        if tag == "script" and "src" not in given and given.get("type") not in DATA:
            self.note("<script> without src")
        for name, value in attrs:
            # htmx evaluates hx-on and the js: values of its attributes.
            if name == "style" or name.startswith(("on", "hx-on")):
                self.note(f"{name}=")
            elif (value or "").strip().lower().startswith(("javascript:", "js:")):
                self.note(f"{name}={value}")

    def note(self, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: {what}")


def inline_parts(source: str) -> list[str]:
    # Template tags go, their line ends stay, so that the line numbers are right.
    parser = Inline()
    parser.feed(TAGS.sub(lambda tag: "\n" * tag[0].count("\n"), source))
    return parser.found


def test_templates_have_nothing_inline() -> None:
    found = {shown(path): inline_parts(path.read_text()) for path in templates()}
    assert {name: parts for name, parts in found.items() if parts} == {}


def test_drawings_have_nothing_inline() -> None:
    pattern = re.compile(r"""style=["']|<style|\bon(?:click|load|change|input)=""")
    sources = [path for path in sorted((ROOT / "frontend").rglob("*.py")) if pattern.search(path.read_text())]
    assert [shown(path) for path in sources] == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<p {% if x %}class='a'{% endif %} onclick='x()'>",
        "<script>x()</script>",
        "<style>p {}</style>",
        '<a href="javascript:x()">',
        '<a hx-on:click="x()">',
        """<a hx-vals='js:{a: 1}'>""",
    ],
)
def test_the_guard_sees(source: str) -> None:
    assert inline_parts(source)


def test_the_guard_lets_pass_what_the_policy_allows() -> None:
    source = (
        '{# style="" #}<script src="{% static "a.js" %}" defer></script><script type="application/json">{}</script>'
    )
    assert inline_parts(source) == []
