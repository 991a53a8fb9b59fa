"""What staff does with gifts without Stripe in these tests, through the desk."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from accounts.models import Role
from common import clock
from donations.bank.lines import Line, Told
from donations.bank.queries import Part
from donations.bank.services import keep_statement, match
from donations.giving.models import Donation
from donations.giving.offline_queries import Stage, offline_gifts, stage_of
from donations.ledger.models import Ledger, OpenItem
from tests.accounts.people import make_staff
from tests.desk.cast import at_desk


def words(**more: Any) -> dict[str, Any]:
    """What the form of a check sends."""
    typed = {"amount": "50.00", "name": "Rosa Delgado", "method": "check", "detail": "1042, Wells Fargo"}
    today = f"{clock.now():%Y-%m-%d}"
    return typed | {"received_on": today, "shown": "full", "form_token": str(uuid4())} | more


def treasurer() -> Client:
    return at_desk(Role.TREASURER, email=f"{uuid4()}@example.org")


def entered(client: Client | None = None, /, **more: Any) -> Donation:
    """A gift that was typed in at the desk."""
    answer = (client or treasurer()).post("/desk/offline/new", words(**more))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Donation.objects.select_related("payment").get(pk=int(answer.headers["Location"].rpartition("/")[2]))


def press(item: Donation, act: str, /, **data: Any) -> HttpResponse:
    """Presses a button of the gift's page; the answer, followed to where it leads."""
    answer: Any = treasurer().post(f"/desk/offline/{item.pk}/{act}", data, follow=True)
    return answer  # type: ignore[no-any-return]


def took_back(item: Donation, what: str, amount: str = "50.00", **more: Any) -> str:
    data = {"what": what, "amount": amount, "reason": "Seen on paper", "form_token": str(uuid4())}
    return press(item, "back", **data | more).content.decode()


def stage(item: Donation) -> Stage:
    return stage_of(offline_gifts(item.event).get(pk=item.pk))


def bank_shows(cents: int, key: str) -> None:
    """The bank's statement has a line of so many cents, and a person says that it is this open item's."""
    book = Ledger.objects.get()
    told = Told("csv", (Line(date(2026, 11, 25), cents, f"line {uuid4()}"),))
    by = make_staff(email=f"{uuid4()}@example.org")
    line = keep_statement(book=book, told=told, name="bank.csv", content=b"", by=by).lines.get()
    item = OpenItem.objects.select_related("account").exclude(cents=0).get(key=key)
    match(line=line, parts=[Part(item, cents)])
