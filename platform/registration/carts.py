"""Filling a cart: people, a code, a first gift. Nothing here takes a place or money."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import ProtectedError, Q

from common import clock
from events.models import Event
from registration.models import ADULT, Participant, PromoCode, Registration, WaitListEntry
from registration.queries import OPEN, people_of

# How long what somebody wrote is kept when nothing comes of it.
KEPT_FOR = timedelta(days=7)
MOST_PEOPLE = 10


class NotOpen(Exception):
    """The cart is being paid, or is paid: it cannot be changed here. Nothing was changed."""


def locked(registration_id: int, *others: int) -> Registration:
    """A registration, locked; `others` are locked with it, in the order of their numbers."""
    rows = Registration.objects.select_for_update(no_key=True, of=("self",)).select_related("event", "takes_over")
    found = {row.pk: row for row in rows.filter(pk__in=[registration_id, *others]).order_by("pk")}
    return found[registration_id]


def _open(registration: Registration) -> Registration:
    row = locked(registration.pk)
    if row.status not in OPEN:
        raise NotOpen
    return row


@transaction.atomic
def start(*, event: Event, person: Participant, entry: WaitListEntry | None = None) -> Registration:
    """A new cart with its first person in it. `entry` is the offer of the wait list that it came of."""
    registration = Registration.objects.create(event=event)
    if entry:
        WaitListEntry.objects.filter(pk=entry.pk).update(registration=registration)
    return keep_person(registration=registration, person=person)


@transaction.atomic
def keep_person(*, registration: Registration, person: Participant) -> Registration:
    """Puts somebody into the cart, or keeps what was changed of them. The same one twice is one.

    A minor's page is protected and carries a first name only, and their mail goes to who registers: we keep no
    address of a child. Whoever signed before signs again. Raises NotOpen.
    """
    row = _open(registration)
    if person._state.adding:
        person.registration = row
        same = people_of(row).filter(name__iexact=person.name, age=person.age, option=person.option).first()
        person.pk = same.pk if same else None
    if person.is_minor:
        row.email = row.email or person.email
        person.email, person.is_protected = "", True
        person.page_name = person.page_name.split()[0] if person.page_name else ""
    person.page_name = person.page_name or (person.name.split()[0] if person.is_protected else person.name)
    person.waiver, person.signed_by, person.signed_at, person.guardian = None, "", None, ""
    person.save()
    return _name_who_registers(row)


@transaction.atomic
def remove_person(*, registration: Registration, person: Participant) -> Registration:
    """Takes somebody out of the cart, and forgets what was written about them. Raises NotOpen."""
    row = _open(registration)
    _forget_people([person])
    return _name_who_registers(row)


@transaction.atomic
def set_code(*, registration: Registration, code: PromoCode | None) -> None:
    """Raises NotOpen."""
    row = _open(registration)
    row.promo_code = code
    row.save(update_fields=["promo_code"])


@transaction.atomic
def set_gift(*, registration: Registration, cents: int) -> None:
    """A first gift to the page of the first person, in cents; 0 takes it away. Raises NotOpen."""
    row = _open(registration)
    row.gift_cents = cents
    row.save(update_fields=["gift_cents"])


def _name_who_registers(row: Registration) -> Registration:
    """The first grown-up who gave an address; where there is none, who signs says it."""
    first = people_of(row).filter(age__gte=ADULT).exclude(email="").first()
    if first:
        row.name, row.email = first.name, first.email
    row.save(update_fields=["name", "email"])
    return row


# --- Forgetting ---------------------------------------------------------------------------------------------


def old_carts() -> list[int]:
    """Carts that nobody paid within a week."""
    old = Registration.objects.filter(status__in=OPEN, created_at__lt=clock.now() - KEPT_FOR)
    somebody = ~Q(email="") | Q(participants__status=Participant.Status.ACTIVE) | Q(participants=None)
    return list(old.filter(somebody).distinct().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def forget(*, registration_id: int) -> None:
    """Deletes a cart with its people. Where books or payments name them, only their names and words go."""
    row = locked(registration_id)
    if row.status not in OPEN:
        return
    _forget_people(row.participants.all())
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        row.name = row.email = ""
        row.takes_over, row.token = None, uuid4()
        row.save(update_fields=["name", "email", "takes_over", "token"])


def _forget_people(people: Iterable[Participant]) -> None:
    for person in people:
        try:
            with transaction.atomic():
                person.delete()
        except ProtectedError:
            # A payment that came to nothing names the row; nothing of the person stays in it.
            person.status = Participant.Status.REMOVED
            person.price_cents = person.discount_cents = 0
            person.name, person.page_name, person.emergency_name, person.emergency_phone = "-", "-", "-", "-"
            person.email = person.team = person.signed_by = person.guardian = person.shirt_size = ""
            person.save()
