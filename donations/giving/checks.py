"""check_books: recomputes everything that is derived, from the entries up, and names the rows that are wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model, Q, Sum

from common.append_only import is_append_only
from common.money import dollars
from common.snapshot import snapshot
from donations.bank import checks as bank_checks
from donations.giving.cases import (
    Case,
    booked_returns,
    cases_of,
    gift_entry,
    returned_credits,
    returns_of,
    standing_after,
)
from donations.giving.models import Credit, Donation
from donations.giving.offline import HAND
from donations.giving.queries import money_of
from donations.ledger.checks import ledger_findings
from donations.ledger.entries import Chart
from donations.ledger.models import BooksCheck, Kind, Ledger, Leg
from donations.ledger.queries import unexplained_cents
from donations.ledger.services import chart_of
from donations.payments import checks as payment_checks
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team
from teams.queries import miscounted_teams

_PAYMENTS_AT_ONCE = 500
# Account and key to cents: the legs of one entry.
Legs = dict[tuple[int, str], int]


@dataclass(slots=True)
class Report:
    """What check_books found; empty findings mean that the books are right."""

    entries: int = 0
    unexplained_cents: int = 0
    findings: list[str] = field(default_factory=list)


def check_books(*, with_stripe: bool = False, every_row: bool = False) -> Report:
    """Checks every ledger, keeps the result for the public page and returns it.

    Reads one snapshot, so that what is posted meanwhile is no finding. `with_stripe` also compares with Stripe's feed
    and balance, `every_row` with all of the feed; raises gateway.Unavailable when it cannot be asked.
    """
    report = Report()
    for ledger in Ledger.objects.all():
        compared = payment_checks.compare_with_stripe(ledger, every_row=every_row) if with_stripe else ()
        findings = list(compared)
        with snapshot():
            ledger.refresh_from_db()
            findings += [*ledger_findings(ledger), *payment_checks.payment_findings(ledger)]
            findings += [*bank_checks.bank_findings(ledger), *_giving_findings(ledger)]
            unexplained = unexplained_cents(ledger) + bank_checks.waiting_cents(ledger)
        BooksCheck.objects.create(
            ledger=ledger, entries=ledger.last_sequence, findings=findings, unexplained_cents=unexplained
        )
        report.entries += ledger.last_sequence
        report.unexplained_cents += unexplained
        report.findings += findings
    return report


def _giving_findings(ledger: Ledger) -> Iterator[str]:
    yield from _payments(ledger)
    yield from _entries_of_nobody(ledger)
    for model, column in ((Fundraiser, "fundraiser"), (Team, "team")):
        yield from _totals(model, Credit.objects.filter(**{f"{column}__isnull": False}), column)
    yield from _totals(Event, Credit.objects.all(), "donation__event")
    for event in Event.objects.filter(ledger_code=ledger.code):
        money = money_of(event)
        if money.have_cents - money.need_cents != money.cushion_cents:
            yield f"have {dollars(money.have_cents)} - need {dollars(money.need_cents)} is not what explains it"
    for team in miscounted_teams():
        yield f"Team {team} keeps {team.member_count} members, {team.found_count} are there"
    if not is_append_only(connection, "giving_credit"):
        yield "the credits' triggers are not installed; the database does not hold them"


def _payments(ledger: Ledger) -> Iterator[str]:
    """Every payment, some hundred at a time: its items, its returns and their credits are what its facts say."""
    chart, last = chart_of(ledger.pk), 0
    while numbers := list(
        Payment.objects.filter(ledger=ledger, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:_PAYMENTS_AT_ONCE]
    ):
        cases = cases_of(ledger, numbers)
        legs = _legs_of([item.reference for case in cases for item in case.items])
        given = _credits_of([item.pk for case in cases for item in case.items])
        for case in cases:
            yield from _charges(case)
            yield from _items(chart, case, legs, given)
            if case.steps:
                yield from _returns(chart, case)
        last = numbers[-1]


def _charges(case: Case) -> Iterator[str]:
    """What staff holds in hand and what Stripe charged never stand for one another."""
    for charge in case.charges:
        if charge.pk.startswith(HAND) != case.payment.is_offline:
            yield f"{case.payment.key} came by {case.payment.method} and has {charge.pk}"


def _items(chart: Chart, case: Case, legs: dict[str, Legs], credited: dict[int, list[Credit]]) -> Iterator[str]:
    """An item that was received has just the entry its frozen weights say and the credits of it; another has none."""
    for item in case.items:
        want: Legs = {}
        if item.received_at:
            want = {(leg.account_id, leg.key): leg.cents for leg in gift_entry(chart, case, item).legs}
        elif case.good:
            yield f"{item.reference} was paid by {case.good[0].pk} and is not in the books"
        if legs.get(item.reference, {}) != want:
            yield f"{item.reference} does not have the entry that its amount and weights say"
        left = item.amount_cents - item.returned_cents if want and item.kind == Donation.Kind.GIFT else 0
        yield from _places(item, left, credited.get(item.pk, []))


def _places(item: Donation, left: int, given: list[Credit]) -> Iterator[str]:
    """However often it was moved, an item's credits stand for what is left of it where it is now, and nowhere else."""
    sums = Counter[tuple[int | None, int | None]]()
    for credit in given:
        sums[credit.fundraiser_id, credit.team_id] += credit.cents
    here = item.fundraiser_id, item.team_id
    if sums.pop(here, 0) != left:
        yield f"{item.reference} stands for {dollars(left)} on its page and team, its credits do not"
    for (page, team), cents in sums.items():
        if cents:
            yield f"{item.reference} has {dollars(cents)} credited to page {page}, team {team}: it is not there"


def _returns(chart: Chart, case: Case) -> Iterator[str]:
    """What the books hold as gone back is what the refunds that stand say, and so do the credits."""
    if not all(item.received_at for item in case.items):
        return
    result, want = returns_of(chart, case, standing_after(case.steps).values())
    booked = booked_returns(case)
    if any(want[place] != booked[place] for place in {*want, *booked}):
        yield f"{case.payment.key} has refunds that are not in the books as they stand"
    credited = returned_credits(case)
    for item in case.items:
        if not result.proceeds[item.pk] == credited[item.pk] == item.returned_cents:
            yield f"{item.reference} had {dollars(result.proceeds[item.pk])} go back, its row or credits say otherwise"


def _legs_of(references: list[str]) -> dict[str, Legs]:
    found: dict[str, Legs] = {}
    legs = Leg.objects.filter(entry__reference__in=references)
    for reference, account_id, key, cents in legs.values_list("entry__reference", "account_id", "key", "cents"):
        found.setdefault(reference, {})[account_id, key] = cents
    return found


def _credits_of(items: list[int]) -> dict[int, list[Credit]]:
    found: dict[int, list[Credit]] = {}
    for credit in Credit.objects.filter(donation__in=items):
        found.setdefault(credit.donation_id, []).append(credit)
    return found


def _entries_of_nobody(ledger: Ledger) -> Iterator[str]:
    """Entries of gifts and refunds that belong to no item and no refund of ours."""
    entries = ledger.entries.filter(kind__in=[Kind.GIFT, Kind.REGISTRATION, Kind.FUNDING]).values_list(
        "reference", flat=True
    )
    received = Donation.objects.filter(payment__ledger=ledger, received_at__isnull=False)
    known = {f"item:{number}" for number in received.values_list("pk", flat=True)}
    for reference in entries.iterator():
        if reference not in known:
            yield f"entry {reference} is the gift of no item that was received"
    booked = Counter[str]()
    legs = Leg.objects.filter(entry__ledger=ledger, entry__kind=Kind.REFUND).exclude(key="")
    for key, cents in legs.values_list("key").annotate(Sum("cents")).order_by():
        booked[key] = cents
    keys = {
        f"payment:{number}" for number in Payment.objects.filter(charges__isnull=False).values_list("pk", flat=True)
    }
    offline = Donation.objects.exclude(payment__method=Payment.Method.STRIPE).filter(received_at__isnull=False)
    keys |= {key for item in offline.only("pk") for key in (item.reference, f"{item.reference}/back")}
    for key in sorted(set(booked) - keys):
        yield f"refunds of {dollars(-booked[key])} are booked on {key}, which nobody paid"


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
