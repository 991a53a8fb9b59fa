"""What a decision about the race does, counted before it is done, and how far it has got."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from common.split import deal
from donations.giving.dues import Due, dues_of
from donations.giving.models import EventDecision, RefundRequest
from donations.giving.queries import Part, money_of, parts_of_event
from donations.giving.race_mails import prefix, readers_of
from donations.payments.models import BalanceTransaction
from events.models import Event
from outreach.models import OutboxMail
from registration.models import Participant, Registration, WaitListEntry

State = Event.State
REFUSED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """A dry run. Cents; `lanes` is what each organization is owed less."""

    people: int
    mails: int
    waiting: int
    unpaid: int
    fees: int
    refund_cents: int
    kept_cents: int
    lanes: tuple[Part, ...]
    stripe_cents: int
    pool_cents: int

    @property
    def short_cents(self) -> int:
        """What is missing in the fee pool, which bears Stripe's fees: none of them comes back with a refund."""
        return max(-self.pool_cents, 0)


def plan_of(event: Event, kind: str, *, refund: bool) -> Plan:
    """What a decision would do now. Nothing is changed."""
    everybody = running_for(event)
    people = list(everybody)
    dues = dues_of(everybody) if kind == State.CANCELLED else {}
    waiting = 0 if kind == State.SCHEDULED else waiting_for(event).count()
    fees = [due for due in dues.values() if due.cents]
    cents = sum(due.cents for due in fees)
    returning = fees if refund else []
    return Plan(
        people=len(people),
        mails=0 if kind == State.SCHEDULED else _readers(people, dues, refund) + waiting,
        waiting=waiting,
        unpaid=unpaid_of(event),
        fees=len(returning),
        refund_cents=cents if refund else 0,
        kept_cents=0 if refund else cents,
        lanes=parts_of_event(event, _owed_less(returning)),
        stripe_cents=_stripe_fees(returning),
        pool_cents=money_of(event).fee_pool_cents,
    )


def _readers(people: Sequence[Participant], dues: dict[int, Due], refund: bool) -> int:
    count = 0
    for registration, group in groupby(people, key=lambda person: person.registration):
        household = list(group)
        theirs = {person.pk: dues[person.pk] for person in household if person.pk in dues}
        count += len(readers_of(registration, household, theirs, refund))
    return count


def _owed_less(dues: Iterable[Due]) -> dict[int | None, int]:
    """What these refunds take from each organization, as the books will deal it."""
    less: dict[int | None, int] = {}
    for due in dues:
        item, weights = due.item, [weight for _lane, weight in due.item.weights]
        before = deal(item.returned_cents, weights, item.start)
        after = deal(item.returned_cents + due.cents, weights, item.start)
        for (lane, _weight), was, will in zip(item.weights, before, after, strict=True):
            less[lane] = less.get(lane, 0) + will - was
    return less


def _stripe_fees(dues: Iterable[Due]) -> int:
    """What Stripe took for the payments of these fees and keeps, as far as its feed has told."""
    payments = {due.item.payment_id for due in dues}
    told = BalanceTransaction.objects.filter(payment__in=payments, type__in=["charge", "payment"])
    return told.aggregate(sum=Sum("fee_cents"))["sum"] or 0


# --- What is to be done, and how far it has got -------------------------------------------------------------


def running_for(event: Event) -> "QuerySet[Participant]":
    """Who takes part, household by household."""
    people = Participant.objects.filter(
        registration__event=event, registration__status=Registration.Status.CONFIRMED, status=Participant.Status.ACTIVE
    )
    return people.select_related("registration", "option").order_by("registration_id", "pk")


def waiting_for(event: Event) -> "QuerySet[WaitListEntry]":
    """Who waits for a place, or has the offer of one."""
    waits = [WaitListEntry.Status.WAITING, WaitListEntry.Status.OFFERED]
    return WaitListEntry.objects.filter(option__event=event, status__in=waits).order_by("pk")


def unpaid_of(event: Event) -> int:
    """How many sign-ups are still being paid: they are treated like the others as soon as they are."""
    return Registration.objects.filter(event=event, status=Registration.Status.HELD).count()


def left_of(decision: EventDecision) -> "QuerySet[Registration]":
    """The registrations that a decision has still to be carried out for."""
    people = Participant.objects.filter(registration=OuterRef("pk"), status=Participant.Status.ACTIVE)
    left = Registration.objects.filter(
        Exists(people), event=decision.event_id, status=Registration.Status.CONFIRMED
    ).order_by("pk")
    if decision.kind == State.CANCELLED:
        return left
    told = OutboxMail.objects.filter(key=Concat(Value(prefix(decision)), Cast(OuterRef("pk"), CharField())))
    return left.exclude(Exists(told))


@dataclass(frozen=True, slots=True)
class Asked:
    """The refunds of a decision that are in one state."""

    state: RefundRequest.State
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a decision has got, and what a person must look at."""

    decision: EventDecision
    left: int
    mails: int
    unpaid: int
    asked: tuple[Asked, ...]
    refused: tuple[RefundRequest, ...]


def progress_of(decision: EventDecision) -> Progress:
    running = decision.state == EventDecision.State.RUNNING
    rows = decision.refunds.order_by("state").values_list("state").annotate(Count("pk"), Sum("amount_cents"))
    refused = decision.refunds.filter(state=RefundRequest.State.REFUSED).select_related("payment")
    return Progress(
        decision=decision,
        left=left_of(decision).count() if running else 0,
        mails=OutboxMail.objects.filter(key__startswith=prefix(decision)).count(),
        unpaid=unpaid_of(decision.event) if running else 0,
        asked=tuple(Asked(RefundRequest.State(state), count, cents) for state, count, cents in rows),
        refused=tuple(refused.prefetch_related("payment__donations")[:REFUSED_SHOWN]),
    )
