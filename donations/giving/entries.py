"""Registrations on their way through the checkout: a cart becomes an order, a paid one becomes places and pages."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import clock
from donations.giving import checkout, gate
from donations.giving.cases import Case
from donations.giving.models import Donation
from donations.giving.order import Line, Order
from donations.ledger import services as ledger
from donations.payments import mirror
from donations.payments.models import Payment
from fundraisers.membership import join_at_registration
from fundraisers.models import Fundraiser
from fundraisers.services import create_fundraiser
from registration import services as registrations
from registration.carts import locked
from registration.models import Participant, Registration
from registration.queries import OPEN, held_beyond, people_of

# Stripe takes 30 minutes at least; the places wait so long for nobody else.
PLACES_WAIT = timedelta(minutes=35)
FORGOTTEN_AFTER = timedelta(minutes=10)
OVER = (Payment.Status.EXPIRED, Payment.Status.FAILED)
Shown = Donation.Shown


def order_of(registration: Registration) -> Order:
    """The cart as an order: a line an entry fee that is not free, and the first gift to the first one's page."""
    people = list(people_of(registration))
    lines = [
        Line(Donation.Kind.REGISTRATION, person.due_cents, registration.name, participant=person)
        for person in people
        if person.due_cents
    ]
    if registration.gift_cents:
        lines.append(_first_gift(registration, people[0]))
    return Order(registration.event, registration.email, tuple(lines))


def _first_gift(registration: Registration, person: Participant) -> Line:
    """The gift to the own page. It names nobody whom the page does not name."""
    shown, alias = Shown.FULL, ""
    if person.is_protected:
        shown = Shown.ANONYMOUS
    elif person.page_name != registration.name:
        shown, alias = Shown.ALIAS, person.page_name
    return Line(
        Donation.Kind.GIFT, registration.gift_cents, registration.name, participant=person, shown=shown, alias=alias
    )


class NotHeld(Exception):
    """The cart is not what it was when its payment began: it was changed, paid or given back. Nothing was done."""


def _still(registration: Registration, order: Order) -> Registration:
    """The cart, locked and still held for just this order. Raises NotHeld."""
    row = locked(registration.pk)
    if row.status != Registration.Status.HELD or order_of(row).fingerprint != order.fingerprint:
        raise NotHeld
    return row


def start(registration: Registration, comer: gate.Comer | None = None) -> Payment | None:
    """The payment of a registration whose places are held; None when it is free, and confirmed already.

    Safe to call again: the same cart is the same payment. `comer` is who asks. Raises gate.Held and NotHeld.
    """
    order = order_of(registration)
    still = partial(_still, registration, order)
    if order.lines:
        return checkout.start_payment(
            order=order, form_token=registration.token, comer=comer, life=PLACES_WAIT, still=still
        )
    with transaction.atomic():
        confirm([still().pk])
    return None


def payments_of(registration: Registration) -> QuerySet[Payment]:
    """The payments of a registration, newest first."""
    return Payment.objects.filter(donations__participant__registration=registration).distinct()


def payment_of(registration: Registration) -> Payment | None:
    return payments_of(registration).first()


def confirm(numbers: Iterable[int]) -> None:
    """Confirms registrations and makes the pages of their people, once each, in the caller's transaction."""
    for number in sorted(numbers):
        registration = registrations.confirm(registration_id=number)
        for person in registration.participants.filter(page=None, status=Participant.Status.ACTIVE):
            _make_page(registration, person)


def _make_page(registration: Registration, person: Participant) -> Fundraiser:
    page = create_fundraiser(
        event=registration.event,
        name=person.page_name,
        email=person.email or registration.email,
        is_listed=not person.is_protected,
        participant=person,
    )
    if person.team:
        join_at_registration(page=page, wish=person.team)
    return page


def confirm_paid(cases: Sequence[Case]) -> None:
    """Inside settle: the paid carts among these cases get their places and pages, and their gifts the page."""
    due = [case for case in cases if case.good and any(_is_due(item) for item in case.items)]
    for case in due:
        people = [item.participant for item in case.items if item.participant]
        _raise_alarms(case, people)
        confirm({person.registration_id for person in people if _is_what_was_paid(person.registration, people)})
        for item in case.items:
            if item.kind == Donation.Kind.GIFT and item.participant:
                # Somebody who was taken out of the cart meanwhile has no page: the gift is the event's.
                page = Fundraiser.objects.select_related("team").filter(participant=item.participant).first()
                item.fundraiser, item.team = page, page.team if page else None
                item.save(update_fields=["fundraiser", "team"])


def _is_what_was_paid(registration: Registration, paid: Sequence[Participant]) -> bool:
    """Whether a cart is still the one that was paid for. A place that was paid for is a place, given back or not."""
    if registration.status not in OPEN:
        return True
    there = list(people_of(registration))
    owing = {person.pk for person in there if person.due_cents}
    return owing <= {person.pk for person in paid} and all(person.signed_by for person in there)


def _raise_alarms(case: Case, people: Sequence[Participant]) -> None:
    """What cannot be, since the session is closed first: should it be, a person hears of it."""
    carts = {person.registration for person in people}
    twice = Donation.objects.filter(kind=Donation.Kind.REGISTRATION, participant__in=people, received_at__isnull=False)
    sentences = [
        (any(cart.status in OPEN for cart in carts), _("Paid after its places were given back.")),
        (
            not all(_is_what_was_paid(cart, people) for cart in carts),
            _("The cart was changed after its payment began. Nothing was confirmed."),
        ),
        (twice.exclude(payment=case.payment).exists(), _("An entry fee was paid twice. Give one of them back.")),
    ]
    for is_so, sentence in sentences:
        if is_so:
            ledger.raise_alarm(case.payment.ledger_id, case.payment.key, sentence)


def _is_due(item: Donation) -> bool:
    return item.participant_id is not None and item.received_at is None


def release_unpaid(payments: Iterable[int]) -> None:
    """Gives back the places of registrations whose payment is over for good, in the caller's transaction."""
    over = Payment.objects.filter(pk__in=payments, status__in=OVER, donations__participant__isnull=False)
    for number in set(over.values_list("donations__participant__registration", flat=True)) - {None}:
        open_again = Payment.objects.filter(donations__participant__registration=number).exclude(status__in=OVER)
        if not open_again.exists():
            registrations.release(registration_id=number)


def release_forgotten() -> None:
    """Gives back places whose payment was never begun or is over: a browser that died between two pages."""
    for registration in held_beyond(clock.now() - FORGOTTEN_AFTER):
        payment = payment_of(registration)
        if payment is None or payment.status in OVER:
            registrations.release(registration_id=registration.pk)


def change(registration: Registration) -> bool:
    """Takes a cart back from Stripe's page to be changed.

    False when it is being paid (a bank takes days for a debit), was paid meanwhile, or Stripe is away.
    """
    for payment in payments_of(registration).filter(status__in=[Payment.Status.NEW, Payment.Status.OPEN]):
        if checkout.is_over(payment):
            mirror.advance([payment.pk], Payment.Status.EXPIRED)
        elif not checkout.close(payment):
            return False
    with transaction.atomic():
        row = locked(registration.pk)
        # Asked under the lock: whoever begins another payment meanwhile finds the cart held by nobody.
        if payments_of(row).exclude(status__in=OVER).exists():
            return False
        return registrations.reopen(registration_id=row.pk)
