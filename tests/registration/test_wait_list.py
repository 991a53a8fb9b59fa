"""The wait list: in order, a day each, and nobody overtakes."""

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from events.models import Event
from outreach.models import OutboxMail
from registration import changes
from registration.models import Registration, WaitListEntry
from registration.queries import taken
from registration.services import Full, hold, release
from registration.tasks import tend
from tests.factories import a_cart, a_race, a_registration
from tests.registration.people import look, press, said, sign, start, with_places, words

pytestmark = pytest.mark.django_db
Status = WaitListEntry.Status


@pytest.fixture
def event() -> Event:
    """One place, and it is taken."""
    event = a_race()
    with_places(event, 1)
    return event


@pytest.fixture
def inside(event: Event) -> Registration:
    return a_registration(event)


def join(name: str) -> WaitListEntry:
    answer = press("/register/wait/run", name=name, email=f"{name.lower()}@example.org")
    assert answer.status_code == 302, said(answer)
    return WaitListEntry.objects.get(token=answer.headers["Location"].rpartition("/")[2])


def leave_race(inside: Registration) -> None:
    changes.cancel(participant=inside.participants.get())


def standing() -> dict[str, str]:
    return dict(WaitListEntry.objects.values_list("name", "status"))


def end_offers() -> None:
    WaitListEntry.objects.filter(status=Status.OFFERED).update(offer_ends_at=clock.now() - timedelta(seconds=1))


def test_who_waits_sees_how_many_are_ahead_and_gets_a_mail(inside: Registration) -> None:
    join("Rosa")
    entry = join("Sam")
    assert "1 person is ahead of you" in look(f"/register/waiting/{entry.token}")
    mail = OutboxMail.objects.get(to="sam@example.org")
    assert str(entry.token) in mail.context["own_url"]


def test_waiting_twice_keeps_the_first_place_in_the_line(inside: Registration) -> None:
    entry = join("Rosa")
    again = press("/register/wait/run", name="rosa", email="ROSA@example.org")
    assert again.status_code == 200
    assert str(entry.token) not in said(again), "whoever types an address need not be its owner"
    assert OutboxMail.objects.filter(key__startswith=f"waiting:{entry.pk}:", to="rosa@example.org").exists()
    assert WaitListEntry.objects.count() == 1


def test_nobody_takes_a_free_place_out_of_the_race_by_waiting_for_it(event: Event) -> None:
    answer = press("/register/wait/run", name="Rosa", email="rosa@example.org")
    assert answer.headers["Location"] == "/register"
    assert not WaitListEntry.objects.exists()


def test_a_place_that_comes_free_is_offered_to_the_first_one_for_a_day(inside: Registration) -> None:
    first, _second = join("Rosa"), join("Sam")
    leave_race(inside)
    assert standing() == {"Rosa": Status.OFFERED, "Sam": Status.WAITING}
    first.refresh_from_db()
    assert first.offer_ends_at
    assert timedelta(hours=23, minutes=59) < first.offer_ends_at - clock.now() <= timedelta(hours=24)
    assert OutboxMail.objects.filter(key=f"offer:{first.pk}", to="rosa@example.org").exists()


def test_an_offer_never_outlives_sign_up(inside: Registration, event: Event) -> None:
    join("Rosa")
    event.starts_at = clock.now() + timedelta(hours=5)
    event.save()
    leave_race(inside)
    entry = WaitListEntry.objects.get()
    assert entry.offer_ends_at == event.starts_at - timedelta(hours=1)


def test_an_offered_place_is_nobody_elses(inside: Registration, event: Event) -> None:
    join("Rosa")
    leave_race(inside)
    option = event.options.get(slug="run")
    assert taken([option])[option.pk] == 1
    with pytest.raises(Full):
        hold(registration=a_cart(event, "Ben Olson"), until=clock.now())
    assert press("/register/start", **words(event)).status_code == 422


def test_the_offer_leads_to_a_place(inside: Registration, event: Event) -> None:
    entry = join("Rosa")
    leave_race(inside)
    assert f"/register/start?offer={entry.token}" in look(f"/register/waiting/{entry.token}")
    path = f"/register/start?offer={entry.token}"
    assert 'value="rosa@example.org"' in look(path)
    cart = start(event, path, name="Rosa Delgado", email="rosa@example.org")
    assert sign(cart, 3000).status_code == 302
    assert standing() == {"Rosa": Status.USED}
    assert "The place is yours" in look(f"/register/waiting/{entry.token}")


def test_not_paid_the_offer_stands_as_long_as_it_was_given_for(inside: Registration, event: Event) -> None:
    entry = join("Rosa")
    join("Sam")
    leave_race(inside)
    cart = start(event, f"/register/start?offer={entry.token}", name="Rosa Delgado")
    sign(cart, 3000)
    release(registration_id=cart.pk)
    assert standing() == {"Rosa": Status.OFFERED, "Sam": Status.WAITING}
    assert sign(cart, 3000).status_code == 302
    release(registration_id=cart.pk)
    end_offers()
    tend()
    assert standing() == {"Rosa": Status.OVER, "Sam": Status.OFFERED}
    assert "5K run is full" in said(sign(cart, 3000))


def test_an_offer_that_nobody_took_goes_to_the_next_one(inside: Registration) -> None:
    entry = join("Rosa")
    join("Sam")
    leave_race(inside)
    end_offers()
    assert "A place is free" not in look(f"/register/waiting/{entry.token}")
    tend()
    tend()
    assert standing() == {"Rosa": Status.OVER, "Sam": Status.OFFERED}
    assert "The offer has ended" in look(f"/register/waiting/{entry.token}")


def test_an_offer_that_ended_is_no_way_in(inside: Registration, event: Event) -> None:
    entry = join("Rosa")
    leave_race(inside)
    cart = start(event, f"/register/start?offer={entry.token}", name="Rosa Delgado")
    end_offers()
    assert "5K run is full" in said(sign(cart, 3000))


def test_more_places_are_offered_to_who_waits_before_anybody_else(inside: Registration, event: Event) -> None:
    join("Rosa")
    with_places(event, 2)
    assert "Full." in look("/register")
    with pytest.raises(Full):
        hold(registration=a_cart(event, "Ben Olson"), until=clock.now())
    tend()
    assert standing() == {"Rosa": Status.OFFERED}


def test_who_leaves_the_list_makes_way(inside: Registration) -> None:
    entry = join("Rosa")
    join("Sam")
    leave_race(inside)
    answer = press(f"/register/waiting/{entry.token}")
    assert answer.status_code == 302
    assert standing() == {"Rosa": Status.LEFT, "Sam": Status.OFFERED}
    press(f"/register/waiting/{entry.token}")
    assert "You left the list" in look(f"/register/waiting/{entry.token}")


def test_looking_at_the_link_takes_and_leaves_nothing(inside: Registration) -> None:
    entry = join("Rosa")
    leave_race(inside)
    look(f"/register/waiting/{entry.token}")
    look(f"/register/start?offer={entry.token}")
    assert standing() == {"Rosa": Status.OFFERED}


@pytest.mark.parametrize("typed", [{"name": "", "email": "a@b.org"}, {"name": "Rosa", "email": "rosa"}])
def test_a_wrong_form_keeps_nothing(inside: Registration, typed: dict[str, str]) -> None:
    assert press("/register/wait/run", **typed).status_code == 422
    assert not WaitListEntry.objects.exists()


def test_when_the_race_is_off_nobody_waits_and_nothing_is_offered(inside: Registration, event: Event) -> None:
    join("Rosa")
    Event.objects.update(state=Event.State.CANCELLED)
    leave_race(inside)
    tend()
    assert standing() == {"Rosa": Status.WAITING}
    assert Client().get("/register/wait/run").headers["Location"] == "/register"
    assert Client().get("/register/wait/nothing").status_code == 404
