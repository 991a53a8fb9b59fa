"""A file of addresses: read, looked at, then each new one is asked to confirm, once. Who is off the list stays off."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common import clock
from events.models import Event
from outreach.models import Suppression, Topic
from outreach.news.consent import NEWEST
from outreach.news.emails import confirmation
from outreach.news.models import AddressFile, Subscriber
from outreach.services import queue
from outreach.suppressions import pseudonym

MOST_BYTES, MOST_ROWS, LONGEST_PROOF, AT_ONCE = 300_000, 2000, 200, 500
# What a column may be called.
COLUMNS = {"email": "email", "e-mail": "email", "e-mail address": "email", "source": "source", "date": "date"}


class Verdict(TextChoices):
    """What becomes of a row."""

    NEW = "new", gettext_lazy("Is asked to confirm")
    THERE = "there", gettext_lazy("Is on the list, or was asked already")
    OFF = "off", gettext_lazy("Wants no news: is not written to")
    TWICE = "twice", gettext_lazy("Stands in the file twice")
    ODD = "odd", gettext_lazy("Is no e-mail address")


class BadFile(Exception):
    """The file cannot be read as addresses; the message says what to do. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Looked:
    number: int
    email: str
    proof: str
    verdict: Verdict


def keep(*, name: str, content: bytes, proof: str, by: User) -> AddressFile:
    """Keeps the rows of a file to be looked at. `proof` says where and when its people said yes, where a row does not.

    Nobody is written to. Raises BadFile.
    """
    rows = list(_rows(content, proof))
    if not rows:
        raise BadFile(_("The file holds no address below its headings."))
    if len(rows) > MOST_ROWS:
        said = _("The file holds %(rows)s addresses; %(most)s are taken at once. Split it.")
        raise BadFile(said % {"rows": len(rows), "most": MOST_ROWS})
    return AddressFile.objects.create(name=name[:120], rows=rows, count=len(rows), by=by)


def look_at(kept: AddressFile) -> list[Looked]:
    """Each row with what would become of it now."""
    emails = list({email for _number, email, _proof in kept.rows})
    there, off = _on_list(emails), _off_list(emails)
    seen: set[str] = set()
    looked = []
    for number, email, proof in kept.rows:
        looked.append(Looked(number, email, proof, _verdict(email, seen, there, off)))
        seen.add(email)
    return looked


@transaction.atomic
def commit(*, kept: AddressFile, event: Event) -> int:
    """Asks all new addresses to confirm by a mail each, and forgets the file. Returns how many: 0 a second time."""
    found = AddressFile.objects.select_for_update().filter(pk=kept.pk, committed_at=None).first()
    if found is None:
        return 0
    now = clock.now()
    new = {row.email: row.proof for row in look_at(found) if row.verdict == Verdict.NEW}
    Subscriber.objects.bulk_create(
        (
            Subscriber(email=email, source=Subscriber.Source.FILE, proof=proof, words=NEWEST, asked_at=now, asks=1)
            for email, proof in new.items()
        ),
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    made = 0
    for emails in _some(list(new)):
        # Who signed up at this very moment has a mail of their own.
        people = Subscriber.objects.filter(email__in=emails, source=Subscriber.Source.FILE, asked_at=now)
        mails = [confirmation(person, event, 1) for person in people]
        queue(mails)
        made += len(mails)
    found.committed_at, found.rows, found.count = now, [], made
    found.save(update_fields=["committed_at", "rows", "count"])
    return made


@transaction.atomic
def throw_away(*, kept: AddressFile) -> bool:
    """Forgets a file that was not imported. False when it was."""
    return bool(AddressFile.objects.filter(pk=kept.pk, committed_at=None).delete()[0])


def _verdict(email: str, seen: set[str], there: set[str], off: set[str]) -> Verdict:
    try:
        validate_email(email)
    except ValidationError:
        return Verdict.ODD
    if email in seen:
        return Verdict.TWICE
    if email in off or pseudonym(email) in off:
        return Verdict.OFF
    return Verdict.THERE if email in there else Verdict.NEW


def _on_list(emails: list[str]) -> set[str]:
    found: set[str] = set()
    for some in _some(emails):
        found.update(Subscriber.objects.filter(email__in=some).values_list("email", flat=True))
    return found


def _off_list(emails: list[str]) -> set[str]:
    found: set[str] = set()
    for some in _some(emails):
        names = [*some, *map(pseudonym, some)]
        found.update(Suppression.objects.filter(topic=Topic.NEWS, email__in=names).values_list("email", flat=True))
    return found


def _some(emails: list[str]) -> Iterator[list[str]]:
    return (emails[start : start + AT_ONCE] for start in range(0, len(emails), AT_ONCE))


# --- The file -----------------------------------------------------------------------------------------------


def _rows(content: bytes, proof: str) -> Iterator[tuple[int, str, str]]:
    """The number, address and proof of each row that says something. Raises BadFile."""
    text = _decoded(content)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadFile(_("The file is no CSV: a quotation mark does not end, or a cell is too long.")) from error
    columns = _columns(table[0] if table else [])
    for number, cells in enumerate(table[1:], start=2):
        told = {field: cells[place].strip() for field, place in columns.items() if place < len(cells)}
        if any(told.values()):
            said = ", ".join(word for word in (told.get("source"), told.get("date")) if word) or proof
            yield number, told.get("email", "").lower()[:254], said[:LONGEST_PROOF]


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadFile(_("The file is larger than 300 KB. Split it."))
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for name in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile(_("The file is no text. Save the spreadsheet as CSV (UTF-8) and choose that file."))


def _columns(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands that we read; others are passed over, and nothing of them is kept."""
    names = [" ".join(cell.split()).lower() for cell in heading]
    found = {COLUMNS[name]: place for place, name in enumerate(names) if name in COLUMNS}
    if "email" not in found:
        raise BadFile(_("The first row needs the heading email."))
    return found
