"""Every mail: a complete text part, small HTML without anything remote, absolute links, a subject of one line."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings

from donations.giving.models import Donation
from outreach.emails import html_of, message_of, text_of
from outreach.models import OutboxMail
from tests.factories import a_page, a_payment, paid

pytestmark = [pytest.mark.money, pytest.mark.django_db]
LINK = re.compile(r'(?:href|src)="([^"]*)"')


def mails(**more: Any) -> dict[str, OutboxMail]:
    """The mails of one gift, by template."""
    page = a_page(email="amina@example.org")
    paid(a_payment(page, cents=5001, cover_cents=182, **more))
    return {
        mail.template: mail for mail in OutboxMail.objects.filter(template__in=["email/receipt", "email/gift_arrived"])
    }


def all_mails() -> list[OutboxMail]:
    made = list(mails(message="Go <b>Amina</b> & win", name='Rosa "R" <Delgado>').values())
    page_event = made[0].event
    assert page_event
    paid(a_payment(event=page_event, cents=20_000, kind=Donation.Kind.FUNDING))
    made.append(OutboxMail.objects.order_by("pk").last())  # type: ignore[arg-type]
    made.append(OutboxMail(key="mail:1", to="a@b.org", subject="S", template="email/plain", context={"body": "Hi <b>"}))
    return made


def test_every_template_makes_a_small_self_contained_message(settings: Settings) -> None:
    made = all_mails()
    assert {mail.template for mail in made} == {"email/receipt", "email/gift_arrived", "email/plain"}
    for mail in made:
        html = html_of(mail)
        assert len(html.encode()) < 60_000
        assert '<html lang="en">' in html
        for link in LINK.findall(html):
            assert link.startswith(settings.SITE_URL), link
        assert "<img" not in html
        assert "<script" not in html
        assert "{{" not in html + text_of(mail)
        assert "None" not in text_of(mail)
        assert not re.search(r"\n\n\n", text_of(mail)), "no holes in the text part"


def test_the_text_part_says_what_the_html_says() -> None:
    receipt = mails()["email/receipt"]
    for part in (text_of(receipt), html_of(receipt)):
        for words in (
            "$51.83",
            "$16.67",
            "Breaking Free",
            "Source",
            "The Link",
            "$1.82",
            "Rosa Delgado",
            "Amina Warsame",
        ):
            assert words in part, words
        for words in ("not a tax receipt", "NOT IN OUR CITY 5K", "/thanks/", "Not In Our City 5K"):
            assert words in part, words
    news = mails(name="Hawa Ali")["email/gift_arrived"]
    for part in (text_of(news), html_of(news)):
        for words in ("$50.01", "/r/amina-warsame", "owed every cent"):
            assert words in part, words


def test_what_people_wrote_is_escaped_in_html_and_plain_in_text() -> None:
    made = mails(message="<b>Go</b> & win", name="Rosa <Delgado>")
    for mail in made.values():
        assert "Rosa <Delgado>" in text_of(mail)
        assert "<Delgado>" not in html_of(mail)
        assert "&amp;lt;" not in html_of(mail)
    assert "<b>Go</b>" not in html_of(made["email/gift_arrived"])
    assert "<b>Go</b> & win" in text_of(made["email/gift_arrived"])


def test_a_hidden_amount_and_name_stay_hidden_from_the_runner() -> None:
    news = mails(amount_hidden=True, shown="anonymous", name="Marker Name")["email/gift_arrived"]
    message = str(message_of(news).message())
    for secret in ("Marker", "50.01"):
        assert secret not in message + news.subject
    assert "The amount is hidden" in text_of(news)


def test_a_subject_is_one_line_whatever_the_name() -> None:
    made = mails(name="a" * 120)
    for mail in made.values():
        message = message_of(mail).message()
        assert len(str(message["Subject"]).splitlines()) <= 4, "folded, not broken"
        assert len(mail.subject) <= 200
        assert not re.search(r"[\r\n]", mail.subject)
        assert message.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]  # type: ignore[union-attr]


def test_a_receipt_of_money_for_the_fees_names_no_organization() -> None:
    page = a_page()
    paid(a_payment(event=page.event, cents=20_000, kind=Donation.Kind.FUNDING))
    text = text_of(OutboxMail.objects.get())
    assert "pays card fees" in text
    assert "Breaking Free" not in text


def test_the_plain_template_needs_no_event() -> None:
    context = {"body": "Your code is 123456.", "site_url": "https://s.example", "subject": "S", "event": None}
    assert "123456" in render_to_string("email/plain.txt", context)
    assert "123456" in render_to_string("email/plain.html", context)
