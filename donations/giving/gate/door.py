"""The door before Stripe, the same for pages and the API: nothing is created there or here before it lets in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Q, TextChoices
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from common.tries import network_of, within
from donations.giving.gate import codes, tries
from donations.giving.gate.judgement import REMEMBERED, Answer, Level, Record, judge
from donations.giving.gate.watch import UNPAID, level_now
from donations.giving.models import Entrance
from donations.giving.order import Order
from donations.payments.models import Charge, Payment
from events.models import Event

FORGOTTEN = timedelta(days=2)


class Reason(TextChoices):
    """Why somebody was not let in, with the sentence they read."""

    CLOSED = "closed", _("Giving online is closed just now.")
    CODE = "code", _("We have sent six digits to your mailbox.")
    WRONG = "wrong", _("This is not the code, or no longer. Look for the newest mail and type its six digits.")
    TRIES = "tries", _("There were too many tries from your network or with your e-mail address.")
    LATER = "later", _("Too many payments were begun from your network and not finished.")
    BUSY = "busy", _("More people are giving than we can send on at once.")


# How long to wait before another try is worth it, in minutes.
WAITS = {Reason.CLOSED: 60, Reason.TRIES: 15, Reason.LATER: 60, Reason.BUSY: 1}


class Held(Exception):
    """Not let in; nothing was created and nothing taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.wants_code = reason in (Reason.CODE, Reason.WRONG)

    def sentences(self, event: Event) -> str:
        """What the person reads: what happened, what was kept, what to do."""
        if self.wants_code:
            return str(self.reason.label)
        minutes = WAITS[self.reason]
        rest = ngettext(
            "Nothing was taken. Please try again in a minute.",
            "Nothing was taken. Please try again in %(minutes)d minutes, or write to %(contact)s.",
            minutes,
        )
        return f"{self.reason.label} {rest % {'minutes': minutes, 'contact': event.contact_email}}"

    def tell(self, response: HttpResponse) -> HttpResponse:
        """The answer with its status, and with the time to wait where there is one."""
        response.status_code = 503 if self.reason == Reason.CLOSED else 429
        response["Retry-After"] = str(WAITS[self.reason] * 60)
        return response


@dataclass(frozen=True, slots=True)
class Comer:
    """Who comes: the keyed hash of their address, and the code they typed."""

    address: str
    code: str = ""


def comer_of(request: HttpRequest, code: str = "") -> Comer:
    """Who sends this request."""
    return Comer(_hidden(network_of(request)), code)


def _mailbox(order: Order) -> str:
    return _hidden(order.email.lower())


def _hidden(text: str) -> str:
    return salted_hmac("giving.gate", text, algorithm="sha256").hexdigest()[:32]


def is_closed() -> bool:
    return level_now() == Level.CLOSED


def let_in(comer: Comer, order: Order, write: Callable[[], Payment]) -> Payment:
    """The payment that `write` makes, in one transaction with the gate's own row. Raises Held, having made nothing."""
    level = level_now()
    try:
        with_code = _look(level, comer, order)
        payment = _enter(level, comer, order, with_code, write)
    except Held as held:
        tries.count(held.reason.value)
        raise
    tries.count("with_code" if with_code else "in")
    return payment


@transaction.atomic
def _enter(level: Level, comer: Comer, order: Order, with_code: bool, write: Callable[[], Payment]) -> Payment:
    """Asks again where nobody of this address can come between: a hundred presses at once are counted one by one."""
    _one_at_a_time(comer.address)
    if _answer(level, comer, order, with_code) != Answer.IN:
        raise Held(Reason.BUSY)
    payment = write()
    Entrance.objects.create(
        payment=payment,
        network=comer.address,
        email=_mailbox(order),
        with_code=with_code,
        created_at=clock.now(),
    )
    return payment


def _look(level: Level, comer: Comer, order: Order) -> bool:
    """Whether the comer showed a right code. Raises Held where they may not go on."""
    if level == Level.CLOSED:
        raise Held(Reason.CLOSED)
    if not (within(tries.ADDRESS, comer.address) and within(tries.MAILBOX, _mailbox(order) + comer.address)):
        raise Held(Reason.TRIES)
    answer, with_code = _answer(level, comer, order, has_code=False), False
    if answer == Answer.CODE:
        with_code = _check_code(comer, order)
    elif answer == Answer.LATER:
        raise Held(Reason.LATER)
    pages = {str(line.fundraiser.pk) for line in order.lines if line.fundraiser}
    if not (all(within(tries.PAGE, page) for page in pages) and within(tries.SITE)):
        raise Held(Reason.BUSY)
    return with_code


def _check_code(comer: Comer, order: Order) -> bool:
    """True for the right code. Raises Held: sent just now, wrong, or too many of either."""
    if not comer.code:
        known = record_of(comer.address).is_known
        sent = codes.send(email=order.email, event=order.event, address=comer.address, known=known)
        raise Held(Reason.CODE if sent else Reason.LATER)
    right = codes.is_right(email=order.email, address=comer.address, code=comer.code)
    if right is None:
        raise Held(Reason.TRIES)
    if not right:
        raise Held(Reason.WRONG)
    return True


def _answer(level: Level, comer: Comer, order: Order, has_code: bool) -> Answer:
    since = clock.now() - REMEMBERED
    mailbox = Entrance.objects.filter(
        email=_mailbox(order), created_at__gte=since, with_code=False, payment__status__in=UNPAID
    )
    return judge(level, order.total_cents, record_of(comer.address), mailbox.count(), has_code)


def record_of(address: str) -> Record:
    """What came of the sessions of this address (its keyed hash) in the last day."""
    since = clock.now() - REMEMBERED
    unpaid, paid = Q(payment__status__in=UNPAID), Q(payment__status=Payment.Status.PAID)
    found = Entrance.objects.filter(network=address, created_at__gte=since).aggregate(
        unpaid=Count("pk", filter=unpaid & Q(with_code=False)),
        unpaid_with_code=Count("pk", filter=unpaid & Q(with_code=True)),
        paid=Count("pk", filter=paid),
    )
    refused = Charge.objects.filter(
        payment__entrance__network=address, payment__entrance__created_at__gte=since, status="failed"
    )
    return Record(**found, refused_cards=refused.count())


def _one_at_a_time(address: str) -> None:
    """Until the transaction ends, nobody else of this address is counted. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(address[:15], 16)])


def forget() -> None:
    """Throws away where payments came from that are older than two days."""
    Entrance.objects.filter(created_at__lt=clock.now() - FORGOTTEN).delete()
