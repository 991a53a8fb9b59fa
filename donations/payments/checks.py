"""What must be true between the books and Stripe."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Sum

from common import clock
from common.money import dollars
from donations.ledger.models import Entry, Ledger, Leg, Role
from donations.ledger.queries import balances_of
from donations.payments import feed, gateway
from donations.payments.comparing import differences
from donations.payments.models import BalanceTransaction, StripeEvent

PATIENCE = timedelta(minutes=15)


def payment_findings(ledger: Ledger) -> Iterator[str]:
    mine = BalanceTransaction.objects.filter(ledger=ledger, currency=ledger.currency)
    entries = Entry.objects.filter(reference=OuterRef("pk"))
    for row in mine.exclude(net_cents=0, fee_cents=0).exclude(Exists(entries)):
        yield f"balance transaction {row.pk} has no entry"
    stripe_legs = Leg.objects.filter(account__ledger=ledger, account__role=Role.STRIPE)
    for leg in stripe_legs.exclude(Exists(mine.filter(pk=OuterRef("entry__reference")))).select_related("entry"):
        yield f"entry {leg.entry} moves stripe:balance without a balance transaction"
    nets = mine.aggregate(cents=Sum("net_cents"))["cents"] or 0
    if (booked := balances_of(ledger).of_role(Role.STRIPE)) != nets:
        yield f"stripe:balance is {dollars(booked)}, its balance transactions sum to {dollars(nets)}"
    yield from _payouts(ledger)
    late = StripeEvent.objects.filter(processed_at__isnull=True, received_at__lte=clock.now() - PATIENCE)
    for event in late.order_by("pk")[:50]:
        yield f"event {event.event_id} ({event.type}) waits since {event.received_at:%Y-%m-%d %H:%M}: {event.error}"


def _payouts(ledger: Ledger) -> Iterator[str]:
    """An automatic payout is listed with its own transaction: together they come to nothing."""
    inside = BalanceTransaction.objects.filter(payout__ledger=ledger, payout__is_automatic=True)
    sums = inside.values("payout").annotate(cents=Sum("net_cents")).exclude(cents=0)
    for row in sums.order_by("payout"):
        yield f"payout {row['payout']} and its transactions come to {dollars(row['cents'])}, not to nothing"


def compare_with_stripe(ledger: Ledger, *, every_row: bool = False) -> Iterator[str]:
    """Reads the last days of the feed again and names the rows that are not as they were posted; then the balance.

    Feed, balance, feed: compared when nothing moved in between, and nothing is said when it never was quiet. Where the
    rows do not explain a difference, and on demand, every row that ever was is compared. Raises gateway.Unavailable.
    """
    found = differences(ledger, None if every_row else feed.start_of(ledger, feed.LOOK_BACK))
    feed.list_payouts(ledger)
    for _attempt in range(5):
        before = balances_of(ledger).of_role(Role.STRIPE)
        stripe = gateway.balance_cents(ledger.currency)
        feed.sync(ledger, feed.GLANCE_BACK)
        booked = balances_of(ledger).of_role(Role.STRIPE)
        if booked == before:
            if booked + sum(row.cents for row in found) != stripe and not every_row:
                found = differences(ledger, None)
                booked = balances_of(ledger).of_role(Role.STRIPE)
            if booked != stripe:
                yield f"stripe:balance is {dollars(booked)} in the books and {dollars(stripe)} at Stripe"
            break
    yield from (row.sentence for row in found)
