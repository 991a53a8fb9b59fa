"""Promo codes and the wait list at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, StaffAct
from common import clock
from events.models import Event
from outreach.models import OutboxMail
from registration.codes import create_promo_code
from registration.models import PromoCode, Registration, WaitListEntry
from registration.quotes import uses
from registration.waitlist import join
from tests.desk.cast import at_desk, text_of, the_act
from tests.factories import a_race
from tests.registration_desk.households import a_household, a_race_at, person_in

pytestmark = pytest.mark.django_db
CODES, WAITS = "/desk/promo-codes", "/desk/wait-list"
Status = WaitListEntry.Status


@pytest.fixture
def event() -> Event:
    return a_race_at(a_race())


def test_a_code_is_made_and_counted(event: Event, desk: Client) -> None:
    words = {"code": "early 10", "percent_off": "10", "max_uses": "50", "last_day": "2030-01-31"}
    assert desk.post(CODES, words).headers["Location"] == CODES
    code = PromoCode.objects.get()
    assert (code.code, code.percent_off, code.max_uses) == ("EARLY10", 10, 50)
    assert code.valid_until
    assert f"{code.valid_until.astimezone(event.zone):%Y-%m-%d %H:%M}" == "2030-01-31 23:59"
    household = a_household(event, "Amina Warsame", "Sam Warsame", promo_code=code)
    page = text_of(desk, CODES)
    assert "2 of 50" in page
    assert (uses(code), household.promo_code) == (2, code)
    assert (the_act().verb, the_act().target) == ("made a promo code", "code EARLY10")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"code": "", "percent_off": "10"}, "Enter the code that people type."),
        ({"code": "FREE", "percent_off": ""}, "Say what the code takes off"),
        ({"code": "ÄÖ", "percent_off": "10"}, "Use letters and figures only"),
        ({"code": "X1", "percent_off": "101"}, "less than or equal to 100"),
        ({"code": "X1", "amount_off": "some"}, "Enter an amount in dollars"),
        ({"code": "TAKEN", "percent_off": "10"}, "already exists"),
    ],
)
def test_a_code_that_cannot_be_is_refused_in_a_sentence(
    event: Event, desk: Client, words: dict[str, str], sentence: str
) -> None:
    create_promo_code(event=event, code="TAKEN", percent_off=5)
    answer = desk.post(CODES, words)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert PromoCode.objects.count() == 1
    assert not StaffAct.objects.exists()


def test_a_code_is_switched_off_and_on(event: Event, desk: Client) -> None:
    code = create_promo_code(event=event, code="FREE", percent_off=100)
    for active in ("0", "1"):
        answer = desk.post(f"{CODES}/{code.pk}", {"active": active}, follow=True)
        code.refresh_from_db()
        assert code.is_active == (active == "1")
        assert ("can be used." in answer.content.decode()) == code.is_active
    assert desk.post(f"{CODES}/{code.pk}", {}).status_code == 400
    assert StaffAct.objects.count() == 2


def a_full_race(event: Event) -> tuple[Registration, WaitListEntry]:
    event.options.filter(slug="run").update(capacity=1)
    inside = a_household(event)
    return inside, join(option=event.options.get(slug="run"), name="Rosa", email="rosa@example.org")


def test_the_list_is_in_the_order_of_turns(event: Event, desk: Client) -> None:
    a_full_race(event)
    for name in ("Second", "Third"):
        join(option=event.options.get(slug="run"), name=name, email=f"{name}@example.org")
    page = text_of(at_desk(Role.COORDINATOR, email="c@example.org"), WAITS)
    assert page.index("Rosa") < page.index("Second") < page.index("Third")
    assert "Offer a place now" not in page, "a coordinator looks, an organizer decides"
    assert "Offer a place now" in text_of(desk, WAITS)


def test_no_place_is_offered_that_is_not_there(event: Event, desk: Client) -> None:
    _inside, rosa = a_full_race(event)
    answer = desk.post(f"{WAITS}/{rosa.pk}", {"what": "offer"}, follow=True)
    assert "No place of 5K run is free." in answer.content.decode()
    rosa.refresh_from_db()
    assert rosa.status == Status.WAITING
    assert not StaffAct.objects.exists()


def test_a_free_place_is_offered_out_of_turn_also_to_one_whose_offer_ended(event: Event, desk: Client) -> None:
    _inside, rosa = a_full_race(event)
    event.options.filter(slug="run").update(capacity=2)
    WaitListEntry.objects.update(status=Status.OVER, offered_at=clock.now() - timedelta(days=2))
    OutboxMail.objects.create(key=f"offer:{rosa.pk}", to="x@y.org", subject="s", template="t", context={})
    answer = desk.post(f"{WAITS}/{rosa.pk}", {"what": "offer"}, follow=True)
    assert "has the offer of a place" in answer.content.decode()
    rosa.refresh_from_db()
    assert rosa.status == Status.OFFERED
    assert rosa.offer_ends_at
    assert rosa.offer_ends_at > clock.now()
    assert OutboxMail.objects.filter(to="rosa@example.org", template="email/registration_offer").count() == 1
    assert the_act().verb == "offered a place out of turn"


def test_while_sign_up_is_closed_nothing_is_offered(event: Event, desk: Client) -> None:
    _inside, rosa = a_full_race(event)
    event.options.filter(slug="run").update(capacity=2)
    Event.objects.update(state="postponed")
    answer = desk.post(f"{WAITS}/{rosa.pk}", {"what": "offer"}, follow=True)
    assert "postponed" in answer.content.decode()
    rosa.refresh_from_db()
    assert rosa.status == Status.WAITING


def test_somebody_is_taken_off_and_the_offer_goes_to_the_next(event: Event, desk: Client) -> None:
    inside, rosa = a_full_race(event)
    sam = join(option=rosa.option, name="Sam", email="sam@example.org")
    person_in(inside)
    event.options.filter(slug="run").update(capacity=2)
    desk.post(f"{WAITS}/{rosa.pk}", {"what": "offer"})
    desk.post(f"{WAITS}/{rosa.pk}", {"what": "remove"})
    rosa.refresh_from_db()
    sam.refresh_from_db()
    assert (rosa.status, sam.status) == (Status.LEFT, Status.OFFERED)
    assert desk.post(f"{WAITS}/{rosa.pk}", {"what": "promote"}).status_code == 400


def test_both_lists_cost_few_queries(
    event: Event, desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_full_race(event)
    for number in range(8):
        create_promo_code(event=event, code=f"CODE{number}", percent_off=10)
        join(option=event.options.get(slug="run"), name=f"W{number}", email=f"w{number}@example.org")
    for path in (CODES, WAITS):
        with django_assert_max_num_queries(12):
            text_of(desk, path)
