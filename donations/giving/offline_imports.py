"""A file of gifts: kept to be looked at, then committed as a whole, once, or thrown away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from donations.giving.models import Donation, GiftImport
from donations.giving.offline import Entered, Refused, enter
from donations.giving.offline_csv import Row, read_rows
from donations.giving.offline_forms import OfflineForm
from donations.giving.offline_queries import alike, likeness
from donations.ledger import services as ledger
from events.models import Event


@dataclass(frozen=True, slots=True)
class Looked:
    """What a row will become, or what is wrong with it in words; `is_double`: it may be there already."""

    number: int
    cells: dict[str, str]
    gift: Entered | None
    errors: tuple[str, ...]
    is_double: bool


def keep(*, event: Event, name: str, content: bytes, by: User) -> GiftImport:
    """Keeps the rows of a file to be looked at; no gift is made. Raises offline_csv.BadFile."""
    rows = read_rows(content)
    kept = [[row.number, row.cells] for row in rows]
    return GiftImport.objects.create(event=event, name=name[:120], rows=kept, count=len(kept), by=by)


def look_at(kept: GiftImport) -> list[Looked]:
    """Each row as it would become a gift now."""
    forms = [(Row(number, cells), _form(kept.event, cells)) for number, cells in kept.rows]
    gifts = [form.entered() if form.is_valid() else None for _row, form in forms]
    days = [gift.received_at for gift in gifts if gift and gift.received_at]
    seen = alike(kept.event, *_whole_days(kept.event, days or [clock.now()]))
    looked = []
    for (row, form), gift in zip(forms, gifts, strict=True):
        same = likeness(gift.line.name, gift.line.amount_cents, gift.received_at, kept.event) if gift else None
        looked.append(Looked(row.number, row.cells, gift, _sentences(form), same in seen))
        if same:
            seen.add(same)
    return looked


def _whole_days(event: Event, moments: list[datetime]) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one, by the event's calendar."""
    first, last = min(moments).astimezone(event.zone), max(moments).astimezone(event.zone)
    return datetime.combine(first, time.min, event.zone), datetime.combine(last, time.max, event.zone)


def _form(event: Event, cells: dict[str, str]) -> OfflineForm:
    data = QueryDict(mutable=True)
    # Every row has a token of its own when it is committed.
    data.update({"method": "check" if cells.get("detail") else "", **cells, "form_token": str(UUID(int=0))})
    return OfflineForm(event, data)


def _sentences(form: OfflineForm) -> tuple[str, ...]:
    return tuple(str(error) for errors in form.errors.values() for error in errors)


@transaction.atomic
def commit(*, kept: GiftImport, take: Collection[int]) -> list[Donation]:
    """Makes the gifts of all rows, those that may be there already only where `take` has their number.

    All or none, and once: a second press makes nothing. Its rows are forgotten then. Raises Refused.
    """
    ledger.lock(ledger.ledger_of(kept.event).pk)
    found = GiftImport.objects.select_related("event").filter(pk=kept.pk, committed_at=None).first()
    if found is None:
        return []
    rows = look_at(found)
    if any(row.errors for row in rows):
        raise Refused(_("Some rows cannot be read. Mend them in the file and choose it again. Nothing was imported."))
    gifts = {
        uuid5(found.token, str(row.number)): row.gift
        for row in rows
        if row.gift and (not row.is_double or row.number in take)
    }
    made = enter(event=found.event, gifts=gifts)
    found.committed_at, found.rows, found.count = clock.now(), [], len(made)
    found.save(update_fields=["committed_at", "rows", "count"])
    return made


@transaction.atomic
def throw_away(*, kept: GiftImport) -> bool:
    """Forgets a file that was not committed. False when it was."""
    ledger.lock(ledger.ledger_of(kept.event).pk)
    return bool(GiftImport.objects.filter(pk=kept.pk, committed_at=None).delete()[0])
