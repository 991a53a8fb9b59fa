"""The free entries that people were promised who deferred: in the next edition, by a code of their own.

The next edition is another event: it knows its own codes and carts, so a promise becomes a promo code there that takes
the whole fee off, for as many people as deferred in one registration. It is made when it is first asked for.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.crypto import salted_hmac

from events.models import Event
from events.queries import current_event
from outreach.models import OutboxMail
from registration import emails
from registration.carts import locked
from registration.models import Participant, PromoCode, Registration
from registration.queries import OPEN, why_closed
from registration.quotes import uses


class NothingLeft(Exception):
    """No free entry waits here now. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Where free entries wait, how many are left, and their code, once somebody has asked for it."""

    event: Event
    left: int
    code: str
    why_closed: str


def promise_of(registration: Registration) -> Promise | None:
    """What the people who deferred in this registration have now; None while there is no next edition."""
    people = _deferred(registration).count()
    code = PromoCode.objects.filter(promised_to=registration).select_related("event").first()
    event = code.event if code else _edition_after(registration.event)
    if not people or event is None:
        return None
    return Promise(event, people - (uses(code) if code else 0), code.code if code else "", why_closed(event))


@transaction.atomic
def redeem(*, registration: Registration) -> Registration:
    """The cart in the next edition that a free entry pays for, with its code in it. Pressed again: the same cart.

    Raises NothingLeft.
    """
    row = locked(registration.pk)
    promise = promise_of(row)
    if promise is None or promise.left <= 0 or promise.why_closed or not promise.event.is_current:
        raise NothingLeft
    code, _made = PromoCode.objects.get_or_create(
        promised_to=row, defaults={"event": promise.event, "code": _code_of(row), "percent_off": 100}
    )
    code.max_uses = _deferred(row).count()
    code.save(update_fields=["max_uses"])
    # A friend may have typed the code into a cart of their own, which is nobody else's to open.
    mine = Registration.objects.filter(promo_code=code, status__in=OPEN, name=row.name, email=row.email)
    cart = mine.first()
    return cart or Registration.objects.create(event=promise.event, promo_code=code, name=row.name, email=row.email)


def _code_of(registration: Registration) -> str:
    """Nobody guesses it, and it is the same whenever it is made."""
    return salted_hmac("registration.deferrals", str(registration.token)).hexdigest()[:10].upper()


def tell_next_edition() -> None:
    """Writes to who deferred, once, when the next edition can be signed up for."""
    if Event.objects.count() < 2:
        return
    event = current_event()
    if why_closed(event):
        return
    for registration in _untold(event):
        if promise_of(registration):
            emails.queue_promise(registration, event)


def _untold(event: Event) -> "QuerySet[Registration]":
    deferred = Participant.objects.filter(registration=OuterRef("pk"), status=Participant.Status.DEFERRED)
    earlier = Registration.objects.filter(Exists(deferred), event__starts_at__lt=event.starts_at)
    key = Concat(Value("promise:"), Cast(OuterRef("pk"), CharField()))
    return earlier.exclude(event=event).exclude(Exists(OutboxMail.objects.filter(key=key)))


def _deferred(registration: Registration) -> "QuerySet[Participant]":
    return registration.participants.filter(status=Participant.Status.DEFERRED)


def _edition_after(event: Event) -> Event | None:
    """The current event, where it comes after this one."""
    return Event.objects.filter(is_current=True, starts_at__gt=event.starts_at).exclude(pk=event.pk).first()
