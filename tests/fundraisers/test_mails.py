"""Every mail to an owner: both parts complete, small, with links of ours only, and a way off where it is no receipt."""

import re
from datetime import timedelta

import pytest
from pytest_django import Settings

from common import clock
from donations.giving.gratitude import thank
from fundraisers.claims import ask_for_address
from fundraisers.emails import changed_mail, milestone_mails, race_mail
from fundraisers.models import Fundraiser
from outreach.emails import html_of, message_of, text_of
from outreach.models import OutboxMail
from outreach.services import queue
from tests.factories import a_payment, paid
from tests.fundraisers.people import an_owned_page

pytestmark = [pytest.mark.money, pytest.mark.django_db]
LINK = re.compile(r'(?:href|src)="([^"]*)"')
NAME = 'Zoë "Z" <b>O\'Hara</b> & co'


@pytest.fixture
def mails(settings: Settings) -> dict[str, OutboxMail]:
    """One of each, by template, of a page whose name tries every escape."""
    page = an_owned_page(name=NAME)
    payment = a_payment(page, cents=26_000)
    paid(payment)
    page.refresh_from_db()
    for before, after in ((0, 100), (0, 12_500), (0, 50_000)):
        queue(milestone_mails(page, before, after))
    queue(race_mail(kind, page.event, [page]) for kind in ("week_before", "day_after"))
    assert page.owner
    change = ask_for_address(user=page.owner, event=page.event, new="new@example.org")
    queue([changed_mail(change, page.name, page.event)])
    gift = payment.donations.select_related("payment").get()
    gift.fundraiser = Fundraiser.objects.select_related("event").get()
    thank(gift=gift, text="You <i>made</i> my day.\nReally.")
    ours = OutboxMail.objects.exclude(template__in=["email/receipt", "email/gift_arrived"])
    return {mail.template: mail for mail in ours}


def test_every_mail_is_small_complete_and_calls_nobody(mails: dict[str, OutboxMail], settings: Settings) -> None:
    assert set(mails) == {
        f"email/{name}"
        for name in ("claim", "milestone", "week_before", "day_after", "thanks", "email_new", "email_old", "email_done")
    }
    for mail in mails.values():
        html, text = html_of(mail), text_of(mail)
        assert len(html.encode()) < 60_000
        for link in LINK.findall(html):
            assert link.startswith(settings.SITE_URL), link
        assert "<img" not in html
        assert "{{" not in html + text
        assert "None" not in text
        assert not re.search(r"\n\n\n", text), (mail.template, text)
        assert len(mail.subject) <= 200
        message_of(mail).message()


def test_what_people_wrote_is_escaped_in_html_and_plain_in_text(mails: dict[str, OutboxMail]) -> None:
    for mail in mails.values():
        assert "<b>O" not in html_of(mail)
        assert "&amp;lt;" not in html_of(mail)
        assert NAME in text_of(mail) or (mail.template == "email/claim" and "Zoë" in text_of(mail)), mail.template
    assert "<i>made</i>" not in html_of(mails["email/thanks"])
    assert "You <i>made</i> my day.\nReally." in text_of(mails["email/thanks"])


def test_both_parts_lead_to_the_same_places(mails: dict[str, OutboxMail]) -> None:
    for mail in mails.values():
        in_text = {link.rstrip(".") for link in re.findall(r"http://\S+", text_of(mail))}
        steps = {link for link in in_text if not link.endswith("/money")}
        in_html = LINK.findall(html_of(mail))
        # A token is signed anew for each part, so the paths are compared.
        paths = {link.rpartition("/")[0] for link in in_html}
        assert {link.rpartition("/")[0] for link in steps} <= paths, mail.template


def test_what_is_no_receipt_and_no_answer_can_be_turned_off(mails: dict[str, OutboxMail]) -> None:
    off = {template for template, mail in mails.items() if mail.topic}
    assert off == {"email/milestone", "email/week_before", "email/day_after", "email/thanks"}
    for template in off:
        message = message_of(mails[template])
        assert "List-Unsubscribe" in message.extra_headers
        assert "/mail/off/" in text_of(mails[template])
        assert "/mail/off/" in html_of(mails[template])


def test_the_mail_to_a_lost_mailbox_says_until_when(mails: dict[str, OutboxMail]) -> None:
    due = mails["email/email_old"].context["due_at"]
    assert due > (clock.now() + timedelta(hours=71)).isoformat()
    assert "It does not happen before" in text_of(mails["email/email_old"])
