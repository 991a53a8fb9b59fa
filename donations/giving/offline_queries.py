"""Gifts without Stripe and where each of them is: derived from the books, kept nowhere."""

from datetime import datetime

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, TextChoices, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from donations.giving.models import Donation
from donations.giving.offline import held_accounts
from donations.ledger.models import OpenItem
from donations.payments.models import Payment
from events.models import Event


class Stage(TextChoices):
    PLEDGED = "pledged", _("Pledged")
    DROPPED = "dropped", _("Given up")
    IN_HAND = "in_hand", _("In hand")
    DEPOSITED = "deposited", _("Deposited")
    BACK = "back", _("Went back")


_RECEIVED = Q(received_at__isnull=False)
_WHOLE_BACK = Q(returned_cents=F("amount_cents"))
# A gift is in exactly one of these.
_WHERE = {
    Stage.PLEDGED: Q(received_at=None, payment__status=Payment.Status.PLEDGED),
    Stage.DROPPED: Q(received_at=None) & ~Q(payment__status=Payment.Status.PLEDGED),
    Stage.IN_HAND: _RECEIVED & ~_WHOLE_BACK & ~Q(open_cents=0),
    Stage.DEPOSITED: _RECEIVED & ~_WHOLE_BACK & Q(open_cents=0),
    Stage.BACK: _RECEIVED & _WHOLE_BACK,
}


def offline_gifts(event: Event) -> QuerySet[Donation]:
    """All of them, newest first. `open_cents` is what of each the bank's statement has not shown yet."""
    key = Concat(Value("item:"), Cast(OuterRef("pk"), CharField()))
    held = OpenItem.objects.filter(account__in=held_accounts(event), key=key)
    found = Donation.objects.filter(event=event).exclude(payment__method=Payment.Method.STRIPE)
    found = found.annotate(open_cents=Coalesce(Subquery(held.values("cents")[:1]), 0))
    return found.select_related("payment", "fundraiser", "team", "event").order_by("-pk")


def at_stage(event: Event, stage: str) -> QuerySet[Donation]:
    """Those at one stage, or all of them for a stage that is none."""
    return offline_gifts(event).filter(_WHERE[Stage(stage)] if stage in Stage.values else Q())


def stage_of(item: Donation) -> Stage:
    """Where a gift of `offline_gifts` is."""
    if item.received_at is None:
        return Stage.PLEDGED if item.payment.status == Payment.Status.PLEDGED else Stage.DROPPED
    if item.returned_cents == item.amount_cents:
        return Stage.BACK
    return Stage.IN_HAND if vars(item)["open_cents"] else Stage.DEPOSITED


def sums_by_stage(event: Event) -> list[tuple[Stage, int, int]]:
    """How many gifts are at each stage, and what of them stands, in cents; what went back for those that did."""
    left = Sum(F("amount_cents") - F("returned_cents"), default=0)
    rows = []
    for stage, where in _WHERE.items():
        cents = Sum("amount_cents", default=0) if stage == Stage.BACK else left
        found = offline_gifts(event).filter(where).aggregate(gifts=Count("pk"), sum=cents)
        rows.append((stage, found["gifts"], found["sum"]))
    return rows


def alike(event: Event, since: datetime, until: datetime) -> set[tuple[str, int, str]]:
    """Names, cents and days of the gifts that came in these days, and of pledges: what a row may be once more."""
    came = Q(received_at__gte=since, received_at__lte=until) | _WHERE[Stage.PLEDGED]
    rows = Donation.objects.filter(came, event=event).values_list("name", "amount_cents", "received_at")
    return {likeness(name, cents, at, event) for name, cents, at in rows}


def likeness(name: str, cents: int, at: datetime | None, event: Event) -> tuple[str, int, str]:
    """What two entries of the same gift have in common; the day is that of the event's calendar, "" for a pledge."""
    return " ".join(name.casefold().split()), cents, f"{at.astimezone(event.zone):%Y-%m-%d}" if at else ""
