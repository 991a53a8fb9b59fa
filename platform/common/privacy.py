"""What is kept about people, said once, as data: the privacy page, the export, the erasure, the daily retention and the
test that finds a field nobody has thought about all read the same rows. Each room has its own in `privacy.py`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# An address; a first and a last name; the name of a page.
_TELLS = re.compile(r"\S+@\S+|[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*)+|[a-z]+(?:-[a-z0-9]+)+")
Text = str | Promise
Rows = Callable[[str], "QuerySet[Any]"]
# Takes rows, and takes the person out of them.
Forget = Callable[[Sequence[Any]], None]


class Part(Enum):
    """The parts of the privacy page, in its order."""

    GIVE = gettext_lazy("When you give")
    RUN = gettext_lazy("When you run, or lead a team")
    YOU = gettext_lazy("When you sign in, or look")
    WRITE = gettext_lazy("When you help, write to us, or get our mails")
    BOOKS = gettext_lazy("For the books, and for who looks after them")


@dataclass(frozen=True, slots=True)
class Purpose:
    """A row of the privacy page: what is kept, why, how long, and who sees it."""

    part: Part
    what: Text
    why: Text
    how_long: Text
    seen_by: Text


@dataclass(frozen=True, slots=True)
class Kept:
    """The personal fields of a model. Without `of` no row can be found by an address: its purpose says how it ends."""

    purpose: Purpose
    model: type[Model]
    fields: tuple[str, ...]
    of: Rows | None = None
    forget: Forget | None = None
    # The fields whose words would give the person away where others wrote them down: in mails, in the audit log.
    names: tuple[str, ...] = ()
    # What an export says beside `fields`, and what of `fields` it leaves out: secrets, and what is another's.
    also_told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.also_told, *self.fields) if name not in self.untold)


@dataclass(frozen=True, slots=True)
class Ending:
    """What the daily retention ends: `rows` that are due at a moment, and not those that have ended already."""

    what: Text
    rows: Callable[[datetime], "QuerySet[Any]"]
    end: Forget


@dataclass(frozen=True, slots=True)
class Gone:
    """A person who is being forgotten: the address, the rows that were theirs by model, and the words in them."""

    email: str
    rows: Mapping[type[Model], Sequence[Any]]
    words: frozenset[str]

    def of(self, model: type[Model]) -> Sequence[Any]:
        return self.rows.get(model, ())

    @property
    def telling_words(self) -> list[str]:
        """The words that say who it is by themselves: addresses, full names, names of pages.

        Nobody takes a word out of others' rows by calling themselves like it: `Ana` or `refund` is not among them.
        """
        return sorted(word for word in self.words if len(word) > 7 and _TELLS.fullmatch(word))


def _nothing_hinders(_email: str) -> list[str]:
    return []


def _nothing_elsewhere(_gone: Gone) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Room:
    """All a room says about people. `not_personal` names its other texts, so that no field is simply overlooked.

    `hindrances` are sentences: what has to be over before a person can be forgotten. `scrub` goes after what others'
    rows say of the person.
    """

    kept: tuple[Kept, ...] = ()
    not_personal: str = ""
    endings: tuple[Ending, ...] = ()
    hindrances: Callable[[str], list[str]] = field(default=_nothing_hinders)
    scrub: Callable[[Gone], None] = field(default=_nothing_elsewhere)


def of_address(rows: "QuerySet[Any]", email: str, *paths: str) -> "QuerySet[Any]":
    """The rows with this address at one of these paths, in any case of letters.

    To a database a dotless i may be an i: that is another mailbox, and perhaps another person's.
    """
    asked = Q()
    for path in paths:
        asked |= Q(**{f"{path}__iexact": email})
    found = rows.filter(asked).values_list("pk", *paths)
    return rows.filter(pk__in=[pk for pk, *texts in found if email.lower() in [str(text).lower() for text in texts]])


def blank(**values: Any) -> Forget:
    """Writes these values over the rows; what can be called is asked for each row."""

    def forget(rows: Sequence[Any]) -> None:
        for row in rows:
            fresh = {name: value(row) if callable(value) else value for name, value in values.items()}
            type(row)._default_manager.filter(pk=row.pk).update(**fresh)

    return forget


def delete(rows: Sequence[Any]) -> None:
    for row in rows:
        row.delete()
