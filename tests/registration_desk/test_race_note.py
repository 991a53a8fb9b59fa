"""What people are told of a race that does not take place: on every page, and changed at the desk."""

import pytest
from django.test import Client

from accounts.models import StaffAct
from donations.giving import decisions, refunds
from donations.giving.models import EventDecision
from donations.ledger.models import Alarm
from events.models import Event
from outreach.models import OutboxMail
from tests.factories import a_page, a_race
from tests.registration_desk.households import a_household, a_race_at
from tests.registration_desk.race import WHY, cancelling, carry_through, decide, mails, refunded
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.money, pytest.mark.django_db]
NOTE = "/desk/event/state/note"
BETTER = "The storm has closed the stadium, and the bridge too."


@pytest.fixture
def event() -> Event:
    return a_race_at(a_race())


def seen(path: str) -> str:
    return str(Client().get(path).content.decode())


def test_every_page_where_people_come_says_what_became_of_the_race(event: Event, desk: Client) -> None:
    page = a_page(event)
    assert page.team
    paths = ("/", f"/r/{page.slug}", f"/t/{page.team.slug}", f"/r/{page.slug}/give", "/give", "/money")
    assert not any(WHY in seen(path) for path in paths)
    decide(desk, cancelling(fees="gifts"))
    for path in paths:
        assert "The race is cancelled." in seen(path), path
        assert WHY in seen(path), path


def test_the_words_can_be_changed_and_the_log_keeps_those_before(event: Event, desk: Client) -> None:
    a_household(event)
    decide(desk, cancelling(fees="gifts"))
    assert NOTE in desk.get("/desk/event/state").content.decode()
    assert WHY in desk.get(NOTE).content.decode()
    assert desk.post(NOTE, {"text": " "}).status_code == 422
    assert desk.post(NOTE, {"text": BETTER}).status_code == 302
    assert BETTER in seen("/")
    act = StaffAct.objects.get(verb="reworded the race's note")
    assert (act.target, act.reason) == (event.slug, f"Before: {WHY}")
    carry_through()
    assert OutboxMail.objects.get(key__startswith="race:").context["text"] == BETTER, "it was not written yet"
    desk.post(NOTE, {"text": WHY})
    carry_through()
    assert len(mails()) == 1, "nobody gets a second mail"


def test_of_a_race_that_takes_place_there_is_nothing_to_say(event: Event, desk: Client) -> None:
    for answer in (desk.get(NOTE), desk.post(NOTE, {"text": BETTER})):
        assert (answer.status_code, answer["Location"]) == (302, "/desk/event/state")
    assert not EventDecision.objects.exists()
    assert BETTER not in seen("/")
    with pytest.raises(decisions.Changed):
        decisions.reword(event=event, text=BETTER)


def test_a_fee_that_cannot_be_asked_back_is_promised_to_nobody(
    event: Event, desk: Client, sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration = a_household(event, sandbox=sandbox)

    def too_much(**_asked: object) -> None:
        raise refunds.TooMuch("A part of it is under dispute.")

    decide(desk, cancelling())
    monkeypatch.setattr(refunds, "ask", too_much)
    carry_through()
    told = OutboxMail.objects.get(to=registration.email, key__startswith="race:").context["money"]
    assert told == "$35.00 of entry fees could not be sent back by itself: one of us looks at it and writes to you."
    assert refunded() == []
    assert Alarm.objects.filter(closed_at=None).count() == 1
    Alarm.objects.all().delete()
