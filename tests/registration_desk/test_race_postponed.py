"""A race is postponed: entries move along, people are told once, and who cannot come gets the fee back for a while."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from common import clock
from donations.giving.cancelling import cancel_entry
from donations.giving.models import EventDecision
from donations.giving.queries import money_of
from donations.payments.models import Refund
from events.models import Event
from outreach.models import OutboxMail
from registration.models import Participant, WaitListEntry
from registration.tasks import tend
from registration.waitlist import join
from tests.factories import EVENT_FILE, a_race
from tests.registration_desk.households import FEE, a_household, a_race_at, person_in, statuses
from tests.registration_desk.race import (
    ADDRESS,
    WHY,
    assert_mails_are_whole,
    carry_through,
    decide,
    dry_run,
    mails,
    postponing,
)
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.money, pytest.mark.django_db]


@pytest.fixture
def event() -> Event:
    """Three days before its start, when fees do not go back any more."""
    return a_race_at(a_race(days=3))


def test_the_dry_run_is_what_is_done(event: Event, desk: Client) -> None:
    households = [a_household(event, "Amina Warsame", "Sam Warsame"), a_household(event, "Ole Olson")]
    before = money_of(event)
    page = dry_run(desk, postponing(event))
    assert "People who move along" in page
    assert "10:30 AM" in page
    decision = decide(desk, postponing(event))
    carry_through()
    assert (decision.people, decision.mails) == (3, 2)
    assert mails() == [household.email for household in households]
    assert statuses(event) == ["active"] * 3
    assert money_of(event) == before
    decision.refresh_from_db()
    assert decision.state == EventDecision.State.DONE
    carry_through()
    assert len(mails()) == 2


def test_the_new_date_is_everywhere_and_sign_up_is_closed_until_it_is_opened(
    event: Event, desk: Client, client: Client
) -> None:
    decide(desk, postponing(event))
    event.refresh_from_db()
    local = event.starts_at.astimezone(event.zone)
    assert (local.hour, local.minute, local.date()) == (
        10,
        30,
        (clock.now().astimezone(event.zone) + timedelta(days=30)).date(),
    )
    home = client.get("/").content.decode()
    assert "The race is postponed. New date:" in home
    assert WHY in home
    assert "Sign-up is closed" in client.get("/register").content.decode()
    decide(desk, {"kind": "scheduled", "form_token": "8d5f0c1e-5d0a-4ad3-9f0e-0f5c1f6f3a55"})
    assert "postponed" not in client.get("/").content.decode()
    assert "Sign-up is closed" not in client.get("/register").content.decode()
    assert not OutboxMail.objects.exists()


def test_fees_go_back_again_until_the_day_that_was_given(event: Event, desk: Client, sandbox: StripeSandbox) -> None:
    first, second = (person_in(a_household(event, sandbox=sandbox)) for _number in range(2))
    decide(desk, postponing(event, days=12, refund_days=5))
    private = f"/registration/{first.registration.token}/{first.pk}/cancel"
    assert "goes back" in Client().get(private).content.decode()
    Client().post(private, {"page": "stays"})
    assert [refund.amount_cents for refund in Refund.objects.all()] == [FEE]
    Event.objects.update(refunds_until=clock.now() - timedelta(seconds=1))
    second.registration.event.refresh_from_db()
    assert cancel_entry(participant=second, keep_page=True) is None


def test_nobody_gets_less_time_than_the_rule_of_the_event(event: Event, desk: Client, sandbox: StripeSandbox) -> None:
    person = person_in(a_household(event, sandbox=sandbox))
    decide(desk, postponing(event, days=60, refund_days=1))
    Event.objects.update(refunds_until=clock.now() - timedelta(seconds=1))
    assert cancel_entry(participant=Participant.objects.get(pk=person.pk), keep_page=True)


def test_the_wait_list_stays_and_is_told(event: Event, desk: Client) -> None:
    event.options.filter(slug="run").update(capacity=1)
    a_household(event)
    join(option=event.options.get(slug="run"), name="Rosa", email="rosa@example.org")
    decide(desk, postponing(event))
    carry_through()
    assert WaitListEntry.objects.get().status == WaitListEntry.Status.WAITING
    assert "rosa@example.org" in mails()
    assert_mails_are_whole()


def test_an_offer_that_cannot_be_taken_now_is_made_again_when_sign_up_opens(event: Event, desk: Client) -> None:
    event.options.filter(slug="run").update(capacity=1)
    entry = join(option=event.options.get(slug="run"), name="Rosa", email="rosa@example.org")
    assert entry.status == WaitListEntry.Status.OFFERED
    decide(desk, postponing(event))
    entry.refresh_from_db()
    assert entry.status == WaitListEntry.Status.WAITING
    decide(desk, {"kind": "scheduled", "form_token": "8d5f0c1e-5d0a-4ad3-9f0e-0f5c1f6f3a55"})
    tend()
    entry.refresh_from_db()
    assert entry.status == WaitListEntry.Status.OFFERED
    assert OutboxMail.objects.filter(key__startswith=f"offer:{entry.pk}").count() == 2


def test_postponed_again_everybody_hears_of_the_newest_date_only_once(event: Event, desk: Client) -> None:
    household = a_household(event)
    decide(desk, postponing(event, days=30))
    decide(desk, postponing(event, days=40))
    carry_through()
    assert mails() == [household.email]
    assert EventDecision.objects.filter(state=EventDecision.State.DONE).count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"new_day": ""}, "Enter the new date."),
        ({"new_day": "2020-01-01"}, "Enter a date to come"),
        ({"new_time": "late"}, "Enter a time."),
        ({"refund_day": ""}, "Enter the last day."),
        ({"refund_day": "2020-01-01"}, "Enter a day between today and the new date."),
        ({"refund_day": "2999-01-01"}, "Enter a day between today and the new date."),
    ],
)
def test_dates_that_cannot_be_are_refused(event: Event, desk: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = desk.post(ADDRESS, postponing(event) | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_file_loaded_again_keeps_the_new_date_and_the_old_prices(event: Event, desk: Client) -> None:
    decide(desk, postponing(event))
    event.refresh_from_db()
    call_command("load_event", str(EVENT_FILE))
    again = Event.objects.get()
    assert (again.starts_at, again.state) == (event.starts_at, Event.State.POSTPONED)
    last = max(tier.until for tier in again.options.get(slug="run").tiers.all())
    assert last < clock.now(), "the file's own date is in 2017"
