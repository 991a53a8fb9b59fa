"""Everything we know about a person, as JSON or to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common import clock
from common.money import dollars
from common.privacy import Kept, Text
from people.registry import kept


@dataclass(frozen=True, slots=True)
class Section:
    """What is kept for one purpose, why and how long, and each row as names and values."""

    what: Text
    why: Text
    how_long: Text
    rows: list[dict[str, str]]


def sections_of(email: str) -> list[Section]:
    """The person's own words, and the facts beside them. Nobody else's address is in it."""
    found: dict[Any, list[dict[str, str]]] = {}
    for thing in kept():
        if thing.of:
            found.setdefault(thing.purpose, []).extend(_told(thing, row) for row in thing.of(email))
    return [
        Section(purpose.what, purpose.why, purpose.how_long, rows)
        for purpose, told in found.items()
        if (rows := [row for row in told if row])
    ]


def export_of(email: str) -> dict[str, Any]:
    """The same as plain values, for a file."""
    told = [
        {"what": str(one.what), "why": str(one.why), "how_long": str(one.how_long), "rows": one.rows}
        for one in sections_of(email)
    ]
    return {"about": email, "as_of": clock.now().isoformat(), "kept": told}


def _told(thing: Kept, row: Model) -> dict[str, str]:
    told = {_label(row, name): _value(row, name) for name in thing.told}
    return {label: value for label, value in told.items() if value}


def _label(row: Model, name: str) -> str:
    return capfirst(str(row._meta.get_field(name).verbose_name).removesuffix(" cents"))  # type: ignore[union-attr]


def _value(row: Any, name: str) -> str:
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown else getattr(row, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name.endswith("_cents"):
        return dollars(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return str(value)
