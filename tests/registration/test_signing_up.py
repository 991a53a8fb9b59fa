"""From the first page to the checkout: one person, a household, a child."""

import re
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from registration.carts import MOST_PEOPLE
from registration.models import Participant, Registration
from tests.factories import a_participant, a_race, a_registration, a_team
from tests.registration.people import add, look, press, said, see, sign, start, words

pytestmark = pytest.mark.django_db
Status = Registration.Status


@pytest.fixture
def event() -> Event:
    return a_race()


def the_one(cart: Registration) -> Participant:
    return cart.participants.get()


def test_one_person_fills_in_one_form_and_signs(event: Event) -> None:
    cart = start(event)
    assert "Sign, and pay $30.00" in see(cart)
    answer = sign(cart, 3000)
    assert answer.headers["Location"] == f"/checkout/{cart.token}", said(answer)
    cart.refresh_from_db()
    person = the_one(cart)
    assert (cart.status, cart.name, cart.email) == (Status.HELD, "Amina Warsame", "amina@example.org")
    assert (person.price_cents, person.signed_by, person.waiver) == (3000, "Amina Warsame", event.waivers.first())
    assert (person.page_name, person.photo_consent, person.is_protected) == ("Amina Warsame", False, False)


def test_looking_at_the_form_keeps_nothing_and_a_wrong_one_keeps_its_words(event: Event) -> None:
    look("/register/start")
    answer = press("/register/start", **words(event, age="old"))
    assert answer.status_code == 422
    assert "Enter the age in years" in said(answer)
    assert 'value="Hodan Warsame"' in said(answer)
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("option", "", "Choose how to take part."),
        ("option", "999999", "This cannot be had any more."),
        ("name", "", "Enter the name of who takes part."),
        ("name", "A\nB", "Write this on one line"),
        ("age", "", "Enter the age on race day."),
        ("age", "121", "Enter the age in years"),
        ("age", "-1", "Enter the age in years"),
        ("email", "", "Enter an e-mail address, so that we can send the confirmation."),
        ("email", "amina", "Enter an e-mail address like"),
        ("shirt_size", "", "Choose a shirt size"),
        ("shirt_size", "XXXL", "is not one of the available choices"),
        ("emergency_name", "", "Enter whom we call in an emergency."),
        ("emergency_phone", "", "Enter the phone number we call"),
        ("emergency_phone", "ask me", "Enter a phone number with its area code"),
        ("emergency_phone", "123", "Enter a phone number with its area code"),
        ("emergency_phone", "(((((((((", "Enter a phone number with its area code"),
        ("team", "\u202eevil", "Write this on one line"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(event: Event, field: str, value: str, sentence: str) -> None:
    answer = press("/register/start", **words(event, **{field: value}))
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "There is a problem" in said(answer)
    assert not Registration.objects.exists()


def test_a_household_pays_in_one_payment(event: Event) -> None:
    cart = start(event)
    add(cart, name="Ben Olson", option="walk", age="41", email="", shirt_size="none")
    assert "Sign, and pay $55.00" in see(cart)
    assert sign(cart, 5500).status_code == 302
    assert list(cart.participants.values_list("name", "signed_by", "price_cents", "shirt_size")) == [
        ("Amina Warsame", "Amina Warsame", 3000, "M"),
        ("Ben Olson", "Ben Olson", 2500, ""),
    ]


def test_the_next_form_knows_what_the_household_shares_and_nothing_else(event: Event) -> None:
    cart = start(event, team="North Loop")
    form = see(cart, "/person")
    assert 'value="Hodan Warsame"' in form
    assert 'value="612-555-0100"' in form
    assert 'value="North Loop"' in form
    assert "amina@example.org" not in form


def test_a_parent_signs_for_the_children(event: Event) -> None:
    cart = start(event)
    add(cart, name="Mia Warsame", option="kids", age="9", email="")
    assert "Amina Warsame signs, also as parent or guardian of Mia Warsame" in see(cart)
    assert sign(cart, 4000).status_code == 302
    mia = cart.participants.get(name="Mia Warsame")
    assert (mia.signed_by, mia.guardian) == ("Amina Warsame", "Amina Warsame")
    assert cart.participants.get(name="Amina Warsame").guardian == ""


def test_a_child_alone_needs_a_grown_up_who_signs(event: Event) -> None:
    cart = start(event, name="Mia Warsame", option="kids", age="9", email="mother@example.org")
    page = see(cart)
    assert "you sign as parent or guardian of Mia Warsame" in page
    assert 'value="mother@example.org"' in page
    refused = sign(cart, 1000, name="mia  warsame", email="mother@example.org")
    assert "enter their name, not the child" in said(refused)
    assert said(sign(cart, 1000)).count("Enter your name.") == 2
    assert sign(cart, 1000, name="Hodan Warsame", email="mother@example.org").status_code == 302
    cart.refresh_from_db()
    assert (cart.name, cart.email) == ("Hodan Warsame", "mother@example.org")
    assert the_one(cart).guardian == "Hodan Warsame"


def test_a_minors_page_is_protected_and_carries_the_first_name_whatever_is_sent(event: Event) -> None:
    cart = start(event, name="Mia Warsame", age="17", page_name="Mia Warsame the Fast", email="mia@example.org")
    mia = the_one(cart)
    assert (mia.page_name, mia.is_protected) == ("Mia", True)
    assert mia.email == "", "we keep no address of a child: whoever registers gets the mail"


@pytest.mark.parametrize(
    ("typed", "page_name"),
    [
        ({}, "Amina Warsame"),
        ({"page_name": "Runner A"}, "Runner A"),
        ({"is_protected": "on"}, "Amina"),
        ({"is_protected": "on", "page_name": "Night Owl"}, "Night Owl"),
    ],
)
def test_a_grown_up_chooses_the_name_on_the_page(event: Event, typed: dict[str, str], page_name: str) -> None:
    person = the_one(start(event, **typed))
    assert (person.page_name, person.is_protected) == (page_name, "is_protected" in typed)


def test_an_option_for_children_refuses_a_grown_up_and_says_for_whom_it_is(event: Event) -> None:
    answer = press("/register/start", **words(event, option="kids"))
    assert "Up to 12 years on race day." in said(answer)
    assert answer.status_code == 422


def test_a_link_of_a_team_fills_in_its_name(event: Event) -> None:
    a_team(event, "North Loop Striders")
    assert 'value="North Loop Striders"' in look("/register/start?team=north-loop-striders")
    assert 'href="/register/start?team=north-loop-striders"' in look("/register?team=north-loop-striders")
    for strange in ("nobody", "%00", "'%22%3C"):
        assert look(f"/register/start?team={strange}")
    assert 'href="/register/start"' in look("/register?team=%22%3E")


def test_the_same_person_sent_twice_is_one_entry(event: Event) -> None:
    cart = start(event)
    add(cart)
    add(cart, emergency_phone="651-555-0100")
    assert the_one(cart).emergency_phone == "651-555-0100"


def test_a_change_keeps_the_row_and_asks_to_sign_again(event: Event) -> None:
    cart = start(event)
    person = the_one(cart)
    person.waiver, person.signed_by = event.waivers.first(), "Amina Warsame"
    person.save()
    form = see(cart, f"/person/{person.pk}")
    assert 'value="Amina Warsame"' in form
    changed = words(event, name="Amina Ali", email="ali@example.org", shirt_size="none")
    assert press(f"/register/{cart.token}/person/{person.pk}", **changed).status_code == 302
    person.refresh_from_db()
    cart.refresh_from_db()
    assert (person.name, person.shirt_size, person.waiver, person.signed_by) == ("Amina Ali", "", None, "")
    assert (cart.name, cart.email) == ("Amina Ali", "ali@example.org")


def test_somebody_is_taken_out_again(event: Event) -> None:
    cart = start(event)
    add(cart, name="Ben Olson", email="ben@example.org")
    amina = cart.participants.get(name="Amina Warsame")
    assert press(f"/register/{cart.token}/person/{amina.pk}/remove").status_code == 302
    cart.refresh_from_db()
    assert the_one(cart).name == "Ben Olson"
    assert cart.email == "ben@example.org"


def test_an_empty_cart_leads_to_the_form(event: Event) -> None:
    cart = Registration.objects.create(event=event)
    assert Client().get(f"/register/{cart.token}").headers["Location"] == f"/register/{cart.token}/person"


def test_a_cart_has_an_end(event: Event) -> None:
    cart = start(event)
    for number in range(1, MOST_PEOPLE):
        a_participant(cart, f"Runner {number}")
    assert "Add a person" not in see(cart)
    press(f"/register/{cart.token}/person", **words(event, name="One More"))
    assert cart.participants.count() == MOST_PEOPLE


@pytest.mark.parametrize("signature", ["", "Somebody Else", "Amina"])
def test_nobody_signs_for_another_grown_up(event: Event, signature: str) -> None:
    cart = start(event)
    answer = sign(cart, 3000, **{f"sign_{the_one(cart).pk}": signature})
    assert answer.status_code == 422
    cart.refresh_from_db()
    assert (cart.status, the_one(cart).signed_by) == (Status.CART, "")


def test_case_and_spaces_do_not_spoil_a_signature(event: Event) -> None:
    cart = start(event)
    assert sign(cart, 3000, **{f"sign_{the_one(cart).pk}": " amina   WARSAME"}).status_code == 302


def test_pressed_twice_it_goes_on_to_the_same_payment(event: Event) -> None:
    cart = start(event)
    sign(cart, 3000)
    again = sign(cart, 3000)
    assert again.status_code == 200
    assert "Your places are held" in said(again)


def test_while_it_is_paid_nothing_can_be_changed(event: Event) -> None:
    cart = start(event)
    sign(cart, 3000)
    person = the_one(cart)
    for path in ("/person", f"/person/{person.pk}", "/code", "/gift"):
        typed = words(event, name="Changed", code="X", amount="50")
        answer = press(f"/register/{cart.token}{path}", **typed)
        assert answer.headers["Location"] == f"/register/{cart.token}", path
    assert press(f"/register/{cart.token}/person/{person.pk}/remove").status_code == 302
    cart.refresh_from_db()
    assert (the_one(cart).name, cart.gift_cents, cart.promo_code) == ("Amina Warsame", 0, None)
    assert "Go on to the payment" in see(cart)


@pytest.mark.parametrize("state", ["postponed", "cancelled"])
def test_a_race_that_does_not_take_place_takes_nobody(event: Event, state: str) -> None:
    cart = start(event)
    Event.objects.update(state=state, state_note="We write as soon as we know more.")
    page = look("/register")
    assert "Sign-up is closed" in page
    assert state in page
    assert "We write as soon as we know more." in page
    assert Client().get("/register/start").headers["Location"] == "/register"
    assert press("/register/start", **words(event)).status_code == 302
    answer = sign(cart, 3000)
    assert f"The race is {state}" in said(answer)
    assert "Nothing was taken." in said(answer)
    cart.refresh_from_db()
    assert cart.status == Status.CART


def test_sign_up_closes_some_hours_before_the_start() -> None:
    event = a_race(days=0.05)
    cart = Registration.objects.create(event=event, name="Amina", email="a@example.org")
    a_participant(cart)
    assert "Sign, and pay" in see(cart)
    event.entry_close_hours = 2
    event.save()
    assert "Online sign-up has closed." in look("/register")
    answer = sign(cart, 4000)
    assert "Online sign-up has closed. Nothing was taken." in said(answer)


def test_strangers_find_nothing(event: Event) -> None:
    mine, other = start(event), a_registration(event, "Ben Olson")
    theirs = other.participants.get()
    client = Client()
    for path in (f"/register/{mine.token}/person/{theirs.pk}", f"/registration/{mine.token}/{theirs.pk}/transfer"):
        assert client.get(path).status_code == 404
        assert client.post(path, words(event)).status_code == 404
    assert client.post(f"/register/{mine.token}/person/{theirs.pk}/remove").status_code == 404
    guess = "00000000-0000-0000-0000-000000000000"
    for path in (
        f"/register/{guess}",
        f"/register/{guess}/person",
        f"/registration/{guess}",
        f"/register/waiting/{guess}",
    ):
        assert client.get(path).status_code == 404


def test_a_private_page_is_kept_by_nobody_and_tells_no_other_site(event: Event) -> None:
    answer: Any = Client().get(f"/register/{start(event).token}")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_nothing_is_ticked_beforehand(event: Event) -> None:
    assert not re.search(r"<input[^>]*type=\"(checkbox|radio)\"[^>]*checked", look("/register/start"))
