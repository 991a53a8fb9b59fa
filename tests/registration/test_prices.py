"""What it costs: by date, less a code, plus a first gift; what is shown is what is paid."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from donations.payments import gateway
from donations.payments.models import Payment
from events.models import Event, PriceTier
from registration.codes import create_promo_code, set_active
from registration.models import PromoCode, Registration
from registration.quotes import discount, quote
from registration.services import CannotHold, hold, reopen
from tests.factories import a_cart, a_participant, a_race
from tests.registration.people import add, look, press, said, see, sign, start

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def event() -> Event:
    return a_race()


def end_first_price(event: Event, in_time: timedelta) -> None:
    """The first price of the run holds until then."""
    tier = event.options.get(slug="run").tiers.all()[0]
    PriceTier.objects.filter(pk=tier.pk).update(until=clock.now() + in_time)


def a_code(event: Event, **more: object) -> PromoCode:
    return create_promo_code(event=event, code="Loop 10", **{"percent_off": 10} | more)  # type: ignore[arg-type]


def use(cart: Registration, code: str) -> str:
    answer = press(f"/register/{cart.token}/code", code=code)
    return said(answer) if answer.status_code != 302 else see(cart)


def test_a_price_holds_until_its_last_moment(event: Event) -> None:
    cart = a_cart(event)
    end_first_price(event, timedelta(minutes=1))
    assert quote(cart).total_cents == 3000
    end_first_price(event, -SECOND)
    assert quote(cart).total_cents == 3500


def test_a_price_that_changed_between_is_not_paid_before_it_was_seen(event: Event) -> None:
    cart = start(event)
    assert "$30.00" in see(cart)
    end_first_price(event, -SECOND)
    answer = sign(cart, 3000)
    assert answer.status_code == 422
    assert "The price has just changed, and nothing was taken." in said(answer)
    assert "Sign, and pay $35.00" in said(answer)
    assert sign(cart, 3500).status_code == 302


def test_the_price_is_frozen_with_the_place(event: Event) -> None:
    cart = a_cart(event)
    hold(registration=cart, until=clock.now())
    end_first_price(event, -SECOND)
    cart.refresh_from_db()
    assert quote(cart).total_cents == 3000
    assert reopen(registration_id=cart.pk)
    cart.refresh_from_db()
    assert quote(cart).total_cents == 3500


def test_what_can_be_had_shows_the_price_and_until_when(event: Event) -> None:
    page = look("/register")
    assert "$30" in page
    assert "This price holds until" in page
    assert "2000 places left" in page


def test_a_code_takes_its_part_off_everybody(event: Event) -> None:
    a_code(event)
    cart = start(event)
    add(cart, name="Ben Olson", option="walk", email="")
    page = use(cart, " loop10 ")
    assert "Code LOOP10" in page
    assert "\u2212$5.50" in page
    assert "Sign, and pay $49.50" in page
    assert sign(cart, 4950).status_code == 302
    assert list(cart.participants.values_list("price_cents", "discount_cents")) == [(3000, 300), (2500, 250)]


def test_a_code_is_taken_away_again(event: Event) -> None:
    a_code(event)
    cart = start(event)
    assert "$27.00" in use(cart, "LOOP10")
    assert "Sign, and pay $30.00" in use(cart, "")


@pytest.mark.parametrize("typed", ["NOBODY", "LOOP-10", "' OR 1=1", "\u0661"])
def test_a_code_that_nobody_made_is_refused(event: Event, typed: str) -> None:
    a_code(event)
    cart = start(event)
    assert "We do not know this code." in use(cart, typed)
    assert "Sign, and pay $30.00" in see(cart)


def test_a_code_of_another_event_is_unknown_here(event: Event) -> None:
    other = Event.objects.get(pk=event.pk)
    other.pk, other.slug, other.is_current = None, "other", False
    other.save()
    a_code(other)
    assert "We do not know this code." in use(start(event), "LOOP10")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"valid_until": clock.now() - SECOND}, "is not valid any more"),
        ({"max_uses": 0}, "has been used up"),
        ({"max_uses": 1}, "is good for 1 more person"),
    ],
)
def test_a_code_that_cannot_be_used_takes_nothing_off_and_says_why(
    event: Event, more: dict[str, object], sentence: str
) -> None:
    a_code(event, **more)
    cart = start(event)
    add(cart, name="Ben Olson", email="")
    page = use(cart, "LOOP10")
    assert sentence in page
    assert "The total is without it." in page
    assert "Sign, and pay $60.00" in page
    assert "Take the code out of the cart to go on." in said(sign(cart, 6000))


def test_a_code_that_was_switched_off_meanwhile_is_not_paid_unseen(event: Event) -> None:
    code = a_code(event)
    cart = start(event)
    use(cart, "LOOP10")
    set_active(promo_code=code, active=False)
    assert "The price has just changed" in said(sign(cart, 2700))


def test_a_use_counts_once_it_is_held_and_comes_back_when_it_is_given_back(event: Event) -> None:
    code = a_code(event, max_uses=1)
    first, second = a_cart(event, promo_code=code), a_cart(event, "Ben Olson", promo_code=code)
    hold(registration=first, until=clock.now())
    with pytest.raises(CannotHold, match="used up"):
        hold(registration=second, until=clock.now())
    reopen(registration_id=first.pk)
    assert hold(registration=second, until=clock.now()).status == Registration.Status.HELD


def test_free_people_use_up_no_code(event: Event) -> None:
    code = a_code(event, max_uses=1)
    event.options.get(slug="kids").tiers.update(cents=0)
    cart = a_cart(event, promo_code=code)
    a_participant(cart, "Mia Warsame", "kids", age=9)
    assert quote(cart).total_cents == 2700


@pytest.mark.parametrize(
    "wrong",
    [{"percent_off": 0}, {"percent_off": 101}, {"code": "a-b"}, {"code": ""}, {"code": "x" * 21}, {"code": "loop10"}],
)
def test_a_code_that_makes_no_sense_is_not_made(event: Event, wrong: dict[str, object]) -> None:
    a_code(event)
    with pytest.raises(ValidationError):
        create_promo_code(event=event, **{"code": "new", "percent_off": 10} | wrong)  # type: ignore[arg-type]
    assert PromoCode.objects.count() == 1


@given(st.integers(0, 10**7), st.integers(0, 100), st.integers(0, 10**7))
def test_a_discount_is_never_more_than_the_price_and_whole_with_hundred(price: int, percent: int, cents: int) -> None:
    taken = discount(PromoCode(percent_off=percent, cents_off=cents), price)
    assert 0 <= taken <= price
    assert taken >= min(price, cents)
    if percent == 100:
        assert taken == price


def test_a_first_gift_is_in_the_same_total(event: Event) -> None:
    cart = start(event)
    press(f"/register/{cart.token}/gift", preset="2500")
    page = see(cart)
    assert "First gift to Amina Warsame" in page
    assert "Sign, and pay $55.00" in page
    press(f"/register/{cart.token}/gift", amount="12.34")
    assert "Sign, and pay $42.34" in see(cart)
    press(f"/register/{cart.token}/gift")
    assert "Sign, and pay $30.00" in see(cart)


@pytest.mark.parametrize("amount", ["0.99", "-5", "fifty", "100000.01", "1e9", "0"])
def test_a_gift_that_cannot_be_is_refused(event: Event, amount: str) -> None:
    cart = start(event)
    answer = press(f"/register/{cart.token}/gift", amount=amount)
    assert answer.status_code == 422
    cart.refresh_from_db()
    assert cart.gift_cents == 0


def test_a_free_entry_is_confirmed_without_stripe(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    a_code(event, percent_off=100)
    cart = start(event)
    assert "There is nothing to pay." in use(cart, "LOOP10")
    answer = sign(cart, 0)

    def asked(*_args: object, **_more: object) -> None:
        raise AssertionError("Stripe was asked")

    monkeypatch.setattr(gateway, "create_checkout", asked)
    done = Client().get(answer.headers["Location"])
    assert done.headers["Location"] == f"/registration/{cart.token}"
    assert "You are in" in look(done.headers["Location"])
    assert not Payment.objects.exists()
