"""An organization's statement for a period: what it was owed before, what came, what was paid, what it is owed after.

It goes by the day of posting, and entries are only ever added, so a period that is over never changes. Gifts are sums:
one row for each would tell what donors hide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from common import clock
from common.money import exact
from common.tables import csv_lines
from donations.disbursements.models import Disbursement
from donations.ledger.models import Kind, Leg
from events.models import Beneficiary

# A posting of the last minute commits soon after midnight.
SETTLES_IN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the statement; a payment has its day, a sum has none. Cents that raise what is owed are positive."""

    label: str
    cents: int
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    beneficiary: Beneficiary
    first: date
    last: date
    opening_cents: int
    rows: tuple[Row, ...]
    is_final: bool

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(row.cents for row in self.rows)

    @property
    def period(self) -> str:
        return f"{self.first.isoformat()} - {self.last.isoformat()}"

    @property
    def words(self) -> str:
        """Whether it can still change."""
        if self.is_final:
            return _("This period is over, and its statement does not change any more.")
        return _("This period is not over: its statement still grows.")


def statement_of(beneficiary: Beneficiary, first: date, last: date) -> Statement:
    """The statement for whole days of the event's calendar, both named days included."""
    event = beneficiary.event
    start = datetime.combine(first, time.min, event.zone)
    end = datetime.combine(last + timedelta(days=1), time.min, event.zone)
    legs = Leg.objects.filter(account__beneficiary=beneficiary, entry__posted_at__lt=end)
    before, within = Q(entry__posted_at__lt=start), Q(entry__posted_at__gte=start)
    sums = legs.order_by().values_list("entry__kind")
    split = sums.annotate(old=Sum("cents", filter=before), new=Sum("cents", filter=within))
    found = {kind: (-(old or 0), -(new or 0)) for kind, old, new in split}
    rows = [
        Row(label, found[kind][1])
        for kind, label in _labels().items()
        if kind in found and found[kind][1] and kind != Kind.DISBURSEMENT
    ]
    payments = legs.filter(within, entry__kind=Kind.DISBURSEMENT).select_related("entry").order_by("entry_id")
    statement = Statement(
        beneficiary=beneficiary,
        first=first,
        last=last,
        opening_cents=sum(old for old, _new in found.values()),
        rows=(*rows, *_payments(beneficiary, list(payments))),
        is_final=end + SETTLES_IN <= clock.now(),
    )
    assert statement.closing_cents == sum(old + new for old, new in found.values())
    return statement


def _labels() -> dict[str, str]:
    """What each kind is called here; whatever else touched the account would be named by its own word."""
    known = {
        Kind.GIFT: _("Gifts, sum"),
        Kind.REGISTRATION: _("Entry fees, sum"),
        Kind.REFUND: _("Went back to donors, sum"),
        Kind.ALLOCATION: _("From the fee pool"),
    }
    return {kind.value: known.get(kind, str(kind.label)) for kind in Kind}


def _payments(beneficiary: Beneficiary, legs: list[Leg]) -> Iterator[Row]:
    """Each payment and each that came back, by the reference of its entry."""
    sent = {payment.key: payment for payment in Disbursement.objects.filter(beneficiary=beneficiary)}
    for leg in legs:
        key, _slash, back = leg.entry.reference.partition("/")
        payment = sent[key]
        words = {"how": payment.get_method_display(), "evidence": payment.evidence}
        label = _("Came back: %(how)s, %(evidence)s") if back else _("Paid: %(how)s, %(evidence)s")
        yield Row(label % words, -leg.cents, leg.entry.posted_at.astimezone(beneficiary.event.zone).date())


def months_of(beneficiary: Beneficiary) -> list[date]:
    """The first day of each month in which something was posted, up to now, newest first."""
    zone = beneficiary.event.zone
    legs = Leg.objects.filter(account__beneficiary=beneficiary).select_related("entry")
    earliest = legs.order_by("entry_id").first()
    month = clock.now().astimezone(zone).date().replace(day=1)
    first = earliest.entry.posted_at.astimezone(zone).date().replace(day=1) if earliest else month
    months = []
    while month >= first:
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months


def last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def as_csv(statement: Statement) -> Iterator[str]:
    """The statement for a spreadsheet: dollars as numbers, days as days."""
    rows: list[tuple[object, ...]] = [
        (statement.first.isoformat(), _("Owed at the beginning"), exact(statement.opening_cents)),
        *((row.day.isoformat() if row.day else "", row.label, exact(row.cents)) for row in statement.rows),
        (statement.last.isoformat(), _("Owed at the end"), exact(statement.closing_cents)),
    ]
    return csv_lines([_("Day"), _("What"), _("US dollars")], rows)
