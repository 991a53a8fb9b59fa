"""A person is forgotten: everything that is theirs, in one transaction, with the books untouched."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from common.privacy import Gone, Kept, Text
from donations.ledger.models import Ledger
from people.registry import ROOMS, kept

# "-" and a single letter name nobody.
_SHORTEST = 2


class Refused(Exception):
    """Something has to be over first. Nothing was done; `sentences` say what."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Line:
    """How many rows of a purpose there are of somebody."""

    what: Text
    count: int


def plan(email: str) -> list[Line]:
    """The dry run: what would be forgotten, purpose by purpose, counted by the function that forgets it."""
    counts: dict[Text, set[tuple[type[Model], Any]]] = defaultdict(set)
    for thing, rows in _rows_of(email):
        counts[thing.purpose.what] |= {(thing.model, row.pk) for row in rows}
    return [Line(what, len(rows)) for what, rows in counts.items() if rows]


def hindrances(email: str) -> list[str]:
    """What has to be over before this person can be forgotten, in sentences."""
    return [sentence for room in ROOMS for sentence in room.hindrances(email)]


@transaction.atomic
def forget(*, email: str) -> list[Line]:
    """Forgets who has this address, and returns what was forgotten. Twice does nothing more.

    Amounts, days and numbers stay: no entry, no total and nothing public about money changes. Raises Refused.
    """
    email = email.strip().lower()
    # In the order of every other transaction: the ledger first. Whoever settles a payment of theirs is done by now.
    list(Ledger.objects.select_for_update().order_by("pk"))
    if sentences := hindrances(email):
        raise Refused(sentences)
    lines, found = plan(email), _rows_of(email)
    gone = Gone(email, _by_model(found), _words(email, found))
    for room in ROOMS:
        room.scrub(gone)
    for thing, rows in found:
        if thing.forget and rows:
            thing.forget(rows)
    return lines


def _rows_of(email: str) -> list[tuple[Kept, list[Any]]]:
    return [(thing, list(thing.of(email))) for thing in kept() if thing.of]


def _by_model(found: list[tuple[Kept, list[Any]]]) -> dict[type[Model], list[Any]]:
    return {thing.model: rows for thing, rows in found if rows}


def _words(email: str, found: list[tuple[Kept, list[Any]]]) -> frozenset[str]:
    said = {str(getattr(row, name)).strip() for thing, rows in found for row in rows for name in thing.names}
    return frozenset(word for word in {email, *said} if len(word) >= _SHORTEST)
