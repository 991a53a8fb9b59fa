"""Behind the private link: how the gift is shown, where its mail goes, the receipt again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client

from donations.giving.models import Donation
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from tests.factories import a_page, a_payment, paid

pytestmark = pytest.mark.money


@pytest.fixture
def page(db: None) -> Fundraiser:
    return a_page()


@pytest.fixture
def payment(page: Fundraiser) -> Payment:
    payment = a_payment(page, message="Run!")
    paid(payment)
    return payment


def send(payment: Payment, what: str, **typed: str) -> Any:
    return Client().post(f"/thanks/{payment.link}/{what}", typed)


def test_the_thanks_page_leads_there_and_shows_what_others_see(payment: Payment) -> None:
    text = Client().get(f"/thanks/{payment.token}").content.decode()
    for path in ("shown", "email", "receipt"):
        assert f"/thanks/{payment.token}/{path}" in text
    assert "What others see" in text
    assert "Run!" in text


@pytest.mark.parametrize("path", ["shown", "email", "receipt"])
def test_nobody_gets_there_without_the_link(payment: Payment, path: str) -> None:
    for link in (uuid4(), payment.form_token, payment.pk, "x"):
        assert Client().post(f"/thanks/{link}/{path}").status_code == 404
        assert Client().get(f"/thanks/{link}/{path}").status_code in (404, 405)


@pytest.mark.parametrize("path", ["shown", "email"])
def test_these_pages_are_never_kept_and_tell_no_other_site(payment: Payment, path: str) -> None:
    answer = Client().get(f"/thanks/{payment.token}/{path}")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert b"noindex" in answer.content


def test_a_change_of_showing_holds_everywhere_at_once(page: Fundraiser, payment: Payment) -> None:
    for path in ("/", page.get_absolute_url()):
        assert "Rosa Delgado" in Client().get(path).content.decode(), "and the page is kept now"
    answer = send(payment, "shown", shown="anonymous", amount_hidden="on", message="")
    assert answer["Location"] == f"/thanks/{payment.token}"
    for path in ("/", page.get_absolute_url()):
        text = Client().get(path).content.decode()
        assert "Rosa" not in text
        assert "Run!" not in text
        assert "amount hidden" in text
    back = send(payment, "shown", shown="first", message="Run, run!", dedication="honour", dedicated_to="Kaiya")
    assert back.status_code == 302
    text = Client().get(page.get_absolute_url()).content.decode()
    for words in ("<b>Rosa</b>", "Run, run!", "In honour of Kaiya", "$50"):
        assert words in text


def test_new_words_go_through_the_filter_like_the_first(page: Fundraiser, payment: Payment) -> None:
    send(payment, "shown", shown="alias", alias="see evil.com", message="Run!")
    assert Donation.objects.get().message_state == "waiting"
    assert "evil.com" not in Client().get(page.get_absolute_url()).content.decode()
    text = Client().get(f"/thanks/{payment.token}").content.decode()
    assert "A moderator reads your words first" in text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"shown": "alias"}, "Enter the name to show"),
        ({"dedication": "memory"}, "Enter whom you dedicate it to"),
        ({"dedicated_to": "Kaiya"}, "Choose in honour or in memory"),
        ({"shown": "nobody"}, "There is a problem"),
        ({"alias": "two\nlines", "shown": "alias"}, "on one line"),
    ],
)
def test_what_makes_no_sense_changes_nothing(payment: Payment, typed: dict[str, str], says: str) -> None:
    before, edits = Donation.objects.values().get(), Event.objects.get().edits
    answer = send(payment, "shown", **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (Donation.objects.values().get(), Event.objects.get().edits) == (before, edits)


def test_money_for_the_fees_is_shown_nowhere_so_there_is_nothing_to_change(page: Fundraiser) -> None:
    payment = a_payment(None, event=page.event, kind=Donation.Kind.FUNDING)
    paid(payment)
    assert Client().get(f"/thanks/{payment.token}/shown").status_code == 404
    assert f"/thanks/{payment.token}/shown" not in Client().get(f"/thanks/{payment.token}").content.decode()


def test_a_corrected_address_gets_the_receipt_and_another_link(payment: Payment) -> None:
    old, link = payment.email, payment.link
    answer = send(payment, "email", email="rosa@new.example")
    payment.refresh_from_db()
    assert payment.email == "rosa@new.example"
    assert answer["Location"] == f"/thanks/{payment.link}" != f"/thanks/{link}"
    assert Client().get(f"/thanks/{link}").status_code == 404, "the old mailbox may be a stranger's"
    assert "rosa@new.example" in Client().get(f"/thanks/{payment.link}").content.decode()
    again = OutboxMail.objects.get(to="rosa@new.example")
    assert str(payment.link) in again.context["thanks_url"]
    note = OutboxMail.objects.get(to=old, key__startswith="email-corrected")
    for secret in (str(payment.link), "rosa@new.example", "Rosa", "50"):
        assert secret not in note.context["body"]


def test_an_address_is_corrected_three_times_at_most(payment: Payment) -> None:
    for number in range(3):
        assert send(payment, "email", email=f"rosa{number}@new.example").status_code == 302
        payment.refresh_from_db()
    answer = send(payment, "email", email="rosa9@new.example")
    assert answer.status_code == 422
    assert "three times already" in answer.content.decode()
    payment.refresh_from_db()
    assert payment.email == "rosa2@new.example"


def test_the_same_address_in_other_letters_is_no_correction(payment: Payment) -> None:
    mails = OutboxMail.objects.count()
    assert send(payment, "email", email=payment.email.upper()).status_code == 302
    payment.refresh_from_db()
    assert payment.new_link is None
    assert OutboxMail.objects.count() == mails


def test_a_payment_under_way_takes_its_receipt_to_the_new_address(page: Fundraiser) -> None:
    payment = a_payment(page)
    send(payment, "email", email="rosa@new.example")
    payment.refresh_from_db()
    paid(payment)
    receipt = OutboxMail.objects.get(key__startswith="receipt")
    assert (receipt.to, str(payment.link) in receipt.context["thanks_url"]) == ("rosa@new.example", True)


def test_the_receipt_comes_again_but_not_without_end(payment: Payment) -> None:
    receipts = OutboxMail.objects.filter(to=payment.email, template="email/receipt")

    def some_time_later(wait: timedelta) -> int:
        receipts.update(created_at=F("created_at") - wait)
        assert send(payment, "receipt").status_code == 302
        return receipts.count() - 1

    assert [some_time_later(timedelta(minutes=minutes)) for minutes in (0, 1, 3, 6, 6, 6, 6, 6)] == [
        1,
        1,
        1,
        2,
        3,
        4,
        5,
        5,
    ]
    assert some_time_later(timedelta(days=1)) == 6
    first, second = receipts.order_by("pk")[:2]
    assert second.context == first.context


def test_there_is_no_receipt_before_the_money(page: Fundraiser) -> None:
    payment = a_payment(page)
    assert send(payment, "receipt").status_code == 404
