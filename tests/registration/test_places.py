"""Places: counted when they are held, confirmed and given back; nobody takes the last one twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from common import clock
from events.models import Event, Waiver
from registration import changes
from registration.codes import create_promo_code
from registration.models import Participant, Registration
from registration.queries import held_beyond, offers_of, taken
from registration.services import CannotHold, Full, confirm, hold, release, reopen
from tests.factories import a_cart, a_participant, a_race, a_registration
from tests.registration.people import add, look, press, said, see, sign, start, with_places, words
from tests.tools.fixtures.databases import CommittedDatabase

Status = Registration.Status


@pytest.fixture
def event(db: None) -> Event:
    return a_race()


def held(cart: Registration) -> Registration:
    return hold(registration=cart, until=clock.now() + timedelta(minutes=35))


def gone(event: Event, option: str = "run") -> int:
    found = event.options.get(slug=option)
    return taken([found])[found.pk]


def test_a_place_counts_from_when_it_is_held_until_it_is_given_back(event: Event) -> None:
    cart = a_cart(event, "Amina Warsame", "Ben Olson")
    assert gone(event) == 0
    held(cart)
    assert gone(event) == 2
    release(registration_id=cart.pk)
    assert gone(event) == 0
    held(cart)
    confirm(registration_id=cart.pk)
    assert gone(event) == 2


def test_the_clock_alone_gives_no_place_back(event: Event) -> None:
    with_places(event, 1)
    cart = hold(registration=a_cart(event), until=clock.now() - timedelta(days=1))
    with pytest.raises(Full):
        held(a_cart(event, "Ben Olson"))
    assert list(held_beyond(clock.now())) == [cart]


def test_the_last_place_goes_to_one_and_the_other_keeps_what_was_written(event: Event) -> None:
    with_places(event, 1)
    first, second = start(event), start(event, name="Ben Olson")
    assert "1 place left" in look("/register/start")
    assert sign(first, 3000).status_code == 302
    answer = sign(second, 3000)
    assert answer.status_code == 422
    for words_said in ("5K run is full", "Nothing was taken", "everything you wrote is kept", "/register/wait/run"):
        assert words_said in said(answer)
    second.refresh_from_db()
    assert second.status == Status.CART
    assert second.participants.get().price_cents == 0
    assert "Full." in look("/register")


def test_a_household_that_needs_more_places_than_are_left_gets_none(event: Event) -> None:
    with_places(event, 1)
    cart = start(event)
    add(cart, name="Ben Olson", email="")
    assert "is full" in said(sign(cart, 6000))
    assert gone(event) == 0


def test_a_full_option_is_not_for_sale(event: Event) -> None:
    with_places(event, 0)
    assert press("/register/start", **words(event)).status_code == 422
    assert "/register/wait/run" in look("/register/start")


def test_all_full_says_so(event: Event) -> None:
    event.options.update(capacity=0)
    assert "Every place is taken" in look("/register")


def test_holding_confirming_and_giving_back_twice_is_once(event: Event) -> None:
    cart = held(a_cart(event))
    assert held(cart).status == Status.HELD
    first = confirm(registration_id=cart.pk)
    assert confirm(registration_id=cart.pk).confirmed_at == first.confirmed_at
    release(registration_id=cart.pk)
    assert not reopen(registration_id=cart.pk)
    cart.refresh_from_db()
    assert (cart.status, gone(event)) == (Status.CONFIRMED, 1)


def test_paid_after_the_places_were_given_back_is_confirmed_all_the_same(event: Event) -> None:
    with_places(event, 1)
    late = held(a_cart(event))
    release(registration_id=late.pk)
    a_registration(event, "Ben Olson")
    assert confirm(registration_id=late.pk).status == Status.CONFIRMED
    assert gone(event) == 2
    assert offers_of(event)[0].is_full


def test_a_payment_that_came_to_nothing_leaves_a_cart_that_goes_on(event: Event) -> None:
    cart = start(event)
    sign(cart, 3000)
    release(registration_id=cart.pk)
    assert "the places were given back and nothing was taken" in see(cart)
    assert sign(cart, 3000).headers["Location"] == f"/checkout/{cart.token}"


def test_a_waiver_that_changed_is_signed_again(event: Event) -> None:
    cart = start(event)
    see(cart)
    Waiver.objects.create(event=event, version=2, text="New words.", sha256="0" * 64)
    answer = sign(cart, 3000, version=1)
    assert "The waiver has just been changed. Nothing was taken." in said(answer)
    assert "New words." in said(answer)
    with pytest.raises(CannotHold, match="The waiver has changed since it was signed"):
        held(a_cart_signed_before(event))
    assert sign(cart, 3000).status_code == 302
    person = cart.participants.get()
    assert person.waiver
    assert person.waiver.version == 2


def a_cart_signed_before(event: Event) -> Registration:
    cart = a_cart(event)
    cart.participants.update(waiver=event.waivers.get(version=1))
    return cart


def test_an_event_without_a_waiver_needs_none(event: Event) -> None:
    cart = start(event)
    cart.participants.update(waiver=None)
    event.waivers.all().delete()
    assert sign(cart, 3000).status_code == 302


@pytest.mark.parametrize("change", [{"waiver": None}, {"signed_by": ""}])
def test_nobody_runs_unsigned(event: Event, change: dict[str, object]) -> None:
    cart = a_cart(event)
    cart.participants.update(**change)
    with pytest.raises(CannotHold, match="sign"):
        held(cart)


def test_an_age_that_does_not_fit_is_refused_at_the_last_step_too(event: Event) -> None:
    cart = a_cart(event)
    a_participant(cart, "Mia Warsame", "kids", age=13)
    with pytest.raises(CannotHold, match="Kids' run is not for somebody of 13"):
        held(cart)


def test_an_empty_cart_is_not_held(event: Event) -> None:
    with pytest.raises(CannotHold):
        held(Registration.objects.create(event=event, name="Amina", email="amina@example.org"))


# --- Races ---------------------------------------------------------------------------------------------------


def at_once(act: Callable[[int], object], numbers: list[int]) -> list[object]:
    """What each gets when all press at the same moment: the answer, or the refusal."""

    def press_one(number: int) -> object:
        try:
            return act(number)
        except CannotHold as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(press_one, numbers))


def hold_one(number: int) -> object:
    return held(Registration.objects.get(pk=number)).status


@pytest.mark.postgres
def test_twenty_who_want_the_last_place_are_one(committed_db: CommittedDatabase) -> None:
    event = a_race()
    with_places(event, 1)
    carts = [a_cart(event, f"Runner {number}").pk for number in range(20)]
    answers = at_once(hold_one, carts)
    assert answers.count(Status.HELD) == 1
    assert sum(isinstance(answer, Full) for answer in answers) == 19
    assert gone(event) == 1


@pytest.mark.postgres
def test_households_that_cross_over_two_options_do_not_lock_each_other_up(committed_db: CommittedDatabase) -> None:
    event = a_race()
    with_places(event, 7)
    with_places(event, 7, "walk")
    carts = []
    for number in range(20):
        cart = a_cart(event, f"Runner {number}", option=("run", "walk")[number % 2])
        a_participant(cart, f"Other {number}", ("walk", "run")[number % 2])
        carts.append(cart.pk)
    answers = at_once(hold_one, carts)
    assert answers.count(Status.HELD) == 7
    assert (gone(event), gone(event, "walk")) == (7, 7)


@pytest.mark.postgres
def test_the_last_use_of_a_code_is_one_use(committed_db: CommittedDatabase) -> None:
    event = a_race()
    code = create_promo_code(event=event, code="ONCE", percent_off=100, max_uses=1)
    carts = [a_cart(event, f"Runner {number}", promo_code=code).pk for number in range(20)]
    assert at_once(hold_one, carts).count(Status.HELD) == 1
    assert Participant.objects.filter(discount_cents__gt=0).count() == 1


@pytest.mark.postgres
def test_holding_giving_back_and_leaving_at_once_end_within_the_places(committed_db: CommittedDatabase) -> None:
    event = a_race()
    with_places(event, 6)
    inside = [a_registration(event, f"Inside {number}").participants.get() for number in range(5)]
    waiting = [held(a_cart(event, "Held"))] + [a_cart(event, f"Runner {number}") for number in range(9)]

    def act(number: int) -> object:
        if number < 5:
            return changes.cancel(participant=inside[number]).status
        if number == 5:
            return release(registration_id=waiting[0].pk)
        return hold_one(waiting[number - 5].pk)

    at_once(act, list(range(15)))
    assert gone(event) <= 6
    assert Participant.objects.filter(status=Participant.Status.CANCELLED).count() == 5
