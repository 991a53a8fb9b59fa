"""A race is cancelled: the dry run says what happens, and it happens so, to everybody once."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from common import clock
from common.money import dollars
from donations.giving import entries
from donations.giving.models import EventDecision, RefundRequest
from donations.giving.plans import plan_of
from donations.giving.queries import money_of
from events.models import Event
from outreach.models import OutboxMail
from registration import changes
from registration.models import Participant, Registration, WaitListEntry
from registration.services import CannotHold, hold
from tests.desk.cast import at_desk
from tests.factories import a_page, a_participant, a_payment, a_race, paid
from tests.registration_desk.households import FEE, a_household, a_race_at, held, person_in, settled, statuses
from tests.registration_desk.race import (
    ADDRESS,
    WHY,
    assert_mails_are_whole,
    cancelling,
    carry_through,
    decide,
    dry_run,
    mails,
    press,
    refunded,
    seen_on,
)
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.money, pytest.mark.django_db]


@pytest.fixture
def event() -> Event:
    return a_race_at(a_race())


def test_the_dry_run_is_what_is_done(field: Event, desk: Client) -> None:
    before = money_of(field)
    page = dry_run(desk, cancelling())
    for words in ("Cancel the race for 4 people and refund $105.00", "3 entry fees go back"):
        assert words in page
    assert seen_on(page)["seen_cents"] == str(3 * FEE)
    # 35.00 is dealt 11.67, 11.67 and 11.66, the odd cents at another lane with each item: the page shows the sums.
    shown = [dollars(part.cents) for part in plan_of(field, "cancelled", refund=True).lanes]
    assert all(sum_ in page for sum_ in shown)
    assert (refunded(), mails(), set(statuses(field))) == ([], [], {"active"})

    decision = decide(desk, cancelling())
    carry_through()
    assert statuses(field) == ["cancelled"] * 4
    assert refunded() == [FEE, 2 * FEE]
    assert len(mails()) == decision.mails == 4
    after = money_of(field)
    assert before.need_cents - after.need_cents == decision.refund_cents == 3 * FEE
    less = [dollars(was.cents - now.cents) for was, now in zip(before.lanes, after.lanes, strict=True)]
    assert less == shown
    assert after.fee_pool_cents == before.fee_pool_cents
    decision.refresh_from_db()
    assert decision.state == EventDecision.State.DONE


def test_gifts_stay_and_so_do_pages(field: Event, desk: Client, client: Client) -> None:
    decide(desk, cancelling())
    carry_through()
    page = person_in(Registration.objects.earliest("pk")).page
    assert page.raised_cents == 5000
    assert client.get(page.get_absolute_url()).status_code == 200
    assert client.get(f"/r/{page.slug}/give").status_code == 200


def test_the_public_pages_say_it_and_sign_up_closes(field: Event, desk: Client, client: Client) -> None:
    page = person_in(Registration.objects.earliest("pk")).page
    assert WHY not in client.get("/").content.decode()
    decide(desk, cancelling())
    for path in ("/", page.get_absolute_url()):
        told = client.get(path).content.decode()
        assert "The race is cancelled." in told
        assert WHY in told
    assert "Sign-up is closed" in client.get("/register").content.decode()
    with pytest.raises(CannotHold):
        held(field, "Too Late")


def test_fees_that_stay_move_no_money_and_people_are_told_so(field: Event, desk: Client) -> None:
    before = money_of(field).need_cents
    page = dry_run(desk, cancelling(fees="gifts"))
    assert "Entry fees that stay, as gifts" in page
    assert "$105.00" in page
    decide(desk, cancelling(fees="gifts"))
    carry_through()
    assert (money_of(field).need_cents, refunded(), RefundRequest.objects.count()) == (before, [], 0)
    household = Registration.objects.earliest("pk")
    told = OutboxMail.objects.get(key=f"race:{EventDecision.objects.get().pk}:{household.pk}")
    assert "not refunded" in told.context["money"]
    assert told.context["text"] == WHY


def test_everybody_gets_one_mail_that_can_be_sent(field: Event, desk: Client) -> None:
    household = Registration.objects.earliest("pk")
    Participant.objects.filter(name="Sam Warsame").update(email="sam@example.org")
    decision = decide(desk, cancelling())
    carry_through()
    assert len(mails()) == len(set(mails())) == decision.mails == 5
    assert "sam@example.org" in mails()
    own = OutboxMail.objects.get(key=f"race:{decision.pk}:{household.pk}")
    assert "$70.00 of entry fees goes back" in own.context["money"]
    sams = OutboxMail.objects.get(to="sam@example.org", key__startswith="race:")
    assert (sams.context["own_url"], sams.context["money"]) == ("", ""), "the link is of who registered"
    assert not OutboxMail.objects.filter(key__startswith="changed:").exists(), "one mail, not two"
    assert_mails_are_whole()


def test_the_wait_list_ends(field: Event, desk: Client) -> None:
    decide(desk, cancelling())
    assert WaitListEntry.objects.get().status == WaitListEntry.Status.OVER
    assert "rosa@example.org" in mails()
    carry_through()
    assert not OutboxMail.objects.filter(key__startswith="offer:").exists()


def test_the_fee_of_a_place_that_was_handed_on_goes_to_who_paid_it(
    event: Event, desk: Client, sandbox: StripeSandbox
) -> None:
    first = a_household(event, sandbox=sandbox)
    for name in ("Second", "Third"):
        holder = Participant.objects.get(status=Participant.Status.ACTIVE)
        new = changes.hand_on(participant=holder, name=name, email=f"{name.lower()}@example.org")
        new_cart = Registration.objects.get(pk=new.pk)
        _take_over(new_cart, name)
    page = dry_run(desk, cancelling())
    assert "for 1 person and refund $35.00" in page
    decision = decide(desk, cancelling())
    carry_through()
    assert refunded() == [FEE]
    assert sorted(mails()) == sorted([first.email, "third@example.org"])
    assert decision.mails == 2
    assert "whoever paid it" in OutboxMail.objects.get(to="third@example.org", key__startswith="race:").context["money"]


def _take_over(cart: Registration, name: str) -> None:
    a_participant(cart, name)
    hold(registration=cart, until=clock.now() + timedelta(minutes=35))
    assert entries.start(cart) is None


def test_a_place_that_is_offered_on_is_withdrawn_with_it(event: Event, desk: Client) -> None:
    person = person_in(a_household(event))
    changes.hand_on(participant=person, name="New", email="new@example.org")
    decide(desk, cancelling(fees="gifts"))
    carry_through()
    assert statuses(event) == ["cancelled"]
    assert not Registration.objects.filter(takes_over__isnull=False).exists()


def test_who_is_just_paying_is_treated_like_the_others_as_soon_as_they_have(
    event: Event, desk: Client, sandbox: StripeSandbox
) -> None:
    late = held(event, "Late")
    payment = entries.start(late)
    assert payment
    assert "Sign-ups being paid just now" in dry_run(desk, cancelling())
    decision = decide(desk, cancelling())
    carry_through()
    decision.refresh_from_db()
    assert (decision.state, mails()) == (EventDecision.State.RUNNING, [])
    settled(sandbox, payment)
    carry_through()
    assert (statuses(event), refunded(), mails()) == (["cancelled"], [FEE], [late.email])
    decision.refresh_from_db()
    assert decision.state == EventDecision.State.DONE


def test_until_it_is_carried_out_nobody_gets_less_by_cancelling_or_deferring(
    event: Event, desk: Client, sandbox: StripeSandbox
) -> None:
    Event.objects.update(refund_days=None)
    person = person_in(a_household(event, sandbox=sandbox))
    decide(desk, cancelling())
    private = f"/registration/{person.registration.token}/{person.pk}"
    for path, words in (("cancel", {"page": "stays"}), ("defer", {})):
        assert Client().post(f"{private}/{path}", words).status_code == 422
    carry_through()
    assert refunded() == [FEE]


def test_a_place_paid_after_it_was_given_back_ends_too(event: Event, desk: Client, sandbox: StripeSandbox) -> None:
    decide(desk, cancelling())
    carry_through()
    assert EventDecision.objects.get().state == EventDecision.State.DONE
    Event.objects.update(state="scheduled")
    late = held(event, "Late")
    payment = entries.start(late)
    Event.objects.update(state="cancelled")
    assert payment
    settled(sandbox, payment)
    carry_through()
    assert (statuses(event), refunded()) == (["cancelled"], [FEE])


# --- At the desk --------------------------------------------------------------------------------------------


def test_pressed_twice_it_is_one_decision(field: Event, desk: Client) -> None:
    words = cancelling()
    page = dry_run(desk, words)
    assert press(desk, words, page).status_code == 302
    assert press(desk, words, page).status_code == 422
    assert EventDecision.objects.count() == 1
    assert StaffAct.objects.filter(verb="decided about the race").count() == 1


def test_a_dry_run_that_is_not_so_any_more_is_shown_anew(field: Event, desk: Client) -> None:
    words = cancelling()
    page = dry_run(desk, words)
    a_household(field, "Newcomer", option="walk")
    answer = press(desk, words, page)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "Somebody registered or cancelled meanwhile." in told
    assert "for 5 people" in told
    assert not EventDecision.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"fees": ""}, "Say what becomes of the entry fees."),
        ({"fees": "half"}, "Select a valid choice"),
        ({"text": ""}, "Write what people are told."),
    ],
)
def test_a_half_filled_form_does_nothing(event: Event, desk: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = desk.post(ADDRESS, cancelling() | wrong | {"confirm": "1", "seen_people": "0", "seen_cents": "0"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    event.refresh_from_db()
    assert event.state == Event.State.SCHEDULED


def test_without_a_dry_run_nothing_is_done(field: Event, desk: Client) -> None:
    answer = desk.post(ADDRESS, cancelling(confirm="1"))
    assert answer.status_code == 200
    assert "Nothing has been done yet." in answer.content.decode()
    assert not EventDecision.objects.exists()


def test_what_was_written_can_be_changed_after_the_dry_run(event: Event, desk: Client) -> None:
    answer = desk.post(ADDRESS, cancelling(change="1"))
    assert answer.status_code == 200
    assert WHY in answer.content.decode()
    assert "See what it does" in answer.content.decode()


def test_a_cancelled_race_stays_cancelled(event: Event, desk: Client) -> None:
    decide(desk, cancelling())
    for words in ({"kind": "scheduled"}, {"kind": "postponed"}, cancelling()):
        assert desk.post(ADDRESS, words).status_code == 422
    page = desk.get(ADDRESS).content.decode()
    assert "stays cancelled" in page
    assert "?to=" not in page


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ORGANIZER, Role.CHARITY)])
def test_nobody_but_an_organizer_decides(event: Event, role: Role) -> None:
    other = at_desk(role)
    assert other.get(ADDRESS).status_code == 404
    assert other.post(ADDRESS, cancelling()).status_code == 404


def test_an_old_second_factor_is_not_enough(event: Event) -> None:
    stale = at_desk(Role.ORGANIZER, mfa_seconds_ago=20 * 60)
    words = cancelling() | {"confirm": "1", "seen_people": "0", "seen_cents": "0"}
    assert stale.post(ADDRESS, words).status_code == 302
    assert not EventDecision.objects.exists()


def test_the_log_says_who_decided_what_and_why(field: Event, desk: Client) -> None:
    decide(desk, cancelling())
    act = StaffAct.objects.get()
    assert (act.verb, act.target, act.reason) == (
        "decided about the race",
        f"{field.slug} cancelled: 4 people, {3 * FEE} cents",
        WHY,
    )


def test_a_gift_to_a_page_of_no_entry_is_nobody_s_fee(event: Event, desk: Client) -> None:
    paid(a_payment(a_page(event)))
    assert "for 0 people and refund $0.00" in dry_run(desk, cancelling())
