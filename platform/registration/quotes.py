"""What a cart costs, line by line, before anybody pays it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from events.queries import price_at
from registration.models import Participant, PromoCode, Registration
from registration.queries import PLACED, people_of


@dataclass(frozen=True, slots=True)
class Line:
    """One person's entry. Amounts in cents."""

    person: Participant
    price_cents: int
    discount_cents: int = 0

    @property
    def due_cents(self) -> int:
        return self.price_cents - self.discount_cents


@dataclass(frozen=True, slots=True)
class Quote:
    """A cart with its prices. `code_trouble` says why the code takes nothing off, where it does not."""

    lines: tuple[Line, ...]
    gift_cents: int
    code: PromoCode | None = None
    code_trouble: str = ""

    @property
    def discount_cents(self) -> int:
        return sum(line.discount_cents for line in self.lines)

    @property
    def total_cents(self) -> int:
        return sum(line.due_cents for line in self.lines) + self.gift_cents


def quote(registration: Registration) -> Quote:
    """The prices of this moment while a cart is open, and those that were frozen with its places after that."""
    people, code = list(people_of(registration).prefetch_related("option__tiers")), registration.promo_code
    if registration.status in PLACED:
        frozen = tuple(Line(person, person.price_cents, person.discount_cents) for person in people)
        return Quote(frozen, registration.gift_cents, code)
    now = clock.now()
    # A place that is handed on was paid for.
    prices = [0 if registration.takes_over_id else (price_at(person.option, now) or (0,))[0] for person in people]
    lines = tuple(Line(person, cents) for person, cents in zip(people, prices, strict=True))
    if code is None:
        return Quote(lines, registration.gift_cents)
    reduced = tuple(Line(line.person, line.price_cents, discount(code, line.price_cents)) for line in lines)
    trouble = code_trouble(code, now, sum(line.discount_cents > 0 for line in reduced))
    return Quote(lines if trouble else reduced, registration.gift_cents, code, trouble)


def discount(code: PromoCode, price_cents: int) -> int:
    """What a code takes off a price, in cents: parts of a cent stay in the price, and no price falls below zero."""
    return min(price_cents, price_cents * code.percent_off // 100 + code.cents_off)


def code_trouble(code: PromoCode, now: datetime, people: int) -> str:
    """Why a code cannot be used for so many people now, as a sentence; empty when it can."""
    if not code.is_active or (code.valid_until is not None and code.valid_until < now):
        return _("The code %(code)s is not valid any more.") % {"code": code}
    if code.max_uses is None:
        return ""
    left = code.max_uses - uses(code)
    if left <= 0:
        return _("The code %(code)s has been used up.") % {"code": code}
    if left < people:
        return ngettext(
            "The code %(code)s is good for %(left)s more person, and there are more here.",
            "The code %(code)s is good for %(left)s more people, and there are more here.",
            left,
        ) % {"code": code, "left": left}
    return ""


def uses(code: PromoCode) -> int:
    """How many people a code has made something cheaper for; a cancelled entry gives its use back."""
    people = Participant.objects.filter(registration__promo_code=code, registration__status__in=PLACED)
    return people.filter(discount_cents__gt=0).exclude(status=Participant.Status.CANCELLED).count()
