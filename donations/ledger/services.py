"""The one writer of the books: locks the ledger, writes legs and their entries, keeps the balances."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from common import clock
from donations.ledger.entries import Chart, EntryDraft, LegDraft
from donations.ledger.entries import draft as draft_entry
from donations.ledger.models import KEYED_ROLES, SEQUENCE_BITS, Account, Alarm, Entry, Kind, Ledger, OpenItem, Role
from events.models import Event

# The sweep tells of an open item again and again; who closed its alarm is left alone for this long.
REMIND_AFTER = timedelta(days=1)


@dataclass(slots=True)
class Posted:
    """What `post` did: the ids of the new entries by reference, and the references it refused."""

    entries: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def open_ledger(event: Event) -> Ledger:
    """The ledger of an event with all its accounts, made where they are missing. Idempotent."""
    ledger, _created = Ledger.objects.get_or_create(code=event.ledger_code)
    for role in Role:
        if role != Role.PAYABLE:
            code = {Role.CLEARING: "stripe:clearing", Role.STRIPE: "stripe:balance", Role.IN_TRANSIT: "bank:in_transit"}
            Account.objects.get_or_create(
                ledger=ledger, role=role, defaults={"code": code.get(role, role.value), "keyed": role in KEYED_ROLES}
            )
    for beneficiary in event.beneficiaries.all():
        Account.objects.get_or_create(
            ledger=ledger,
            beneficiary=beneficiary,
            defaults={"code": f"payable:{event.slug}:{beneficiary.slug}", "role": Role.PAYABLE, "keyed": False},
        )
    return ledger


def ledger_of(event: Event) -> Ledger:
    """The ledger of an event; opened, or its accounts completed, where something is missing."""
    ledger = Ledger.objects.filter(code=event.ledger_code).first()
    if ledger is None or event.beneficiaries.filter(accounts=None).exists():
        return open_ledger(event)
    return ledger


def lock(ledger_id: int) -> Ledger:
    """The ledger's row, locked until the transaction ends. Taken first, before any other lock, by who posts."""
    return Ledger.objects.select_for_update(no_key=True).get(pk=ledger_id)


def chart_of(ledger_id: int) -> Chart:
    chart = Chart({}, {})
    for account in Account.objects.filter(ledger_id=ledger_id):
        if account.beneficiary_id:
            chart.payables[account.beneficiary_id] = account
        else:
            chart.by_role[account.role] = account
    return chart


@transaction.atomic
def post(ledger_id: int, drafts: Sequence[EntryDraft]) -> Posted:
    """Writes entries in the order given, under the ledger's lock, in one transaction with the balances.

    A reference that is in the books with the same kind and legs is left alone. With other legs it is refused and
    raises an alarm for a person, while the rest of the batch is posted. Amounts are cents, times UTC.
    """
    if not drafts:
        return Posted()
    ledger = lock(ledger_id)
    posted, known = Posted(), _known([draft.reference for draft in drafts])
    fresh: list[EntryDraft] = []
    for draft in drafts:
        shape = (draft.kind, sorted((leg.account_id, leg.key, leg.cents) for leg in draft.legs))
        if known.setdefault(draft.reference, shape) != shape:
            posted.refused.append(draft.reference)
            raise_alarm(ledger_id, draft.reference, _("Told again with another amount. The first one stands."))
        elif known[draft.reference] is shape:
            ledger.last_sequence += 1
            posted.entries[draft.reference] = (ledger.pk << SEQUENCE_BITS) + ledger.last_sequence
            fresh.append(draft)
    if fresh:
        _write(ledger, fresh, posted)
    return posted


def place(*, item: OpenItem, role: str, key: str, reason: str, token: UUID) -> Posted:
    """A person's word where an open item belongs: its whole amount moves to the account of `role`, under `key`.

    The same token again is a no-op. The reason stays on the entry.
    """
    chart = chart_of(item.account.ledger_id)
    legs = [LegDraft(item.account_id, -item.cents, item.key), chart.leg(Role(role), item.cents, key)]
    entry = draft_entry(Kind.PLACED, f"placed:{token}", clock.now(), legs, reason)
    return post(item.account.ledger_id, [entry])


def placed_already(token: UUID) -> bool:
    """Whether a form with this token was posted before: a second press of its button."""
    return Entry.objects.filter(reference=f"placed:{token}").exists()


def raise_alarm(ledger_id: int, reference: str, sentence: str) -> None:
    """Tells a person at the desk what the books did not take.

    The same again is one row. One that was closed opens anew when the trouble is still told a day later.
    """
    alarm, created = Alarm.objects.get_or_create(
        reference=reference, sentence=sentence, defaults={"ledger_id": ledger_id}
    )
    if not created and alarm.closed_at and alarm.closed_at <= clock.now() - REMIND_AFTER:
        Alarm.objects.filter(pk=alarm.pk).update(closed_at=None, raised_at=clock.now())


Shape = tuple[str, list[tuple[int, str, int]]]


def _known(references: list[str]) -> dict[str, Shape]:
    """The entries that exist for these references, as kind and sorted legs."""
    shapes: dict[str, Shape] = {}
    marks = ", ".join(["%s"] * len(references))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.reference, e.kind, l.account_id, l.key, l.cents FROM ledger_entry e"  # noqa: S608
            f" JOIN ledger_leg l ON l.entry_id = e.id WHERE e.reference IN ({marks})",
            references,
        )
        for reference, kind, account_id, key, cents in cursor.fetchall():
            shapes.setdefault(reference, (kind, []))[1].append((account_id, key, cents))
    for _kind, legs in shapes.values():
        legs.sort()
    return shapes


# Plain SQL for the four writes: the ORM's objects would cost more than the database does (docs/benchmarks.md).
_LEG = "INSERT INTO ledger_leg (entry_id, account_id, cents, key) VALUES "
_ENTRY = "INSERT INTO ledger_entry (id, ledger_id, sequence, kind, reference, posted_at, happened_at, note) VALUES "
_BALANCE = "INSERT INTO ledger_balance (account_id, kind, cents) VALUES "
_BALANCE_EXISTS = " ON CONFLICT (account_id, kind) DO UPDATE SET cents = ledger_balance.cents + excluded.cents"
_ITEM = "INSERT INTO ledger_openitem (account_id, key, cents, opened_at) VALUES "
# An item that comes back from zero is open anew: its age begins again.
_ITEM_EXISTS = (
    " ON CONFLICT (account_id, key) DO UPDATE SET cents = ledger_openitem.cents + excluded.cents, opened_at ="
    " CASE WHEN ledger_openitem.cents = 0 THEN excluded.opened_at ELSE ledger_openitem.opened_at END"
)
_ROWS_A_STATEMENT = 500
Row = tuple[int | str | None, ...]


def _write(ledger: Ledger, drafts: list[EntryDraft], posted: Posted) -> None:
    now = connection.ops.adapt_datetimefield_value(clock.now())
    legs: list[Row] = []
    entries: list[Row] = []
    balances: defaultdict[tuple[int, str], int] = defaultdict(int)
    items: defaultdict[tuple[int, str], int] = defaultdict(int)
    for draft in drafts:
        entry_id = posted.entries[draft.reference]
        sequence = entry_id & ((1 << SEQUENCE_BITS) - 1)
        happened_at = connection.ops.adapt_datetimefield_value(draft.happened_at)
        entries.append((entry_id, ledger.pk, sequence, draft.kind, draft.reference, now, happened_at, draft.note))
        for leg in draft.legs:
            legs.append((entry_id, leg.account_id, leg.cents, leg.key))
            balances[leg.account_id, draft.kind] += leg.cents
            if leg.key:
                items[leg.account_id, leg.key] += leg.cents
    with connection.cursor() as cursor:
        _insert(cursor, _LEG, legs)
        _insert(cursor, _ENTRY, entries)
        _insert(cursor, _BALANCE, [(*place, cents) for place, cents in sorted(balances.items())], _BALANCE_EXISTS)
        _insert(cursor, _ITEM, [(*place, cents, now) for place, cents in sorted(items.items())], _ITEM_EXISTS)


def _insert(cursor: CursorWrapper, head: str, rows: list[Row], tail: str = "") -> None:
    for first in range(0, len(rows), _ROWS_A_STATEMENT):
        some = rows[first : first + _ROWS_A_STATEMENT]
        row_marks = "(" + ", ".join(["%s"] * len(some[0])) + ")"
        cursor.execute(head + ", ".join([row_marks] * len(some)) + tail, [value for row in some for value in row])
