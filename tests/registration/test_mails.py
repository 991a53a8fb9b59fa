"""The mails of registration: complete as text, small as HTML, and once."""

import re

import pytest
from pytest_django import Settings

from outreach.emails import html_of, message_of, text_of
from outreach.models import OutboxMail
from registration import changes, waitlist
from registration.services import confirm
from tests.factories import a_race, a_registration
from tests.registration.people import with_places

pytestmark = pytest.mark.django_db
TEMPLATES = {"confirmed", "changed", "transfer", "waiting", "offer"}


@pytest.fixture
def mails() -> dict[str, OutboxMail]:
    """One of each."""
    event = a_race()
    with_places(event, 2)
    household = a_registration(event, "Amina <b> Warsame", "Ben Olson", name="Amina <b> Warsame")
    first, second = household.participants.all()
    waitlist.join(option=first.option, name="Rosa", email="rosa@example.org")
    changes.hand_on(participant=second, name="Cleo", email="cleo@example.org")
    changes.cancel(participant=first)
    found = OutboxMail.objects.filter(template__startswith="email/registration_")
    return {mail.template.removeprefix("email/registration_"): mail for mail in found}


def test_each_is_small_and_needs_nothing_from_elsewhere(mails: dict[str, OutboxMail], settings: Settings) -> None:
    assert set(mails) == TEMPLATES
    for mail in mails.values():
        html, text = html_of(mail), text_of(mail)
        assert len(html.encode()) < 60_000
        assert all(link.startswith(settings.SITE_URL) for link in re.findall(r'(?:href|src)="([^"]*)"', html))
        assert "<img" not in html
        assert "<b>" not in html.replace("<b> Warsame", ""), "names are no HTML"
        assert not re.search(r"\n\n\n|None|\{\{", text)
        assert mail.context["own_url"] in text
        assert mail.context["own_url"] in html
        message_of(mail).message()


def test_the_confirmation_says_who_when_where_and_how_to_change_it(mails: dict[str, OutboxMail]) -> None:
    mail = mails["confirmed"]
    assert mail.to == "amina@example.org"
    for part in (text_of(mail), html_of(mail).replace("&lt;", "<").replace("&gt;", ">")):
        for words in (
            "Amina <b> Warsame",
            "Ben Olson",
            "5K run",
            "When",
            "Target Field",
            "/event.ics",
            "/registration/",
        ):
            assert words in part, words


def test_who_is_confirmed_twice_gets_one_mail() -> None:
    household = a_registration(a_race())
    confirm(registration_id=household.pk)
    assert OutboxMail.objects.filter(template="email/registration_confirmed").count() == 1


def test_no_mail_of_this_room_shows_what_was_paid(mails: dict[str, OutboxMail]) -> None:
    for name, mail in mails.items():
        assert name == "changed" or "$" not in text_of(mail)
