"""The home page as a document: sections in their order, figures of the need, questions. A version holds one.

`{"sections": [{"kind", "heading", "text", "visible"}], "facts": [{…}], "questions": [{…}]}`: what a row holds is said
by its form (events.forms).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.forms import PARTS

# What a section shows beside its own words; `words` is those alone, and may be there more than once.
KINDS = {
    "money": _("Where it goes, to the cent"),
    "need": _("The need"),
    "stories": _("Why we run"),
    "teams": _("Teams in front"),
    "step": _("Take one step"),
    "volunteers": _("Lend a hand"),
    "sponsors": _("They pay the card fees"),
    "share": _("Spread the word"),
    "questions": _("Questions"),
    "news": _("Hear from us"),
    "words": _("Words of your own"),
}
WORDS = "words"
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Section:
    kind: str
    heading: str
    text: str

    @property
    def template(self) -> str:
        return f"home/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Home:
    """A version, ready for the page."""

    sections: tuple[Section, ...]
    facts: list[dict[str, str]]
    questions: list[dict[str, str]]

    def shows(self, kind: str) -> bool:
        return any(section.kind == kind for section in self.sections)


def home_of(content: dict[str, Any]) -> Home:
    """What the page shows of a version: sections that are visible, under their own heading or the usual one."""
    sections = tuple(
        Section(row["kind"], row["heading"] or str(KINDS[row["kind"]]), row["text"])
        for row in content["sections"]
        if row["visible"]
    )
    return Home(sections, content["facts"], content["questions"])


def content_of(data: dict[str, Any], call: str) -> dict[str, Any]:
    """The content that an event's file gives. Raises ValidationError for what a row lacks, or cannot hold."""
    told = data.get("sections") or [{"kind": kind} for kind in KINDS if kind != WORDS]
    sections = [_section(row, call) for row in told]
    kinds = [row["kind"] for row in sections if row["kind"] != WORDS]
    if len(set(kinds)) < len(kinds):
        raise ValidationError("Two sections of the home page are of the same kind.")
    return {
        "sections": sections,
        **{part: [_checked(part, row) for row in data.get(part, [])] for part in ("facts", "questions")},
    }


def _section(row: dict[str, Any], call: str) -> dict[str, Any]:
    kind = row.get("kind")
    if kind not in KINDS:
        raise ValidationError(f"A section of the home page is one of {', '.join(KINDS)}.")
    words = {name: value for name, value in row.items() if name not in ("kind", "visible")}
    if kind == "step":
        words.setdefault("text", call)
    return {"kind": kind, **_checked("sections", words), "visible": bool(row.get("visible", True))}


def _checked(part: str, row: dict[str, Any]) -> dict[str, Any]:
    form = PARTS[part](row)
    if unknown := sorted(set(row) - set(form.fields)):
        raise ValidationError(f"{part}: a row has {', '.join(unknown)}, which means nothing here.")
    if not form.is_valid():
        raise ValidationError([f"{part}, {name}: {' '.join(some)}" for name, some in _errors(form.errors.items())])
    return dict(form.cleaned_data)


def _errors(items: Iterable[tuple[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(name, [str(error) for error in errors]) for name, errors in items]
