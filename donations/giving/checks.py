"""check_books: recomputes everything that is derived, from the entries up, and names the rows that are wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model, Q, Sum
from django.db.models.functions import Coalesce

from common.money import dollars
from donations.giving.models import Credit, Donation
from donations.giving.queries import money_of
from donations.giving.returns import item_legs
from donations.ledger.checks import ledger_findings
from donations.ledger.models import BooksCheck, Ledger, Leg, Role
from donations.ledger.queries import unexplained_cents
from donations.ledger.services import chart_of
from donations.payments import checks as payment_checks
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team


@dataclass(slots=True)
class Report:
    """What check_books found; empty findings mean that the books are right."""

    entries: int = 0
    unexplained_cents: int = 0
    findings: list[str] = field(default_factory=list)


def check_books(*, with_stripe: bool = False) -> Report:
    """Checks every ledger, keeps the result for the public page and returns it.

    `with_stripe` also compares with Stripe's own balance; raises gateway.Unavailable when it cannot be asked.
    """
    report = Report()
    for ledger in Ledger.objects.all():
        findings = list(payment_checks.compare_with_stripe(ledger)) if with_stripe else []
        ledger.refresh_from_db()
        findings += [*ledger_findings(ledger), *payment_checks.payment_findings(ledger), *_giving_findings(ledger)]
        check = BooksCheck.objects.create(
            ledger=ledger,
            entries=ledger.last_sequence,
            findings=findings,
            unexplained_cents=unexplained_cents(ledger),
        )
        report.entries += check.entries
        report.unexplained_cents += check.unexplained_cents
        report.findings += findings
    return report


def _giving_findings(ledger: Ledger) -> Iterator[str]:
    yield from _splits(ledger)
    yield from _credits(ledger)
    for model, column in ((Fundraiser, "fundraiser"), (Team, "team")):
        yield from _totals(model, Credit.objects.filter(**{f"{column}__isnull": False}), column)
    yield from _totals(Event, Credit.objects.all(), "donation__event")
    for event in Event.objects.filter(ledger_code=ledger.code):
        money = money_of(event)
        if money.have_cents - money.need_cents != money.cushion_cents:
            yield f"have {dollars(money.have_cents)} - need {dollars(money.need_cents)} is not what explains it"


def _splits(ledger: Ledger) -> Iterator[str]:
    """Each item that was received has just the payable legs that its frozen weights say, and no other item any."""
    chart = chart_of(ledger.pk)
    dealt: dict[str, dict[int, int]] = {}
    legs = Leg.objects.filter(entry__ledger=ledger, entry__kind__in=["gift", "funding"], account__role=Role.PAYABLE)
    for reference, account_id, cents in legs.values_list("entry__reference", "account_id", "cents").iterator():
        dealt.setdefault(reference, {})[account_id] = cents
    for item in Donation.objects.filter(payment__ledger=ledger, received_at__isnull=False).iterator():
        want = (
            {}
            if item.kind == Donation.Kind.FUNDING
            else {leg.account_id: leg.cents for leg in item_legs(chart, item, item.amount_cents, -1) if leg.cents}
        )
        if dealt.pop(item.reference, {}) != want:
            yield f"{item.reference} is not split as its weights say"
    for reference in dealt:
        yield f"entry {reference} is the gift of no item that was received"


def _credits(ledger: Ledger) -> Iterator[str]:
    """The credits of an item are its proceeds less what went back of it."""
    returned = _sum(Credit.Reason.RETURNED)
    given = _sum(Credit.Reason.GIFT)
    items = Donation.objects.filter(payment__ledger=ledger, received_at__isnull=False, kind=Donation.Kind.GIFT)
    odd = items.annotate(given=given, returned=returned).exclude(
        Q(given=F("amount_cents")) & Q(returned=0 - F("returned_cents")) & Q(returned_cents__lte=F("amount_cents"))
    )
    for item in odd:
        yield f"{item.reference} of {dollars(item.amount_cents)} has credits of {item.given} and {item.returned} cents"
    booked = -sum(
        cents
        for (cents,) in Leg.objects.filter(
            entry__ledger=ledger, entry__kind="refund", account__role=Role.PAYABLE
        ).values_list(Sum("cents"))
        if cents
    )
    credited = Credit.objects.filter(donation__payment__ledger=ledger, reason=Credit.Reason.RETURNED).aggregate(
        cents=Coalesce(Sum("cents"), 0)
    )["cents"]
    if booked != credited:
        yield f"refunds took {dollars(-booked)} from the organizations and {dollars(-credited)} from the pages"


def _sum(reason: str) -> Any:
    return Coalesce(Sum("credits__cents", filter=Q(credits__reason=reason)), 0)


def _totals(model: type[Model], rows: Any, column: str) -> Iterator[str]:
    per_item = rows.values(column, "donation").annotate(cents=Sum("cents")).order_by()
    sums: dict[int, tuple[int, int]] = {}
    for row in per_item:
        cents, gifts = sums.get(row[column], (0, 0))
        sums[row[column]] = (cents + row["cents"], gifts + (row["cents"] > 0))
    for owner in model._default_manager.filter(Q(pk__in=sums) | ~Q(raised_cents=0) | ~Q(gift_count=0)):
        cents, gifts = sums.get(owner.pk, (0, 0))
        kept = (owner.raised_cents, owner.gift_count)  # type: ignore[attr-defined]
        if kept != (cents, gifts):
            yield f"{model.__name__} {owner} keeps {kept[0]} cents, {kept[1]} gifts; its credits say {cents}, {gifts}"
