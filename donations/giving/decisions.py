"""A race that is cancelled or postponed: one decision, carried out household by household until nothing is left.

What is still to be done is read off the rows each time, and each household is one transaction: its places, its refund
requests and its mail. So it may be killed anywhere and run any number of times at once, and neither doubles nor loses.
"""

import logging
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from donations.giving import refunds
from donations.giving.dues import Due, dues_of
from donations.giving.models import EventDecision, RefundRequest
from donations.giving.plans import left_of, plan_of, running_for, unpaid_of, waiting_for
from donations.giving.race_mails import mail_to, reader_who_waits, readers_of
from donations.ledger import services as ledger
from donations.payments.models import Payment
from events.models import Event
from events.services import public_edit
from outreach import services as outreach
from registration import changes
from registration.carts import locked
from registration.models import Registration, WaitListEntry

log = logging.getLogger(__name__)
State = EventDecision.State
# In one turn: the other background work waits meanwhile.
HOUSEHOLDS, REFUNDS = 50, 20
# After so many answers of Stripe's in a row that did not come, it is left in peace until the next turn.
SILENT = 2


class Changed(Exception):
    """What the dry run showed is not so any more. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an organizer wants: `kind` is the state the race gets, `text` what people are told.

    Of a postponed race its new start, and until when fees go back; of a cancelled one whether they do.
    """

    kind: str
    text: str = ""
    new_start: datetime | None = None
    refunds_until: datetime | None = None
    refund: bool = False


@transaction.atomic
def decide(*, event: Event, choice: Choice, seen: tuple[int, int], by: User, token: UUID) -> EventDecision:
    """Decides what becomes of the race, and says so in public at once; `carry_out` does the rest.

    `seen` is what the organizer agreed to: the people of the dry run, and the cents that go back. The same token again
    is the same decision. Raises Changed when that is not so any more, or when the race has been cancelled: that is
    for good.
    """
    ledger.lock(ledger.ledger_of(event).pk)
    if known := EventDecision.objects.filter(token=token).first():
        return known
    public_edit(event.pk)
    event.refresh_from_db()
    plan = plan_of(event, choice.kind, refund=choice.refund)
    if event.state == Event.State.CANCELLED or (plan.people, plan.refund_cents) != seen:
        raise Changed
    event.state, event.state_note = choice.kind, choice.text
    event.refunds_until = choice.refunds_until or event.refunds_until
    if choice.new_start:
        event.starts_at = event.moved_to = choice.new_start
    event.save(update_fields=["state", "state_note", "starts_at", "moved_to", "refunds_until"])
    # An older decision that is not carried out yet has lost its sense: everybody hears of this one.
    event.decisions.update(state=State.DONE)
    decision = EventDecision(event=event, by=by, token=token, **asdict(choice))
    decision.people, decision.mails, decision.refund_cents = plan.people, plan.mails, plan.refund_cents
    decision.state = State.DONE if choice.kind == Event.State.SCHEDULED else State.RUNNING
    decision.save()
    if decision.state == State.RUNNING:
        _tell_who_waits(decision)
    return decision


@transaction.atomic
def reword(*, event: Event, text: str) -> None:
    """Changes what people are told of a race that is cancelled or postponed: in public, and in mails not yet written.

    Raises Changed when the race takes place after all.
    """
    public_edit(event.pk)
    event.refresh_from_db()
    newest = event.decisions.first()
    if event.state == Event.State.SCHEDULED or newest is None:
        raise Changed
    event.state_note = text
    event.save(update_fields=["state_note"])
    EventDecision.objects.filter(pk=newest.pk).update(text=text)


def _tell_who_waits(decision: EventDecision) -> None:
    """The wait list: it ends with a race that is cancelled. For one that is postponed it stays, and an offer that
    cannot be taken while sign-up is closed goes back into its turn.
    """
    waits, waiting = WaitListEntry.Status, list(waiting_for(decision.event))
    outreach.queue(mail_to(decision, reader_who_waits(entry)) for entry in waiting)
    then = waits.OVER if decision.kind == Event.State.CANCELLED else waits.WAITING
    # Who has just taken an offered place keeps it.
    still = WaitListEntry.objects.filter(
        pk__in=[entry.pk for entry in waiting], status__in=[waits.WAITING, waits.OFFERED]
    )
    still.update(status=then, offered_at=None, offer_ends_at=None)


# --- Carrying it out ----------------------------------------------------------------------------------------


def carry_out() -> bool:
    """One turn of what was decided and is not done yet: places and mails first, then Stripe. True when more can follow.

    Whoever is confirmed after a race was cancelled, since they were just paying, is treated like everybody else.
    """
    more = False
    cancelled = Q(kind=Event.State.CANCELLED, event__state=Event.State.CANCELLED)
    for decision in EventDecision.objects.filter(Q(state=State.RUNNING) | cancelled).select_related("event", "by"):
        numbers = list(left_of(decision).values_list("pk", flat=True)[: HOUSEHOLDS + 1])
        done = sum(_take(decision, number) for number in numbers[:HOUSEHOLDS])
        more |= _send(decision) or (done > 0 and len(numbers) > HOUSEHOLDS)
        if decision.state == State.RUNNING and not unpaid_of(decision.event) and not left_of(decision).exists():
            EventDecision.objects.filter(pk=decision.pk).update(state=State.DONE)
    return more


def _take(decision: EventDecision, number: int) -> bool:
    """One household. What fails is left for the next turn and does not hold up the others."""
    try:
        if decision.kind == Event.State.CANCELLED:
            _cancel(decision, number)
        else:
            _tell(decision, number)
    except changes.CannotChange:
        log.info("registration %s is taken later: somebody takes over a place of it just now", number)
    except Exception:
        log.exception("decision %s could not be carried out for registration %s", decision.pk, number)
    else:
        return True
    return False


@transaction.atomic
def _tell(decision: EventDecision, number: int) -> None:
    """The household of a postponed race: its places move along by themselves."""
    people = list(running_for(decision.event).filter(registration=number))
    if people:
        readers = readers_of(people[0].registration, people, {}, refund=False)
        outreach.queue(mail_to(decision, reader) for reader in readers)


@transaction.atomic
def _cancel(decision: EventDecision, number: int) -> None:
    """The household of a cancelled race: places end, fees are asked back or stay, one mail says so."""
    ledger.lock(ledger.ledger_of(decision.event).pk)
    offered_on = Registration.objects.filter(takes_over__registration=number).values_list("pk", flat=True)
    registration = locked(number, *offered_on)
    running = running_for(decision.event).filter(registration=number)
    people, dues = list(running), dues_of(running)
    if not people:
        # Somebody else was faster.
        return
    for person in people:
        cents = dues[person.pk].cents if decision.refund and person.pk in dues else 0
        changes.cancel(participant=person, by=decision.by, cents=cents, tell=False)
    held = _ask(decision, number, [due for due in dues.values() if due.cents]) if decision.refund else set()
    readers = readers_of(registration, people, dues, decision.refund, held)
    outreach.queue(mail_to(decision, reader) for reader in readers)


def _ask(decision: EventDecision, number: int, dues: list[Due]) -> set[str]:
    """One refund request for each payment that paid a place of this household.

    Returns the references of the fees that could not be asked back: an alarm tells a person, and no mail promises them.
    """
    held: set[str] = set()
    parts: defaultdict[Payment, dict[str, int]] = defaultdict(dict)
    for due in dues:
        parts[due.item.payment][due.item.reference] = due.cents
    for payment, named in parts.items():
        token = uuid5(decision.token, f"{number} {payment.pk}")
        try:
            asked = refunds.ask(payment=payment, parts=named, reason=_("Race cancelled"), by=decision.by, token=token)
        except refunds.TooMuch as error:
            sentence = _("Race cancelled: an entry fee could not be asked back. %(why)s") % {"why": error}
            ledger.raise_alarm(payment.ledger_id, payment.key, sentence)
            held |= set(named)
        else:
            decision.refunds.add(asked)
    return held


def _send(decision: EventDecision) -> bool:
    """Asks Stripe for what waits, until it does not answer; the sweep does the same. True when more can follow."""
    waiting = decision.refunds.filter(state=RefundRequest.State.WAITING).select_related("payment").order_by("pk")
    asked, done, silent = list(waiting[: REFUNDS + 1]), 0, 0
    for request in asked[:REFUNDS]:
        try:
            refunds.send(request)
        except Exception:
            log.exception("refund request %s could not be sent; the others go on", request.pk)
            continue
        waits = request.state == RefundRequest.State.WAITING
        done, silent = done + (not waits), silent + 1 if waits else 0
        if silent == SILENT:
            return False
    return done > 0 and len(asked) > REFUNDS
