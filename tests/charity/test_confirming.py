"""An organization's own pages: what it is owed and was paid, and its word about what arrived."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Role, StaffAct
from common import clock
from donations.disbursements import services
from donations.disbursements.models import Disbursement, Receipt
from donations.disbursements.public import public_money
from events.models import Event
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from tests.accounts.people import make_staff, sign_in
from tests.accounts.test_sign_in import mailed_code
from tests.charity.people import anna, at_charity, page, sam_of
from tests.disbursements.payments import propose, sent

pytestmark = pytest.mark.money


def today(event: Event) -> str:
    return clock.now().astimezone(event.zone).date().isoformat()


def received(payment: Disbursement, **more: Any) -> dict[str, Any]:
    """What the form sends when all is well."""
    event = payment.beneficiary.event
    return {"kind": "confirmed", "amount": "$100.00", "received_on": today(event), "note": ""} | more


@pytest.fixture
def payments(event: Event) -> list[Disbursement]:
    return sent(event, 10_000, 10_000)


def test_the_front_says_what_is_owed_prepared_paid_and_waits(event: Event) -> None:
    sent(event, 4_000)
    propose(event, 2_500)
    services.hold_back(event=event, percent=10, days=30, by=anna())
    front = page(at_charity(anna()), "/charity")
    for words in ("Breaking Free", "$60.00", "$25.00", "$10.00", "$40.00", "check 101"):
        assert words in front
    assert "Say whether you received it" in front


def test_the_front_of_the_beginning_says_that_nothing_was_sent(event: Event) -> None:
    assert "Nothing was sent yet" in page(at_charity(anna()), "/charity")


def test_a_confirmation_is_written_down_and_shown_to_everybody(event: Event, payments: list[Disbursement]) -> None:
    client, payment = at_charity(anna()), payments[0]
    assert "$100.00 under way" in page(Client(), "/money")
    answer = client.post(f"/charity/payments/{payment.pk}", received(payment))
    assert answer.headers["Location"] == f"/charity/payments/{payment.pk}"
    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.received_cents, receipt.by.email) == (
        "confirmed",
        10_000,
        "anna@breakingfree.example",
    )
    assert StaffAct.objects.get().verb == "confirmed a payment"
    assert "$100.00 confirmed" in page(Client(), "/money")
    assert [lane.confirmed_cents for lane in public_money(event).lanes] == [10_000, 0, 0]
    assert not OutboxMail.objects.filter(key__startswith="payment-questioned").exists()


def test_a_dispute_needs_a_word_and_reaches_the_treasurers(event: Event, payments: list[Disbursement]) -> None:
    treasurer = make_staff(Role.TREASURER, email="tina@example.org")
    client, path = at_charity(anna()), f"/charity/payments/{payments[0].pk}"
    answer = client.post(path, received(payments[0], kind="disputed"))
    assert answer.status_code == 422
    assert "Say what is not as it should be" in answer.content.decode()
    client.post(path, received(payments[0], kind="disputed", note="Nothing came."))
    told = OutboxMail.objects.get(key__startswith="payment-questioned")
    assert (told.to, "Nothing came." in told.context["body"]) == ("tina@example.org", True)
    desk = sign_in(Client(), treasurer)
    assert "An organization questions 1 payment" in page(desk, "/desk")
    assert "Nothing came." in page(desk, "/desk/disbursements")
    # What is questioned is no more than under way, and its words are nobody else's.
    public = page(Client(), "/money")
    assert "Nothing came." not in public
    assert public_money(event).under_way_cents == 20_000


def test_less_than_was_sent_is_confirmed_as_what_arrived_and_questioned_for_the_rest(
    event: Event, payments: list[Disbursement]
) -> None:
    make_staff(Role.TREASURER, email="tina@example.org")
    at_charity(anna()).post(f"/charity/payments/{payments[0].pk}", received(payments[0], amount="$90.00"))
    lane = public_money(event).lanes[0]
    assert (lane.confirmed_cents, lane.under_way_cents) == (9_000, 1_000)
    assert "received $90.00" in OutboxMail.objects.get(key__startswith="payment-questioned").context["body"]


def test_the_last_word_counts_and_the_earlier_ones_stay(event: Event, payments: list[Disbursement]) -> None:
    client, path = at_charity(anna()), f"/charity/payments/{payments[0].pk}"
    client.post(path, received(payments[0], kind="disputed", note="Nothing came."))
    client.post(path, received(payments[0]))
    shown = page(client, path)
    assert "Nothing came." in shown
    assert shown.index("Received $100.00") < shown.index("Nothing came.")
    assert public_money(event).lanes[0].confirmed_cents == 10_000


def test_pressing_twice_is_one_word(payments: list[Disbursement]) -> None:
    client = at_charity(anna())
    for _press in range(2):
        client.post(f"/charity/payments/{payments[0].pk}", received(payments[0]))
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": ""}, "Enter how much arrived."),
        ({"amount": "a lot"}, "Enter an amount in dollars"),
        ({"received_on": ""}, "Enter the day on which it arrived."),
        ({"received_on": "2999-01-01"}, "not in the future"),
        ({"kind": ""}, "Choose whether you received it."),
    ],
)
def test_what_makes_no_sense_is_asked_again(wrong: dict[str, str], sentence: str, payments: list[Disbursement]) -> None:
    answer = at_charity(anna()).post(f"/charity/payments/{payments[0].pk}", received(payments[0], **wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Receipt.objects.exists()


def test_what_came_back_cannot_be_confirmed(payments: list[Disbursement]) -> None:
    client, path = at_charity(anna()), f"/charity/payments/{payments[0].pk}"
    services.mark_returned(payment=payments[0])
    assert "It came back to us" in page(client, path)
    assert client.post(path, received(payments[0])).status_code == 422
    assert not Receipt.objects.exists()
    assert "came back" in OutboxMail.objects.get(key__startswith="payment-back").subject


def test_nobody_of_one_organization_sees_another_ones_payments(payments: list[Disbursement]) -> None:
    theirs, others = payments
    client = at_charity(anna())
    assert page(client, f"/charity/payments/{theirs.pk}")
    page(client, f"/charity/payments/{others.pk}", 404)
    assert client.post(f"/charity/payments/{others.pk}", received(others)).status_code == 404
    page(client, "/charity/statements/source", 404)
    page(client, "/charity/statements/source?as=csv", 404)
    front = page(client, "/charity")
    assert "Source" not in front
    assert "check 102" not in front
    assert not Receipt.objects.exists()


def test_who_speaks_for_two_sees_both(payments: list[Disbursement]) -> None:
    user = anna()
    user.staff_roles.create(role=Role.CHARITY, beneficiary_slug="source")
    front = page(at_charity(user), "/charity")
    assert "check 101" in front
    assert "check 102" in front


def test_an_organization_reaches_nothing_of_the_desk_and_the_desk_nothing_of_it(payments: list[Disbursement]) -> None:
    client = at_charity(anna())
    for path in ("/desk", "/desk/disbursements", f"/desk/disbursements/{payments[0].batch_id}", "/desk/books"):
        page(client, path, 404)
    desk = sign_in(Client(), make_staff(Role.ORGANIZER, Role.TREASURER, Role.APPROVER))
    for path in ("/charity", f"/charity/payments/{payments[0].pk}", "/charity/statements/breaking-free"):
        page(desk, path, 404)


def test_without_a_second_factor_nothing_is_shown(payments: list[Disbursement]) -> None:
    client = sign_in(Client(), anna(), mfa_seconds_ago=None)
    for path in ("/charity", f"/charity/payments/{payments[0].pk}"):
        assert "reauthenticate" in client.get(path).headers["Location"]


def test_a_role_that_was_taken_away_counts_at_once(payments: list[Disbursement]) -> None:
    user = anna()
    client = at_charity(user)
    user.staff_roles.all().delete()
    page(client, f"/charity/payments/{payments[0].pk}", 404)


def test_a_payment_that_was_sent_is_told_to_its_organization_and_to_no_other(event: Event) -> None:
    anna(), sam_of("source")
    payment = sent(event, 10_000)[0]
    told = OutboxMail.objects.get(key__startswith="payment-sent")
    assert told.to == "anna@breakingfree.example"
    assert told.subject == "$100.00 is on its way to Breaking Free"
    assert told.context["payment_url"].endswith(f"/charity/payments/{payment.pk}")


def test_signing_in_leads_to_the_organizations_pages(event: Event, client: Client) -> None:
    user = sam_of("source")
    user.authenticator_set.all().delete()
    client.post("/accounts/login/", {"email": user.email})
    assert client.post("/accounts/login/code/confirm/", {"code": mailed_code()}).headers["Location"] == "/charity"
    assert len(mail.outbox) == 1
    assert "/charity" in page(client, "/me")


def test_a_long_list_is_paged(event: Event) -> None:
    for _number in range(21):
        sent(event, 100)
    Disbursement.objects.update(sent_at=clock.now() - timedelta(days=1))
    client = at_charity(anna())
    assert "Page 1 of 2" in page(client, "/charity")
    assert "Page 2 of 2" in page(client, "/charity?page=2")


def test_the_mail_of_a_payment_says_how_it_comes_and_leads_to_its_page(event: Event) -> None:
    anna()
    payment = sent(event, 10_000)[0]
    told = OutboxMail.objects.get(key__startswith="payment-sent")
    for words in (text_of(told), html_of(told)):
        for said in ("$100.00 is on its way to Breaking Free.", "Check, check 101", f"/charity/payments/{payment.pk}"):
            assert said in words
        assert "{{" not in words
