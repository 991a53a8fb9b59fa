"""Who deferred gets the entry in the next edition: told by mail, taken at the private link, and good once."""

from datetime import timedelta
from pathlib import Path

import pytest

from donations.giving import entries
from events.models import Event
from events.services import load_event
from fundraisers.models import Fundraiser
from outreach.emails import text_of
from outreach.models import OutboxMail
from registration import changes
from registration.models import PromoCode, Registration
from registration.tasks import tend
from tests.factories import EVENT_FILE, a_cart, a_race, a_registration
from tests.registration.people import add, look, press, see, sign

pytestmark = pytest.mark.django_db
NEXT = "not-in-our-city-5k-next"


@pytest.fixture
def household() -> Registration:
    """Two of three deferred, in an edition that is over now."""
    event = a_race()
    registration = a_registration(event, "Amina Warsame", "Bo Lind", "Cai Moua")
    for person in registration.participants.exclude(name="Cai Moua"):
        changes.defer(participant=person)
    Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at - timedelta(days=90))
    return registration


def the_next_edition(tmp_path: Path) -> Event:
    """The same event's file with another address: loaded, it is the current one."""
    file = tmp_path / "next.toml"
    file.write_text(EVENT_FILE.read_text().replace('slug = "not-in-our-city-5k"', f'slug = "{NEXT}"', 1))
    event = load_event(file, coming=True)
    assert event.is_current
    assert event.slug == NEXT
    return event


def link(registration: Registration) -> str:
    return f"/registration/{registration.token}"


def take(registration: Registration) -> Registration:
    answer = press(f"{link(registration)}/free-entry")
    assert answer.status_code == 302
    return Registration.objects.get(token=answer.headers["Location"].rpartition("/")[2])


def test_before_there_is_a_next_edition_the_promise_is_said_and_nothing_can_be_taken(household: Registration) -> None:
    shown = look(link(household))
    assert shown.count("the free entry waits here") == 2
    assert "Take the free entry" not in shown
    press(f"{link(household)}/free-entry")
    assert not PromoCode.objects.exists()
    mail = OutboxMail.objects.filter(template="email/registration_changed").first()
    assert mail
    assert "you get a mail when it can be signed up for" in text_of(mail)


def test_the_next_edition_is_told_by_one_mail_a_registration(household: Registration, tmp_path: Path) -> None:
    the_next_edition(tmp_path)
    tend()
    tend()
    mail = OutboxMail.objects.get(key__startswith="promise:")
    assert mail.to == "amina@example.org"
    assert link(household) in text_of(mail)
    assert "Take the free entry" in text_of(mail)


@pytest.mark.money
def test_the_free_entries_are_taken_without_a_payment_and_only_once(household: Registration, tmp_path: Path) -> None:
    event = the_next_edition(tmp_path)
    shown = look(link(household))
    assert "2 entries that were deferred are free" in shown
    assert "/r/" not in shown, "the pages of the last edition are not shown any more"
    cart = take(household)
    assert take(household) == cart, "pressed twice is one cart"
    assert 'value="Amina Warsame"' in see(cart, "/person")
    add(cart)
    add(cart, name="Bo Lind", email="bo@example.org")
    cart.refresh_from_db()
    assert cart.event == event
    assert sign(cart, 0).status_code == 302
    cart.refresh_from_db()
    assert entries.start(cart) is None, "nothing to pay"
    cart.refresh_from_db()
    assert cart.status == Registration.Status.CONFIRMED
    assert {person.due_cents for person in cart.participants.all()} == {0}
    assert Fundraiser.objects.filter(event=event).count() == 2
    assert "It has been taken." in look(link(household))
    press(f"{link(household)}/free-entry")
    assert Registration.objects.filter(event=event).count() == 1


def test_more_people_than_deferred_pay_in_a_cart_of_their_own(household: Registration, tmp_path: Path) -> None:
    the_next_edition(tmp_path)
    cart = take(household)
    for name in ("Amina Warsame", "Bo Lind", "Dee Park"):
        add(cart, name=name)
    assert "is good for 2 more people" in see(cart)


def test_the_code_can_be_typed_into_a_cart_too(household: Registration, tmp_path: Path) -> None:
    event = the_next_edition(tmp_path)
    take(household)
    code = PromoCode.objects.get()
    assert code.code in look(link(household))
    other = a_cart(event)
    assert press(f"/register/{other.token}/code", code=code.code).status_code == 302
    other.refresh_from_db()
    assert other.promo_code == code


def test_who_did_not_defer_and_who_cancelled_has_no_free_entry(tmp_path: Path) -> None:
    event = a_race()
    registration = a_registration(event, "Amina Warsame", "Bo Lind")
    changes.cancel(participant=registration.participants.get(name="Bo Lind"))
    Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at - timedelta(days=90))
    the_next_edition(tmp_path)
    assert "free entry" not in look(link(registration))
    press(f"{link(registration)}/free-entry")
    assert not PromoCode.objects.exists()


def test_a_friends_cart_with_the_code_is_nobody_elses_to_open(household: Registration, tmp_path: Path) -> None:
    event = the_next_edition(tmp_path)
    own = take(household)
    Registration.objects.filter(pk=own.pk).delete()
    theirs = a_cart(event, "Stranger Child", name="Stranger", email="stranger@example.org")
    press(f"/register/{theirs.token}/code", code=PromoCode.objects.get().code)
    assert take(household) != theirs
