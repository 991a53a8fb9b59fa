"""How an organizer decides about the race, and how it is carried out."""

import re
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from accounts.models import Role
from common import clock
from donations.giving.decisions import carry_out
from donations.giving.models import EventDecision
from donations.payments.models import Refund
from events.models import Event
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from outreach.services import send_waiting
from tests.desk.cast import at_desk

ADDRESS = "/desk/event/state"
WHY = "The storm has closed the stadium."


def organizer() -> Client:
    return at_desk(Role.ORGANIZER)


def cancelling(fees: str = "back", **more: Any) -> dict[str, Any]:
    return {"kind": "cancelled", "fees": fees, "text": WHY, "form_token": str(uuid4())} | more


def postponing(event: Event, days: int = 30, refund_days: int = 10, **more: Any) -> dict[str, Any]:
    now = clock.now().astimezone(event.zone)
    words = {
        "kind": "postponed",
        "new_day": f"{now + timedelta(days=days):%Y-%m-%d}",
        "new_time": "10:30",
        "refund_day": f"{now + timedelta(days=refund_days):%Y-%m-%d}",
        "text": WHY,
        "form_token": str(uuid4()),
    }
    return words | more


def dry_run(desk: Client, words: dict[str, Any]) -> str:
    """The page that says what it does; nothing is done by it."""
    answer = desk.post(ADDRESS, words)
    assert answer.status_code == 200, answer.content.decode()
    assert not EventDecision.objects.filter(token=words["form_token"]).exists()
    return str(answer.content.decode())


def seen_on(page: str) -> dict[str, str]:
    """What the dry run sends back with the press."""
    return dict(re.findall(r'name="(seen_\w+)" value="(\d+)"', page)) | {"confirm": "1"}


def press(desk: Client, words: dict[str, Any], page: str = "") -> HttpResponse:
    return cast(HttpResponse, desk.post(ADDRESS, words | seen_on(page or dry_run(desk, words))))


def decide(desk: Client, words: dict[str, Any]) -> EventDecision:
    """Dry run and press."""
    answer = press(desk, words)
    assert answer.status_code == 302, answer.content.decode()
    return EventDecision.objects.get(token=words["form_token"])


def assert_mails_are_whole() -> None:
    """Every mail of the decision can be made, says the same in both parts, is small, and is sent."""
    for mail in OutboxMail.objects.filter(key__startswith="race:"):
        text, html = text_of(mail), html_of(mail)
        assert len(html.encode()) < 60_000
        assert "{{" not in text + html
        assert "None" not in text
        assert "\n\n\n" not in text
        for words in (mail.context["heading"], WHY, mail.context["money"], mail.context["own_url"]):
            assert words in text
            assert words in html
    while send_waiting():
        pass
    assert not OutboxMail.objects.exclude(status=OutboxMail.Status.SENT).exists()


def mails() -> list[str]:
    """Who is told, in the order of the mails."""
    return list(OutboxMail.objects.filter(key__startswith="race:").order_by("pk").values_list("to", flat=True))


def refunded() -> list[int]:
    """The cents of each refund that Stripe has made."""
    return sorted(Refund.objects.values_list("amount_cents", flat=True))


def carry_through() -> None:
    while carry_out():
        pass
