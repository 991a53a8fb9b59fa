"""Six digits sent to a mailbox, typed back: what a donor does in half a minute and a card tester cannot.

Nothing is stored: the code is a keyed hash of the address and the quarter of an hour.
"""

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from common import clock
from common.tasks import nudge
from common.tries import within
from donations.giving.gate import tries
from events.models import Event
from outreach import services as outreach
from outreach.models import OutboxMail
from outreach.tasks import send_outbox

SLOT_SECONDS = 15 * 60


def send(*, email: str, event: Event, address: str, known: bool) -> bool:
    """Sends the present code to this mailbox, once a quarter of an hour. False where too many were asked for.

    `address` is the keyed hash of who asks; one that is `known` may ask for more, and a stadium needs them.
    """
    slot = _slot()
    key = f"gift-code:{_digest(email, slot)[:24]}"
    if OutboxMail.objects.filter(key=key).exists():
        return True
    if not (within(tries.CODES, _box(email) + address) and within(tries.CODES_OF_MAILBOX, _box(email))):
        return False
    limit = tries.CODES_OF_KNOWN_ADDRESS if known else tries.CODES_OF_ADDRESS
    if not (within(limit, address) and within(tries.CODES_OF_SITE)):
        return False
    code = _code(email, slot)
    body = _(
        "Your code is %(code)s. Type it on the page where you were giving to %(event)s. It is valid for at least 15"
        " minutes.\n\nIf you were not giving just now, somebody typed your address by mistake: nothing happens without"
        " the code, and there is nothing you need to do."
    )
    mail = OutboxMail(
        key=key,
        to=email,
        event=event,
        subject=_("%(code)s is your code for %(event)s") % {"code": code, "event": event.name},
        template="email/plain",
        context={"body": body % {"code": code, "event": event.name}},
    )
    outreach.queue([mail])
    nudge(send_outbox)
    return True


def is_right(*, email: str, address: str, code: str) -> bool | None:
    """Whether this is the code of now or of the quarter of an hour before; None where too many were guessed."""
    box = _box(email)
    allowed = within(tries.GUESSES_OF_ADDRESS, address) and within(tries.GUESSES, box + address)
    if not (allowed and within(tries.GUESSES_OF_MAILBOX, box)):
        return None
    typed = "".join(filter(str.isdigit, code))
    slot = _slot()
    return any(constant_time_compare(typed, _code(email, known)) for known in (slot, slot - 1))


def _box(email: str) -> str:
    return salted_hmac("giving.box", email.lower(), algorithm="sha256").hexdigest()[:32]


def _slot() -> int:
    return int(clock.now().timestamp()) // SLOT_SECONDS


def _code(email: str, slot: int) -> str:
    return f"{int(_digest(email, slot), 16) % 1_000_000:06}"


def _digest(email: str, slot: int) -> str:
    return salted_hmac("giving.code", f"{email.lower()}:{slot}", algorithm="sha256").hexdigest()
