"""Staff at the desk, signed in with a second factor, and things for them to look at."""

from typing import Any
from uuid import uuid4

from django.test import Client

from accounts.models import Role, StaffAct
from donations.ledger.models import OpenItem
from donations.payments.models import Payment
from tests.accounts.people import make_staff, sign_in

# Every list and form of the desk that needs no number, and the roles that see it.
PAGES = {
    "/desk": Role.COORDINATOR,
    "/desk/gifts": Role.MODERATOR,
    "/desk/books": Role.APPROVER,
    "/desk/books/entries": Role.APPROVER,
    "/desk/runners": Role.COORDINATOR,
    "/desk/runners/new": Role.ORGANIZER,
    "/desk/mails": Role.MODERATOR,
    "/desk/registrations": Role.COORDINATOR,
    "/desk/wait-list": Role.COORDINATOR,
    "/desk/promo-codes": Role.ORGANIZER,
    "/desk/event/state": Role.ORGANIZER,
    "/desk/checkin": Role.COORDINATOR,
    "/desk/messages": Role.MODERATOR,
    "/desk/giving": Role.ORGANIZER,
    "/desk/disbursements/hold-back": Role.TREASURER,
    "/desk/closing": Role.APPROVER,
    "/desk/closing/allocate": Role.TREASURER,
    "/desk/sponsors": Role.ORGANIZER,
    "/desk/exports": Role.APPROVER,
    "/desk/disputes": Role.APPROVER,
    "/desk/offline": Role.APPROVER,
    "/desk/offline/new": Role.ORGANIZER,
    "/desk/offline/import": Role.ORGANIZER,
}


def at_desk(*roles: Role, email: str = "staff@example.org", mfa_seconds_ago: float | None = 0) -> Client:
    return sign_in(Client(), make_staff(*roles, email=email), mfa_seconds_ago=mfa_seconds_ago)


def text_of(client: Client, path: str, **query: str) -> str:
    """The page at `path`; it must be there."""
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def the_act() -> StaffAct:
    """The one line in the log."""
    return StaffAct.objects.get()


def placing(item: OpenItem, **more: Any) -> dict[str, Any]:
    """What the page of an open item sends: all of it to the fee pool."""
    words = {"target": "fee_pool", "reason": "Interest", "cents": item.cents, "form_token": str(uuid4())}
    return words | more


def key_of(payment: Payment) -> OpenItem:
    return OpenItem.objects.select_related("account").get(key=payment.key)
