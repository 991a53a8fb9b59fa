"""A place after it was confirmed: what is said before it is cancelled, handed on or deferred, and what then happens."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from common import clock
from common.append_only import is_append_only
from events.models import Event
from outreach.models import OutboxMail
from registration import changes
from registration.consequences import of_cancelling, of_deferring
from registration.forms import DetailsForm
from registration.models import Participant, ParticipantChange, Registration
from registration.queries import taken
from registration.services import confirm, hold
from tests.factories import a_cart, a_race, a_registration
from tests.registration.people import look, press, said, sign, words

pytestmark = pytest.mark.django_db
Status = Participant.Status


@pytest.fixture
def event() -> Event:
    return a_race()


@pytest.fixture
def amina(event: Event) -> Participant:
    return a_registration(event).participants.get()


def address(person: Participant, what: str = "") -> str:
    return f"/registration/{person.registration.token}/{person.pk}/{what}"


def gone(event: Event) -> int:
    option = event.options.get(slug="run")
    return taken([option])[option.pk]


def log_of(person: Participant) -> list[str]:
    return list(person.changes.values_list("what", flat=True))


def starts_in(event: Event, days: float) -> None:
    Event.objects.filter(pk=event.pk).update(starts_at=clock.now() + timedelta(days=days))


def fresh(person: Participant) -> Participant:
    return Participant.objects.select_related("registration__event").get(pk=person.pk)


# --- Cancelling ---------------------------------------------------------------------------------------------


def test_in_time_the_fee_goes_back_and_the_amount_is_frozen(event: Event, amina: Participant) -> None:
    assert "The entry fee of $30.00 goes back the way it was paid." in of_cancelling(amina).money
    cancelled = changes.cancel(participant=amina)
    assert (cancelled.status, cancelled.refund_due_cents) == (Status.CANCELLED, 3000)
    starts_in(event, 1)
    assert changes.cancel(participant=amina).refund_due_cents == 3000, "again, and later: the same answer"
    assert (gone(event), log_of(amina)) == (0, ["cancelled"])


def test_too_late_the_fee_stays_with_the_organizations_and_says_so(event: Event, amina: Participant) -> None:
    starts_in(event, 13)
    said_before = of_cancelling(fresh(amina)).money
    assert said_before.startswith("The entry fee of $30.00 could go back until ")
    assert "Now it stays a gift to the organizations." in said_before
    assert changes.cancel(participant=amina).refund_due_cents == 0
    mail = OutboxMail.objects.get(template="email/registration_changed")
    assert said_before in mail.context["sentences"], "the mail says what was said before"


@pytest.mark.parametrize(("field", "value", "sentence"), [("refund_days", None, "is not refunded")])
def test_an_event_that_refunds_nothing_says_so(
    event: Event, amina: Participant, field: str, value: None, sentence: str
) -> None:
    Event.objects.filter(pk=event.pk).update(**{field: value})
    assert sentence in of_cancelling(fresh(amina)).money


def test_a_free_place_has_nothing_to_go_back(event: Event, amina: Participant) -> None:
    Participant.objects.update(discount_cents=3000)
    assert "Nothing was paid for this entry" in of_cancelling(fresh(amina)).money
    assert "nothing goes back" in of_deferring(fresh(amina)).money


def test_once_the_race_has_begun_only_the_desk_cancels(event: Event, amina: Participant) -> None:
    starts_in(event, -0.1)
    with pytest.raises(changes.CannotChange, match="The race has begun"):
        changes.cancel(participant=amina)
    assert fresh(amina).status == Status.ACTIVE


# --- Handing on ---------------------------------------------------------------------------------------------


def hand_on(person: Participant, name: str = "Ben Olson") -> Registration:
    answer = press(address(person, "transfer"), name=name, email="ben@example.org")
    assert answer.status_code == 302, said(answer)
    return Registration.objects.get(takes_over=person)


def test_the_page_says_what_happens_before(amina: Participant) -> None:
    page = look(address(amina, "transfer"))
    for words_said in ("Until then the place stays with Amina Warsame", "keeps the page", "Nothing is paid"):
        assert words_said in page
    assert not Registration.objects.filter(takes_over=amina).exists()


def test_until_the_new_person_signs_nothing_has_changed(event: Event, amina: Participant) -> None:
    new = hand_on(amina)
    mail = OutboxMail.objects.get(to="ben@example.org")
    assert mail.context["own_url"].endswith(f"/register/{new.token}")
    assert fresh(amina).status == Status.ACTIVE
    assert gone(event) == 1
    assert "Offered to Ben Olson" in look(f"/registration/{amina.registration.token}")


def test_the_new_person_fills_in_and_signs_and_takes_part(event: Event, amina: Participant) -> None:
    event.options.filter(slug="run").update(capacity=1)
    new = hand_on(amina)
    form = look(f"/register/{new.token}/person")
    assert 'value="Ben Olson"' in form
    assert "Amina Warsame hands a place on to you" in form
    press(f"/register/{new.token}/person", **words(event, name="Ben Olson", email="ben@example.org", age="50"))
    page = look(f"/register/{new.token}")
    assert "Sign and register" in page
    assert sign(new, 0).headers["Location"] == f"/checkout/{new.token}"
    assert gone(event) == 1, "one place, counted once"
    confirm(registration_id=new.pk)
    assert fresh(amina).status == Status.TRANSFERRED
    assert (gone(event), log_of(amina)) == (1, ["offered_on", "transferred"])
    ben = new.participants.get()
    assert (ben.name, ben.signed_by, ben.due_cents) == ("Ben Olson", "Ben Olson", 0)
    assert OutboxMail.objects.filter(key=f"changed:{amina.pk}:transferred", to="amina@example.org").exists()
    assert "Handed on to somebody else" in look(f"/registration/{amina.registration.token}")


def test_a_place_is_handed_on_as_it_is(event: Event, amina: Participant) -> None:
    new = hand_on(amina)
    typed = words(event, name="Ben Olson", option="walk")
    assert press(f"/register/{new.token}/person", **typed).status_code == 422
    press(f"/register/{new.token}/person", **words(event, name="Ben Olson"))
    press(f"/register/{new.token}/person", **words(event, name="One More"))
    assert "cannot be handed on to you any more" in said(sign(new, 0)), "one place is for one person"


def test_the_offer_can_be_taken_back_and_its_link_leads_nowhere(event: Event, amina: Participant) -> None:
    new = hand_on(amina)
    press(f"/register/{new.token}/person", **words(event, name="Ben Olson"))
    assert press(address(amina, "keep")).status_code == 302
    assert Client().get(f"/register/{new.token}").status_code == 404
    assert not Participant.objects.filter(name="Ben Olson").exists()
    assert log_of(amina) == ["offered_on", "kept"]
    assert fresh(amina).status == Status.ACTIVE


def test_a_place_is_offered_to_one_at_a_time(amina: Participant) -> None:
    hand_on(amina)
    answer = press(address(amina, "transfer"), name="Cleo", email="cleo@example.org")
    assert "This place is offered to somebody already." in said(answer)


def test_who_leaves_meanwhile_takes_the_offer_along(event: Event, amina: Participant) -> None:
    new = hand_on(amina)
    changes.cancel(participant=amina)
    assert not Registration.objects.filter(pk=new.pk).exists()
    assert gone(event) == 0


def test_while_the_new_person_finishes_nobody_pulls_the_place_away(event: Event, amina: Participant) -> None:
    new = hand_on(amina)
    press(f"/register/{new.token}/person", **words(event, name="Ben Olson"))
    sign(new, 0)
    with pytest.raises(changes.CannotChange, match="finishing just now"):
        changes.cancel(participant=amina)
    press(address(amina, "keep"))
    assert fresh(amina).status == Status.ACTIVE


def test_a_child_takes_over_with_a_guardian(event: Event, amina: Participant) -> None:
    new = hand_on(amina, "Hodan Warsame")
    typed = words(event, name="Mia Warsame", age="11", email="ben@example.org")
    press(f"/register/{new.token}/person", **typed)
    assert sign(new, 0, name="Hodan Warsame", email="ben@example.org").status_code == 302
    assert new.participants.get().guardian == "Hodan Warsame"


# --- Deferring ----------------------------------------------------------------------------------------------


def test_deferring_says_what_it_does_and_does_it(event: Event, amina: Participant) -> None:
    page = look(address(amina, "defer"))
    assert "The entry fee of $30.00 stays with the organizations, and the next entry costs nothing." in page
    assert press(address(amina, "defer")).headers["Location"] == f"/registration/{amina.registration.token}"
    assert fresh(amina).status == Status.DEFERRED
    assert (gone(event), log_of(amina)) == (0, ["deferred"])
    mail = OutboxMail.objects.get(template="email/registration_changed")
    assert any("free entry in the next edition" in sentence for sentence in mail.context["sentences"])
    assert changes.defer(participant=amina).status == Status.DEFERRED
    assert ParticipantChange.objects.count() == 1


# --- What holds for all -------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["transfer", "defer"])
def test_shortly_before_the_race_it_is_too_late(event: Event, amina: Participant, what: str) -> None:
    starts_in(event, 1)
    answer = press(address(amina, what), name="Ben Olson", email="ben@example.org")
    assert "It is too late to hand the place on or to defer it." in said(answer)
    assert "Hand the place on" not in look(f"/registration/{amina.registration.token}")
    assert fresh(amina).status == Status.ACTIVE


@pytest.mark.parametrize("what", ["transfer", "defer", "details", "keep"])
def test_who_is_gone_has_nothing_to_change(amina: Participant, what: str) -> None:
    changes.cancel(participant=amina)
    assert press(address(amina, what)).status_code == 404
    with pytest.raises(changes.CannotChange, match="has no place here any more"):
        changes.defer(participant=amina)


def test_a_cart_is_no_place_to_change(event: Event) -> None:
    person = hold(registration=a_cart(event), until=clock.now()).participants.get()
    with pytest.raises(changes.CannotChange):
        changes.cancel(participant=person)
    assert Client().get(address(person, "defer")).status_code == 404


def test_shirt_emergency_contact_and_photos_can_change_and_nothing_else(amina: Participant) -> None:
    form = look(address(amina, "details"))
    assert 'value="612-555-0100"' in form
    sent = {"shirt_size": "XL", "emergency_name": "Hodan", "emergency_phone": "651 555 0100", "photo_consent": "on"}
    assert press(address(amina, "details"), **sent, name="Mallory", age="3", price_cents="1").status_code == 302
    amina = fresh(amina)
    assert (amina.shirt_size, amina.emergency_phone, amina.photo_consent) == ("XL", "651 555 0100", True)
    assert (amina.name, amina.age, amina.price_cents) == ("Amina Warsame", 34, 3000)
    press(address(amina, "details"), **{name: value for name, value in sent.items() if name != "photo_consent"})
    assert not fresh(amina).photo_consent


def test_a_form_that_was_open_meanwhile_brings_nobody_back(event: Event, amina: Participant) -> None:
    typed = {"shirt_size": "XL", "emergency_name": "Hodan", "emergency_phone": "651 555 0100"}
    form = DetailsForm(event, typed, instance=fresh(amina))
    assert form.is_valid()
    changes.cancel(participant=amina)
    form.keep()
    assert fresh(amina).status == Status.CANCELLED
    assert fresh(amina).shirt_size == "XL"


def test_the_private_page_leads_an_unfinished_one_back_to_the_cart(event: Event) -> None:
    cart = a_cart(event)
    assert Client().get(f"/registration/{cart.token}").headers["Location"] == f"/register/{cart.token}"
    done = a_registration(event, "Ben Olson")
    assert Client().get(f"/register/{done.token}").headers["Location"] == f"/registration/{done.token}"


@pytest.mark.parametrize("sql", ["UPDATE {} SET what = 'kept'", "DELETE FROM {}"])
def test_what_was_logged_stays(amina: Participant, sql: str) -> None:
    changes.cancel(participant=amina)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format("registration_participantchange"))
    assert log_of(amina) == ["cancelled"]
    assert is_append_only(connection, "registration_participantchange")
