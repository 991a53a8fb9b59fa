"""An entry is cancelled at its private link: what is said before is what happens, to place, page and money."""

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from donations.giving import refunds, services
from donations.giving.cancelling import cancel_entry
from donations.giving.models import Donation, RefundRequest
from donations.giving.queries import money_of
from donations.ledger.models import Ledger
from donations.payments import gateway
from donations.payments.models import Refund
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from registration.models import Participant, WaitListEntry
from registration.waitlist import join
from tests.factories import a_race
from tests.registration_desk.households import FEE, a_household, a_race_at, person_in
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.money, pytest.mark.django_db]
Status = Participant.Status


@pytest.fixture
def event() -> Event:
    return a_race_at(a_race())


def address(person: Participant) -> str:
    return f"/registration/{person.registration.token}/{person.pk}/cancel"


def press(person: Participant, page: str = "stays") -> str:
    answer = Client().post(address(person), {"page": page}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def begin(event: Event, days: float) -> None:
    """The race is so many days away now."""
    Event.objects.filter(pk=event.pk).update(starts_at=clock.now() + timedelta(days=days))


def test_place_page_and_money_are_said_before_anything_is_done(event: Event, sandbox: StripeSandbox) -> None:
    person = person_in(a_household(event, sandbox=sandbox))
    told = Client().get(address(person)).content.decode()
    assert "The entry fee of $35.00 goes back the way it was paid." in told
    assert "The page stays where it is, unless you hide it." in told
    assert "Amina Warsame does not take part" in told
    person.refresh_from_db()
    assert (person.status, RefundRequest.objects.count()) == (Status.ACTIVE, 0)


def test_it_is_done_as_it_was_said_and_told_by_mail(event: Event, sandbox: StripeSandbox) -> None:
    person = person_in(a_household(event, sandbox=sandbox))
    assert "The entry of Amina Warsame is cancelled." in press(person)
    person.refresh_from_db()
    assert (person.status, person.refund_due_cents) == (Status.CANCELLED, FEE)
    assert money_of(event).need_cents == 0
    assert [refund.amount_cents for refund in Refund.objects.all()] == [FEE]
    sentences = OutboxMail.objects.get(key=f"changed:{person.pk}:cancelled").context["sentences"]
    assert "The entry fee of $35.00 goes back the way it was paid." in sentences[2]
    assert not Fundraiser.objects.get().is_hidden


def test_of_a_household_only_this_entry_goes_back_and_the_first_gift_is_a_gift(
    event: Event, sandbox: StripeSandbox
) -> None:
    household = a_household(event, "Amina Warsame", "Sam Warsame", sandbox=sandbox, gift_cents=5000)
    press(person_in(household))
    assert [refund.amount_cents for refund in Refund.objects.all()] == [FEE]
    assert money_of(event).need_cents == FEE + 5000
    assert Fundraiser.objects.get(participant__name="Amina Warsame").raised_cents == 5000
    assert person_in(household, "Sam Warsame").status == Status.ACTIVE


def test_the_page_is_hidden_when_that_is_wished(event: Event, sandbox: StripeSandbox) -> None:
    person = person_in(a_household(event, sandbox=sandbox))
    page = Fundraiser.objects.get()
    press(person, page="hidden")
    assert Client().get(page.get_absolute_url()).status_code == 404
    page.refresh_from_db()
    assert page.hidden_by == Fundraiser.HiddenBy.OWNER
    assert "The page is hidden." in OutboxMail.objects.get(key__startswith="changed:").context["sentences"][1]


@pytest.mark.parametrize(("refund_days", "days"), [(14, 13.9), (None, 60)])
def test_without_a_refund_by_the_dates_the_fee_stays_and_that_is_said(
    event: Event, sandbox: StripeSandbox, refund_days: int | None, days: float
) -> None:
    person = person_in(a_household(event, sandbox=sandbox))
    Event.objects.update(refund_days=refund_days)
    begin(event, days)
    told = Client().get(address(person)).content.decode()
    assert "a gift to the organizations" in told
    assert "goes back" not in told
    press(person)
    assert (money_of(event).need_cents, RefundRequest.objects.count()) == (FEE, 0)


def test_a_free_entry_moves_no_money(event: Event) -> None:
    person = person_in(a_household(a_race_at(event, 0)))
    assert "Nothing was paid for this entry" in Client().get(address(person)).content.decode()
    press(person)
    person.refresh_from_db()
    assert (person.status, RefundRequest.objects.count()) == (Status.CANCELLED, 0)


def test_pressed_twice_it_is_one_refund(event: Event, sandbox: StripeSandbox) -> None:
    person = person_in(a_household(event, sandbox=sandbox))
    press(person)
    answer = Client().post(address(person), {"page": "stays"})
    assert answer.status_code == 302
    first = RefundRequest.objects.get()
    assert cancel_entry(participant=person, keep_page=True) == first
    assert Refund.objects.count() == 1


def test_with_stripe_silent_the_entry_ends_and_the_fee_goes_out_with_the_sweep(
    event: Event, sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object, **_more: object) -> None:
        raise gateway.Unavailable("no answer")

    person = person_in(a_household(event, sandbox=sandbox))
    with monkeypatch.context() as away:
        away.setattr(gateway, "create_refund", silent)
        press(person)
    assert RefundRequest.objects.get().state == RefundRequest.State.WAITING
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert money_of(event).need_cents == 0


def test_what_went_back_before_does_not_go_back_again(event: Event, sandbox: StripeSandbox) -> None:
    household = a_household(event, sandbox=sandbox)
    item = Donation.objects.get(kind=Donation.Kind.REGISTRATION)
    part = {item.reference: 1000}
    refunds.send(refunds.ask(payment=item.payment, parts=part, reason="x", by=None, token=household.token))
    press(person_in(household))
    assert sorted(refund.amount_cents for refund in Refund.objects.all()) == [1000, FEE - 1000]
    assert money_of(event).need_cents == 0


def test_the_place_goes_to_who_waits(event: Event, sandbox: StripeSandbox) -> None:
    event.options.filter(slug="run").update(capacity=1)
    person = person_in(a_household(event, sandbox=sandbox))
    entry = join(option=person.option, name="Rosa", email="rosa@example.org")
    press(person)
    entry.refresh_from_db()
    assert entry.status == WaitListEntry.Status.OFFERED


def test_nobody_cancels_by_another_registration_s_link(event: Event) -> None:
    mine, other = a_household(event), a_household(event)
    answer = Client().post(f"/registration/{mine.token}/{person_in(other).pk}/cancel", {"page": "stays"})
    assert answer.status_code == 404
    assert person_in(other).status == Status.ACTIVE


def test_a_form_that_does_not_say_what_becomes_of_the_page_does_nothing(event: Event) -> None:
    person = person_in(a_household(event))
    answer = Client().post(address(person), {})
    assert answer.status_code == 422
    assert "Say what becomes of the page." in answer.content.decode()
    person.refresh_from_db()
    assert person.status == Status.ACTIVE


def test_once_the_race_has_begun_it_is_too_late(event: Event) -> None:
    person = person_in(a_household(event))
    begin(event, -0.1)
    answer = Client().post(address(person), {"page": "stays"})
    assert answer.status_code == 422
    assert "The race has begun" in answer.content.decode()
