"""Holding, confirming and giving back places.

The lock order of the room, on which everything here stands: the ledger (whoever settles holds it already),
registrations in the order of their numbers, options in the order of theirs, the promo code.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from events.models import EntryOption, Waiver
from events.queries import price_at
from registration import emails
from registration.carts import locked
from registration.changes import take_over
from registration.models import Participant, PromoCode, Registration, WaitListEntry
from registration.queries import OPEN, can_move, fits, people_of, taken, waiver_of, why_closed
from registration.quotes import quote
from registration.waitlist import locked_options, offer_places

Status = Registration.Status
# How long the places wait for who is paying. `release` gives them back, not the clock.
HOLD_FOR = timedelta(minutes=35)


class CannotHold(Exception):
    """The places cannot be held; the message is a sentence for the person. Nothing was changed."""


class Full(CannotHold):
    """An option has fewer places left than the cart needs."""

    def __init__(self, option: EntryOption) -> None:
        super().__init__(
            _(
                "%(option)s is full: somebody was faster, or waits longer. Nothing was taken, and everything you wrote"
                " is kept. Choose another way to take part, or put yourself on the wait list."
            )
            % {"option": option.name}
        )
        self.option = option


@transaction.atomic
def sign_and_hold(
    *, registration: Registration, signers: Mapping[int, str], waiver: Waiver | None, name: str, email: str
) -> Registration:
    """Signs the waiver for everybody in the cart and holds their places, both or neither.

    `signers` says who signs, by participant; who signs for a minor is the guardian. Raises CannotHold.
    """
    row, now = locked(registration.pk), clock.now()
    if row.status not in OPEN:
        return row
    row.name, row.email = name, email
    row.save(update_fields=["name", "email"])
    for person in people_of(row):
        person.waiver, person.signed_by, person.signed_at = waiver, signers.get(person.pk, ""), now
        person.guardian = person.signed_by if person.is_minor else ""
        person.save(update_fields=["waiver", "signed_by", "signed_at", "guardian"])
    return hold(registration=row, until=now + HOLD_FOR)


@transaction.atomic
def hold(*, registration: Registration, until: datetime) -> Registration:
    """Takes the places of a cart out of the free ones and freezes its prices, so that it can be paid.

    `until` says how long it is meant to be paid; the places come back by `release` alone, since a payment can still
    succeed until then. Again for one that is held or confirmed: nothing is looked at or changed. Two carts that want
    the last place: one gets it, the other one Full. Raises CannotHold.
    """
    row = locked(registration.pk)
    if row.status not in OPEN:
        return row
    people = list(people_of(row))
    _refuse_unready(row, people)
    _take_places(row, people)
    _freeze_prices(row)
    row.status, row.held_until = Status.HELD, until
    row.save(update_fields=["status", "held_until"])
    return row


def _refuse_unready(row: Registration, people: Sequence[Participant]) -> None:
    """Refuses what can be seen without counting places."""
    if trouble := why_closed(row.event):
        raise CannotHold(f"{trouble} {_('Nothing was taken.')}")
    if not people or not row.name or not row.email:
        raise CannotHold(_("Somebody must be in the cart, and we need to know who registers. Nothing was taken."))
    if (old := row.takes_over) and (
        old.status != Participant.Status.ACTIVE
        or [person.option_id for person in people] != [old.option_id]
        or not can_move(row.event)
    ):
        raise CannotHold(_("This place cannot be handed on to you any more. Nothing was taken."))
    waiver = waiver_of(row.event)
    if waiver and any(person.waiver_id != waiver.pk or not person.signed_by for person in people):
        raise CannotHold(
            _(
                "The waiver has changed since it was signed. Nothing was taken, and everything you wrote is kept."
                " Please read it again and sign."
            )
        )
    for person in people:
        if not row.takes_over and price_at(person.option, clock.now()) is None:
            raise CannotHold(
                _("%(option)s is not on sale any more. Nothing was taken. Please choose another for %(name)s.")
                % {"option": person.option.name, "name": person.name}
            )
        if not fits(person.option, person.age):
            raise CannotHold(
                _("%(option)s is not for somebody of %(age)s. Nothing was taken. Please change it for %(name)s.")
                % {"option": person.option.name, "age": person.age, "name": person.name}
            )


def _take_places(row: Registration, people: Sequence[Participant]) -> None:
    """Counts under the lock of the options. Who waits comes first, and who was offered a place has it."""
    if row.takes_over:
        return
    for option in locked_options({person.option_id for person in people}):
        offer_places(option)
        offers = WaitListEntry.objects.filter(registration=row, option=option, offer_ends_at__gte=clock.now())
        offers.filter(status=WaitListEntry.Status.OFFERED).update(status=WaitListEntry.Status.USED)
        wanted = sum(person.option_id == option.pk for person in people)
        if option.capacity is not None and taken([option])[option.pk] + wanted > option.capacity:
            raise Full(option)


def _freeze_prices(row: Registration) -> None:
    if row.promo_code_id:
        # Its last use is one use, however many press at once.
        row.promo_code = PromoCode.objects.select_for_update(no_key=True).get(pk=row.promo_code_id)
    priced = quote(row)
    if priced.code_trouble:
        raise CannotHold(f"{priced.code_trouble} {_('Nothing was taken. Take the code out of the cart to go on.')}")
    for line in priced.lines:
        line.person.price_cents, line.person.discount_cents = line.price_cents, line.discount_cents
        line.person.fair_value_cents = line.person.option.fair_value_cents
        line.person.save(update_fields=["price_cents", "discount_cents", "fair_value_cents"])


@transaction.atomic
def confirm(*, registration_id: int) -> Registration:
    """Confirms a registration that is paid or free, once, in the caller's transaction, and tells who registered.

    One whose places were given back, and that was paid all the same, is confirmed as well: a place that was paid for
    is a place. It may then be one too many, so the caller raises an alarm for a person. Again: a no-op.
    """
    taken_over = Registration.objects.filter(pk=registration_id).values_list("takes_over__registration", flat=True)
    row = locked(registration_id, *[number for number in taken_over if number])
    if row.status == Status.CONFIRMED:
        return row
    row.status, row.confirmed_at = Status.CONFIRMED, clock.now()
    row.save(update_fields=["status", "confirmed_at"])
    if row.takes_over:
        take_over(row)
    emails.queue_confirmed(row)
    return row


@transaction.atomic
def release(*, registration_id: int) -> None:
    """Gives the places of an unpaid registration back; who waits for one gets it offered. Again: a no-op."""
    _give_back(registration_id, [Status.HELD], Status.RELEASED)


@transaction.atomic
def reopen(*, registration_id: int) -> bool:
    """Back to a cart that can be changed; its payment's session was closed before. False when it is confirmed."""
    return _give_back(registration_id, [Status.HELD, *OPEN], Status.CART)


def _give_back(registration_id: int, given: Sequence[Status], status: Status) -> bool:
    row = locked(registration_id)
    if row.status not in given:
        return False
    options = locked_options(set(people_of(row).values_list("option", flat=True)))
    row.status, row.held_until = status, None
    row.save(update_fields=["status", "held_until"])
    # Who came by an offer has it as long as it was given for.
    row.wait_list_entries.filter(status=WaitListEntry.Status.USED).update(status=WaitListEntry.Status.OFFERED)
    for option in options:
        offer_places(option)
    return True
