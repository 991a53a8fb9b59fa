"""Names and messages: whatever is typed is kept whole or refused with a sentence, and shown escaped."""

from email import message_from_bytes
from typing import Any

import pytest
from django.core import mail as sent_mail
from django.test import Client
from pytest_django import Settings

from donations.giving.models import Donation
from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from outreach.services import send_waiting
from tests.factories import a_page, paid
from tests.giving.donors import press
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money
ROUTE = "/r/amina-warsame/give"
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "'; DROP TABLE giving_donation; --",
]
HEADERS = ["Rosa\r\nBcc: all@example.org", "Rosa\nBcc: all@example.org", "Rosa\rBcc: x@example.org", "Rosa\x0bD"]
HEADERS += ["Rosa\u2028Bcc: all@example.org", "Rosa\u0085Bcc: x"]
# Turned writing, and a name that nobody can see.
UNSEEN = ["Rosa\u202edleifnosnhoJ", "\u200b\u200b", "\u200d", "\u2066Rosa"]


@pytest.fixture
def page(db: None, sandbox: StripeSandbox) -> Fundraiser:
    return a_page(email="amina@example.org")


def received(**typed: Any) -> Donation:
    answer = press(ROUTE, **typed)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    payment = Payment.objects.latest("pk")
    paid(payment)
    return payment.donations.get()


@pytest.mark.parametrize("field", ["name", "alias"])
@pytest.mark.parametrize("text", [*HEADERS, *UNSEEN, "Rosa\x00", "\x1b[31mRosa", "Rosa\x7f", "x" * 10_000])
def test_names_with_control_characters_or_without_end_are_refused(page: Fundraiser, field: str, text: str) -> None:
    answer = press(ROUTE, **{"shown": "alias", "alias": "A", field: text})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "\r\n", "\t"])
def test_an_empty_name_is_asked_for(page: Fundraiser, name: str) -> None:
    assert press(ROUTE, name=name).status_code == 422
    assert press(ROUTE, shown="alias", alias=name).status_code == 422
    assert not Payment.objects.exists()


@pytest.mark.parametrize("message", ["x" * 10_000, "Go\x00", "\x00"])
def test_a_message_that_cannot_be_kept_is_refused(page: Fundraiser, message: str) -> None:
    assert press(ROUTE, message=message).status_code == 422
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "email",
    [
        *("", "rosa", "rosa@", "@example.org", "a@b@example.org", "rosa@example.org\r\nBcc: all@example.org"),
        *("rosa@example.org,all@example.org", "rosa@example.org\x00", "Rosa <rosa@example.org>", "x" * 300 + "@e.org"),
        *("rosa@example.org\nBcc: all@example.org", "rosa @example.org"),
    ],
)
def test_an_address_that_is_none_is_refused(page: Fundraiser, email: str) -> None:
    assert press(ROUTE, email=email).status_code == 422
    assert not Payment.objects.exists()


@pytest.mark.parametrize("shown", ["nobody", "FULL", "1", "\x00"])
def test_a_way_of_showing_that_was_not_offered_is_refused(page: Fundraiser, shown: str) -> None:
    assert press(ROUTE, shown=shown).status_code == 422


def test_people_may_be_called_whatever_they_are_called(page: Fundraiser) -> None:
    for number, name in enumerate(["Zoë 😀 O'Brien", "王小明", "ሰላም", "Ó", "Hawa Ⅲ", "עדן", "a" * 120]):
        item = received(name=name, email=f"donor{number}@example.org", message="Línea uno\r\nzwei 😀\r\n\r\nthree")
        assert item.name == name
        assert "😀" in item.message
    assert Client().get(page.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("payload", PAYLOADS)
def test_scripts_are_shown_as_text_wherever_they_are_shown(page: Fundraiser, payload: str) -> None:
    item = received(name=payload, message=payload)
    bad = payload.encode()
    for path in (page.get_absolute_url(), f"/thanks/{item.payment.token}", "/", "/leaderboard", "/money"):
        answer = Client().get(path)
        assert answer.status_code == 200
        if "<" in payload:
            assert bad not in answer.content, path
    assert b"SECRET_KEY }}" in Client().get(page.get_absolute_url()).content or "SECRET" not in payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_form_shows_them_as_text_too(page: Fundraiser, payload: str) -> None:
    body = press(ROUTE, name=payload, message=payload, amount="-5").content.decode()
    assert "<" not in payload or payload not in body


def test_names_cannot_add_headers_to_a_mail(page: Fundraiser, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for number, name in enumerate(["Rosa, Bcc: all@example.org", "=?utf-8?q?=0ABcc:_x?="]):
        received(name=name, email=f"donor{number}@example.org")
    send_waiting()
    assert len(sent_mail.outbox) == 6, "two receipts, two pieces of news, the first gift, and the page's own mail"
    for mail in sent_mail.outbox:
        parsed = message_from_bytes(mail.message().as_bytes())
        assert parsed["Bcc"] is None
        assert len(parsed.get_all("To", [])) == len(parsed.get_all("Subject", [])) == 1
        assert len(mail.recipients()) == 1
    assert not OutboxMail.objects.exclude(status="sent").exists()


def test_the_hidden_name_and_amount_are_nowhere_public(page: Fundraiser) -> None:
    received(name="Marker Secretname", shown="anonymous", amount_hidden="on", amount="77.31")
    news = OutboxMail.objects.get(key__startswith="gift:")
    for text in (
        Client().get(page.get_absolute_url()).content.decode(),
        Client().get("/").content.decode(),
        str(news.context) + news.subject,
    ):
        assert "Secretname" not in text
    assert "77.31" not in str(news.context)
    assert news.context["public_cents"] is None


@pytest.mark.parametrize(("shown", "seen"), [("full", "Rosa Delgado"), ("first", "Rosa"), ("alias", "A friend")])
def test_the_name_is_shown_as_the_donor_chose(page: Fundraiser, shown: str, seen: str) -> None:
    item = received(shown=shown, alias="A friend")
    text = Client().get(page.get_absolute_url()).content.decode()
    assert item.public_name == seen
    assert seen in text
    assert ("Delgado" in text) is (shown == "full")
