"""The big screen's address: made at the desk, opens without sign-in, shows what everybody may see, ends at once."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, StaffAct
from common import clock
from donations.giving.models import Donation
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from outreach.tokens import token_of
from screens.models import Screen
from screens.queries import PURPOSE, screen_of
from screens.services import add_screen, revoke_screen
from tests.desk.cast import at_desk
from tests.factories import a_page, a_payment, an_event, paid

pytestmark = pytest.mark.money


@pytest.fixture
def page(db: None) -> Fundraiser:
    return a_page()


def an_address(**more: object) -> str:
    told = {"name": "Stage", "place": "", "invites": "give", "shows_thanks": False} | more
    return f"/live/{add_screen(**told, by=None)[1]}"  # type: ignore[arg-type]


def seen(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_an_organizer_makes_a_screen_and_reads_its_address_once(page: Fundraiser) -> None:
    desk = at_desk(Role.ORGANIZER)
    made = desk.post("/desk/screens", {"name": "Finish line", "place": "Gate 34", "invites": "give"})
    address = made.context["address"]
    assert address in made.content.decode()
    assert Client().get(address).status_code == 200
    again = desk.get("/desk/screens").content.decode()
    assert "Finish line" in again
    assert "Gate 34" in again
    assert address.rsplit("/", 1)[1] not in again
    assert StaffAct.objects.get().verb == "made a screen"


def test_a_screen_without_a_name_is_not_made(page: Fundraiser) -> None:
    answer = at_desk(Role.ORGANIZER).post("/desk/screens", {"name": " ", "invites": "give"})
    assert answer.status_code == 422
    assert "Enter a name" in answer.content.decode()
    assert not Screen.objects.exists()


def test_what_its_address_carries_is_kept_nowhere(page: Fundraiser) -> None:
    token = an_address().removeprefix("/live/")
    kept = Screen.objects.values_list().get()
    assert not [value for value in map(str, kept) if len(value) > 8 and value in token]


def test_switching_off_ends_the_address_at_once_and_once(page: Fundraiser) -> None:
    address, desk = an_address(), at_desk(Role.ORGANIZER)
    screen = Screen.objects.get()
    assert desk.post(f"/desk/screens/{screen.pk}/revoke").status_code == 302
    assert Client().get(address).status_code == 404
    assert (
        "Somebody at the desk was faster"
        in desk.post(f"/desk/screens/{screen.pk}/revoke", follow=True).content.decode()
    )
    assert StaffAct.objects.filter(verb="switched off a screen").count() == 1


def test_a_screen_answers_one_person_alone_and_no_cookie_is_set(page: Fundraiser) -> None:
    answer = Client().get(an_address())
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert b"<form" not in answer.content
    assert Client().post(an_address()).status_code == 405


def test_an_address_that_was_made_up_costs_no_question_to_the_database(
    page: Fundraiser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for guess in ("x", "a:b:c", token_of("claim_token", "key")):
        with django_assert_num_queries(0), pytest.raises(Http404):
            screen_of(guess)
    assert Client().get(f"/live/{token_of(PURPOSE, 'no key of ours')}").status_code == 404
    assert Client().get(f"/live/{token_of(PURPOSE, {'not': 'text'})}").status_code == 404


def test_it_shows_the_total_who_leads_and_what_was_given(page: Fundraiser) -> None:
    paid(a_payment(page))
    shown = seen(an_address())
    for words in ("$50", "Amina Warsame", "North Loop", "Rosa Delgado", "Breaking Free", "to Amina Warsame"):
        assert words in shown, words


def test_before_the_first_runner_it_says_that_the_race_begins(db: None) -> None:
    an_event()
    assert "The race is about to begin" in seen(an_address())


def test_a_page_that_is_hidden_is_gone_with_the_next_answer(page: Fundraiser) -> None:
    paid(a_payment(page))
    address = an_address()
    first = Client().get(address)
    assert b"Amina" in first.content
    set_hidden(fundraiser=page, hidden=True)
    then = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert then.status_code == 200
    assert b"Amina" not in then.content
    assert b"$50" in then.content


@pytest.mark.parametrize("is_protected", [False, True])
def test_a_page_that_lists_do_not_show_is_on_no_screen(page: Fundraiser, is_protected: bool) -> None:
    quiet = a_page(page.event, name="Quiet Runner", is_listed=False)
    Fundraiser.objects.filter(pk=quiet.pk).update(is_protected=is_protected)
    paid(a_payment(quiet))
    shown = seen(an_address())
    assert "Quiet" not in shown
    assert "Rosa" not in shown


def test_a_gift_is_shown_as_its_donor_wished(page: Fundraiser) -> None:
    paid(a_payment(page, shown="alias", alias="Coach T", amount_hidden=True))
    shown = seen(an_address())
    assert "Coach T" in shown
    assert "Rosa" not in shown
    Donation.objects.update(message_state=Donation.MessageState.WAITING)
    add = a_page(page.event, name="Tou Vang")
    paid(a_payment(add))
    assert "Coach T" not in seen(an_address())


def test_thanks_are_shown_where_the_desk_wants_them_and_never_while_they_wait(page: Fundraiser) -> None:
    paid(a_payment(page))
    Donation.objects.update(thanks="You made my day.", thanked_at=clock.now())
    assert "You made my day." in seen(an_address(shows_thanks=True))
    assert "You made my day." not in seen(an_address())
    Donation.objects.update(thanks_state=Donation.MessageState.WAITING)
    paid(a_payment(a_page(page.event, name="Tou Vang")))
    assert "You made my day." not in seen(an_address(shows_thanks=True))


def test_its_code_leads_where_the_desk_said(page: Fundraiser) -> None:
    assert "Scan to give" in seen(an_address())
    assert "Scan to register" in seen(an_address(invites="register"))


def test_nothing_changed_costs_two_questions_and_no_body(
    page: Fundraiser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = an_address()
    tag = Client().get(address)["ETag"]
    with django_assert_num_queries(2):
        answer = Client().get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.content == b""


def test_when_it_asked_last_is_noted_once_a_minute(page: Fundraiser) -> None:
    address = an_address()
    seen(address)
    first = Screen.objects.get().last_seen_at
    seen(address)
    assert first == Screen.objects.get().last_seen_at is not None
    Screen.objects.update(last_seen_at=clock.now() - timedelta(minutes=2))
    seen(address)
    last = Screen.objects.get().last_seen_at
    assert last
    assert clock.now() - last < timedelta(minutes=1)


def test_a_screen_that_is_off_cannot_be_switched_off_again(page: Fundraiser) -> None:
    an_address()
    screen = Screen.objects.get()
    assert revoke_screen(screen=screen)
    assert not revoke_screen(screen=screen)
