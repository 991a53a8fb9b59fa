"""The receipt on paper and the pages of what holds: who may have them, and what they name."""

from uuid import uuid4

import pytest
from django.test import Client

from events.models import Event
from tests.factories import a_page, a_payment, an_event, paid
from tests.receipts.legal import a_charity, plain, words_of

pytestmark = pytest.mark.django_db


def test_the_paper_says_who_gave_how_much_to_whom_and_who_received_it() -> None:
    payment = a_payment(a_page(name="Amina Warsame"), cents=5001, cover_cents=182)
    paid(payment)
    text = words_of(Client().get(f"/thanks/{payment.token}/receipt.pdf").content)
    for words in (
        "$51.83", "Given by Rosa Delgado", "To Amina Warsame's run", "For the card fees $1.82",
        f"Receipt number {payment.pk}",
        "On your statement NOT IN OUR CITY 5K", "Breaking Free $16.67", "Paid Online, through Stripe",
    ):  # fmt: skip
        assert words in text


def test_the_paper_is_for_who_has_the_link_and_kept_by_nobody() -> None:
    payment = a_payment(a_page())
    assert Client().get(f"/thanks/{payment.token}/receipt.pdf").status_code == 404
    paid(payment)
    answer = Client().get(f"/thanks/{payment.token}/receipt.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert Client().get(f"/thanks/{uuid4()}/receipt.pdf").status_code == 404


def test_a_name_that_the_font_cannot_draw_makes_a_paper_all_the_same() -> None:
    payment = a_payment(a_page(), name="Åse 🎉 李 Müller")
    paid(payment)
    assert "Åse Müller" in words_of(Client().get(f"/thanks/{payment.token}/receipt.pdf").content)


@pytest.mark.parametrize("path", ["/terms", "/refunds"])
def test_terms_and_refunds_name_the_merchant_and_what_the_statement_shows(path: str) -> None:
    event = an_event()
    answer = Client().get(path)
    text = plain(answer.content.decode())
    assert f"Merchant of record {event.legal_name}" in text
    assert f"On your card statement {event.statement_descriptor}" in text
    assert event.contact_email in text
    assert "is not a charity. Receipts confirm payments; they are not tax receipts." in text
    assert "Set-Cookie" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]


def test_of_a_charity_they_name_its_ein() -> None:
    a_charity()
    assert "tax-exempt charity, EIN 12-3456789" in plain(Client().get("/terms").content.decode())


def test_an_event_without_terms_says_so() -> None:
    an_event()
    Event.objects.update(terms="", refund_policy="", edits=7)
    assert "We have written no terms of our own." in Client().get("/terms").content.decode()
    assert "no refund policy of our own" in Client().get("/refunds").content.decode()


@pytest.mark.parametrize("path", ["/", "/give", "/register", "/money"])
def test_they_are_a_press_away_from_where_one_pays(path: str) -> None:
    event = an_event()
    page = Client().get(path).content.decode()
    assert 'href="/terms"' in page
    assert 'href="/refunds"' in page
    if path == "/give":
        assert f"your statement says {event.statement_descriptor}" in plain(page)
