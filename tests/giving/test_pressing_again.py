"""The button pressed twice, back, again after a change, in a second tab: one gift, one session, one charge."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from donations.giving.models import Donation
from donations.payments.models import Payment
from tests.factories import an_event
from tests.giving.donors import client_of, come_back, hear, pay, press, start, words
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

HOME = "10.200.0.1"
pytestmark = pytest.mark.money


def sessions(sandbox: StripeSandbox) -> list[Any]:
    return list(client_of(sandbox).v1.checkout.sessions.list({"limit": 100}).data)


def charges(sandbox: StripeSandbox) -> int:
    return len(client_of(sandbox).v1.charges.list({"limit": 100}).data)


def test_twenty_presses_at_once_are_one_gift(site: Site, sandbox: StripeSandbox) -> None:
    an_event()
    typed = words()

    def click(_number: int) -> tuple[int, str]:
        try:
            answer: Any = Client().post("/give", typed)
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(click, range(20)))
    payment = Payment.objects.get()
    assert set(answers) == {(302, payment.session_url)}
    assert Donation.objects.count() == 1
    assert [session.id for session in sessions(sandbox)] == [payment.session_id]
    pay(sandbox, payment)
    hear(sandbox)
    assert charges(sandbox) == 1


def test_the_back_button_after_paying_leads_to_the_thanks_page(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    token = str(uuid4())
    payment = start(form_token=token)
    pay(sandbox, payment)
    come_back(payment)
    answer = press(form_token=token)
    assert answer.headers["Location"] == f"/thanks/{payment.token}"
    assert len(sessions(sandbox)) == 1
    assert Payment.objects.count() == 1


def test_the_back_button_before_we_know_of_the_payment_makes_no_second_charge(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    token = str(uuid4())
    payment = start(form_token=token, home=HOME)
    pay(sandbox, payment)
    press(form_token=token, home=HOME)
    press(home=HOME)
    assert len(sessions(sandbox)) == 1
    assert "Thank you" in come_back(payment)
    assert charges(sandbox) == 1


def test_another_amount_with_the_same_token_closes_the_old_session(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    token = str(uuid4())
    old = start(form_token=token)
    new = start(form_token=token, amount="75")
    assert old.session_id != new.session_id
    states = {session.id: session.status for session in sessions(sandbox)}
    assert states == {old.session_id: "expired", new.session_id: "open"}
    old.refresh_from_db()
    assert old.status == Payment.Status.EXPIRED
    pay(sandbox, new)
    assert "$75.00" in come_back(new)
    assert charges(sandbox) == 1


def test_another_amount_after_paying_is_another_gift(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    token = str(uuid4())
    first = start(form_token=token)
    pay(sandbox, first)
    second = start(form_token=token, amount="75")
    assert "Thank you" in come_back(first), "what was paid stays paid though its session could not be closed"
    pay(sandbox, second)
    assert "Thank you" in come_back(second)
    assert charges(sandbox) == 2


def test_a_second_tab_with_the_same_words_is_the_same_session(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    first = start(home=HOME)
    answer = press(email="ROSA@example.org", home=HOME)
    assert answer.headers["Location"] == first.session_url
    assert Payment.objects.count() == 1


def test_the_same_words_from_another_network_are_another_gift(db: None, sandbox: StripeSandbox) -> None:
    """Whoever knows what a donor is about to write would share the donor's private link."""
    an_event()
    first = start()
    assert press().headers["Location"] != first.session_url
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    "change", [{"name": "Rosa D."}, {"email": "r@example.org"}, {"cover": "on"}, {"shown": "first"}]
)
def test_a_second_tab_with_other_words_is_another_session(
    db: None, sandbox: StripeSandbox, change: dict[str, str]
) -> None:
    an_event()
    assert start().session_id != start(**change).session_id


def test_the_same_gift_once_more_after_it_was_paid_is_a_second_gift(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    first = start()
    pay(sandbox, first)
    come_back(first)
    second = start()
    pay(sandbox, second)
    assert "Thank you" in come_back(second)
    assert charges(sandbox) == 2


@pytest.mark.parametrize("token", ["", "garbage", "0", "x" * 10_000, "\u0661" * 32, "{" * 32, "' OR 1=1 --"])
def test_a_form_token_that_cannot_be_read_is_replaced(db: None, sandbox: StripeSandbox, token: str) -> None:
    an_event()
    start(form_token=token)
    assert len(sessions(sandbox)) == 1


def test_a_missing_form_token_is_no_obstacle(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    typed = words()
    del typed["form_token"]
    answer: Any = Client().post("/give", typed)
    assert answer.status_code == 302
    assert Payment.objects.count() == 1


def test_what_was_typed_wrong_keeps_its_token(db: None, sandbox: StripeSandbox) -> None:
    an_event()
    token = str(uuid4())
    answer = press(form_token=token, amount="-5")
    assert answer.status_code == 422
    assert token in answer.content.decode()
