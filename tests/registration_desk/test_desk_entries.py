"""Registrations at the desk: found, read by who may, mended, cancelled with and without the fee."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, StaffAct
from donations.giving.models import RefundRequest
from donations.giving.queries import money_of
from donations.payments.models import Refund
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from registration.models import Participant, Registration
from registration.waitlist import join
from tests.desk.cast import at_desk, text_of, the_act
from tests.factories import a_cart, a_race
from tests.registration_desk.households import FEE, a_household, a_race_at, held, person_in
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.django_db
LIST = "/desk/registrations"
# Everything of a child that only two roles may read.
CHILD = {"name": "Zoe Marker", "age": 9, "guardian": "Gail Marker", "page_name": "Zoe"}
CONTACT = {"emergency_name": "Erin Contact", "emergency_phone": "612-555-0177"}
SECRETS = ("Zoe Marker", "Gail Marker", "Erin Contact", "612-555-0177")


@pytest.fixture
def event() -> Event:
    return a_race_at(a_race(), 0)


@pytest.fixture
def family(event: Event) -> Registration:
    household = a_household(event, "Amina Warsame", "Zoe Marker", email="amina@example.org")
    Participant.objects.filter(name="Zoe Marker").update(**CHILD)
    Participant.objects.update(**CONTACT)
    return household


# --- Found and read -----------------------------------------------------------------------------------------


def test_people_are_found_by_name_address_bib_and_number(event: Event) -> None:
    amina, ole = a_household(event, email="amina@example.org"), a_household(event, "Ole Olson", email="ole@x.org")
    desk = at_desk(Role.ORGANIZER)
    bib = Fundraiser.objects.get(participant__registration=ole).bib
    for query in ("ole", "OLE@X", str(bib), str(ole.pk)):
        page = text_of(desk, LIST, q=query)
        assert "Ole Olson" in page, query
        assert "amina@example.org" not in page, query
    assert "Nobody is like that." in text_of(desk, LIST, q="nobody@")
    everybody = text_of(desk, LIST)
    assert "2 people, newest first" in everybody
    assert everybody.index("Ole Olson") < everybody.index("Amina Warsame")
    assert amina.email in text_of(desk, LIST)


def test_the_list_is_narrowed_to_a_way_to_take_part_and_a_state(event: Event) -> None:
    a_household(event, "Runner", option="run")
    a_household(event, "Walker", option="walk")
    held(event, "Payer")
    gone = person_in(a_household(event, "Gone"), "Gone")
    Participant.objects.filter(pk=gone.pk).update(status="cancelled")
    desk = at_desk(Role.TREASURER)
    walk = event.options.get(slug="walk").pk
    found = {
        name
        for name in ("Runner", "Walker", "Payer", "Gone")
        if f">{name}<" in text_of(desk, LIST, state="active").replace("</", "<")
    }
    assert found == {"Runner", "Walker"}
    for query, name in (({"state": "held"}, "Payer"), ({"state": "cancelled"}, "Gone"), ({"option": walk}, "Walker")):
        assert f">{name}<" in text_of(desk, LIST, **query)
        assert "1 person, newest first" in text_of(desk, LIST, **query)


def test_a_cart_that_nobody_pays_is_nobody_s_business(event: Event) -> None:
    cart = a_cart(event, "Only Looking")
    desk = at_desk(Role.ORGANIZER)
    assert "Only Looking" not in text_of(desk, LIST)
    assert desk.get(f"{LIST}/{cart.pk}").status_code == 404


def test_who_was_taken_out_of_the_cart_again_is_not_listed(event: Event) -> None:
    a_household(event, "Amina Warsame", "Never Mind")
    Participant.objects.filter(name="Never Mind").update(status=Participant.Status.REMOVED)
    page = text_of(at_desk(Role.ORGANIZER), LIST)
    assert "Never Mind" not in page
    assert "1 person, newest first" in page


def test_the_places_of_each_way_to_take_part_are_counted(event: Event) -> None:
    event.options.filter(slug="run").update(capacity=4)
    a_household(event, "A", "B")
    held(event, "C", "D")
    join(option=event.options.get(slug="run"), name="Rosa", email="rosa@example.org")
    page = text_of(at_desk(Role.COORDINATOR), LIST)
    for words in ("of 4", "2 being paid", "1 on the wait list", "Full"):
        assert words in page


def test_one_registration_tells_what_was_signed_and_paid(event: Event, sandbox: StripeSandbox) -> None:
    household = a_household(a_race_at(event), sandbox=sandbox, gift_cents=5000)
    person = person_in(household)
    page = text_of(at_desk(Role.ORGANIZER), f"{LIST}/{household.pk}")
    assert person.waiver
    for words in (person.waiver.sha256, "Version 1", "signed by Amina Warsame", "$35.00", "$50.00", "Received"):
        assert words in page


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.COORDINATOR])
def test_who_looks_after_people_reads_of_minors_and_emergency_contacts(family: Registration, role: Role) -> None:
    desk = at_desk(role)
    page = text_of(desk, f"{LIST}/{family.pk}")
    assert all(secret in page for secret in SECRETS)
    assert "Zoe Marker" in text_of(desk, LIST)


def test_a_treasurer_reads_of_the_money_and_not_of_children(family: Registration) -> None:
    desk = at_desk(Role.TREASURER)
    for page in (text_of(desk, LIST), text_of(desk, LIST, q="zoe"), text_of(desk, f"{LIST}/{family.pk}")):
        assert "Zoe" in page
        assert [secret for secret in SECRETS if secret in page] == []
    assert "Nobody is like that." in text_of(desk, LIST, q="marker"), "not even by a search that hits or misses"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MODERATOR, Role.CHARITY])
def test_other_roles_learn_nothing(family: Registration, role: Role) -> None:
    desk = at_desk(role)
    for path in (LIST, f"{LIST}/{family.pk}", "/desk/checkin", "/desk/checkin/print", "/desk/checkin/list.csv"):
        assert desk.get(path).status_code == 404


def test_long_lists_have_pages_and_cost_few_queries(
    event: Event, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        a_household(event, *[f"Runner {number}-{one}" for one in range(9)])
    desk = at_desk(Role.ORGANIZER)
    with django_assert_max_num_queries(12):
        page = text_of(desk, LIST, q="runner")
    assert "Page 1 of 2" in page
    assert "?q=runner&amp;page=2" in page


# --- Mended -------------------------------------------------------------------------------------------------


def correction(**more: str) -> dict[str, str]:
    words = {"name": "Amina Warsame", "shirt_size": "none", **CONTACT}
    return words | more


def test_a_typing_error_is_mended_and_the_log_names_it_without_the_words(family: Registration) -> None:
    person = person_in(family)
    desk = at_desk(Role.COORDINATOR)
    answer = desk.post(f"{LIST}/people/{person.pk}/correct", correction(name="Amina Warsami", shirt_size="L"))
    assert answer.headers["Location"] == f"{LIST}/{family.pk}"
    person.refresh_from_db()
    assert (person.name, person.shirt_size) == ("Amina Warsami", "L")
    act = the_act()
    assert (act.verb, act.target) == ("corrected an entry", f"participant {person.pk}: name, shirt_size")


def test_nothing_mended_is_nothing_written_down(family: Registration) -> None:
    person = person_in(family)
    at_desk(Role.ORGANIZER).post(f"{LIST}/people/{person.pk}/correct", correction())
    assert not StaffAct.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter the name"),
        ({"name": "a\tb"}, "on one line"),
        ({"emergency_phone": "call me"}, "Enter a phone number"),
        ({"shirt_size": "huge"}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_changed(family: Registration, wrong: dict[str, str], sentence: str) -> None:
    person = person_in(family)
    answer = at_desk(Role.ORGANIZER).post(f"{LIST}/people/{person.pk}/correct", correction() | wrong)
    assert answer.status_code == 422
    assert answer.content.decode().count(sentence) == 2
    person.refresh_from_db()
    assert (person.name, person.emergency_phone) == ("Amina Warsame", "612-555-0177")


def test_a_correction_touches_neither_place_nor_signature(family: Registration) -> None:
    person = person_in(family)
    bait = {
        "status": "cancelled",
        "age": "12",
        "photo_consent": "on",
        "signed_by": "Eve",
        "option": "2",
        "email": "e@x.org",
    }
    at_desk(Role.ORGANIZER).post(f"{LIST}/people/{person.pk}/correct", correction(name="Other", **bait))
    after = person_in(family, "Other")
    kept = ("status", "age", "photo_consent", "signed_by", "option_id", "email")
    assert [getattr(after, name) for name in kept] == [getattr(person, name) for name in kept]


# --- Cancelled ----------------------------------------------------------------------------------------------


def ending(money: str, page: str = "stays", reason: str = "Broke a leg") -> dict[str, str]:
    return {"money": money, "page": page, "reason": reason}


@pytest.mark.money
@pytest.mark.parametrize(("days", "money", "back"), [(60, "refund", FEE), (60, "keep", 0), (2, "refund", FEE)])
def test_staff_may_refund_or_keep_the_fee_whatever_the_dates_say(
    event: Event, sandbox: StripeSandbox, days: float, money: str, back: int
) -> None:
    race = a_race_at(a_race(days))
    person = person_in(a_household(race, sandbox=sandbox))
    desk = at_desk(Role.ORGANIZER)
    address = f"{LIST}/people/{person.pk}/cancel"
    page = text_of(desk, address)
    assert "$35.00 goes back the way it was paid" in page
    chosen = "refund" if days > 14 else "keep"
    assert f'value="{chosen}"' in page.split("checked")[0].rpartition("<input")[2] + page.split("checked")[0][-200:]
    answer = desk.post(address, ending(money), follow=True)
    assert "The entry of Amina Warsame is cancelled." in answer.content.decode()
    assert [refund.amount_cents for refund in Refund.objects.all()] == ([back] if back else [])
    assert money_of(race).need_cents == FEE - back
    act = the_act()
    assert (act.verb, act.reason) == ("cancelled an entry", "Broke a leg")
    assert act.target == f"participant {person.pk}, {back} cents go back"
    said = OutboxMail.objects.get(key__startswith="changed:").context["sentences"][2]
    assert ("goes back" in said) == bool(back)


@pytest.mark.money
def test_the_page_can_be_hidden_with_it_and_the_owner_does_not_bring_it_back(event: Event) -> None:
    person = person_in(a_household(event))
    at_desk(Role.ORGANIZER).post(f"{LIST}/people/{person.pk}/cancel", {"page": "hidden", "reason": "Unsafe"})
    page = Fundraiser.objects.get()
    assert (page.is_hidden, page.hidden_by) == (True, Fundraiser.HiddenBy.STAFF)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"money": ""}, "Say what becomes of the entry fee."),
        ({"page": ""}, "Say what becomes of the page."),
        ({"reason": ""}, "Say why"),
    ],
)
def test_a_half_filled_form_cancels_nothing(event: Event, words: dict[str, str], sentence: str) -> None:
    person = person_in(a_household(a_race_at(event)))
    answer = at_desk(Role.ORGANIZER).post(f"{LIST}/people/{person.pk}/cancel", ending("refund") | words)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (person_in(person.registration).status, RefundRequest.objects.count()) == ("active", 0)


def test_who_came_too_late_is_told(event: Event) -> None:
    person = person_in(a_household(event))
    desk = at_desk(Role.ORGANIZER)
    words = {"page": "stays", "reason": "x"}
    desk.post(f"{LIST}/people/{person.pk}/cancel", words)
    answer = desk.post(f"{LIST}/people/{person.pk}/cancel", words, follow=True)
    assert "has no place any more. Nothing was done." in answer.content.decode()
    assert StaffAct.objects.count() == 1


@pytest.mark.parametrize("role", [Role.TREASURER, Role.COORDINATOR, Role.MODERATOR, Role.APPROVER])
def test_only_organizers_cancel(event: Event, role: Role) -> None:
    person = person_in(a_household(event))
    desk = at_desk(role)
    assert desk.post(f"{LIST}/people/{person.pk}/cancel", ending("refund")).status_code == 404
    page = desk.get(f"{LIST}/{person.registration_id}")
    assert b"/cancel" not in page.content


def test_an_old_second_factor_is_not_enough(event: Event) -> None:
    person = person_in(a_household(event))
    stale = at_desk(Role.ORGANIZER, mfa_seconds_ago=20 * 60)
    assert stale.post(f"{LIST}/people/{person.pk}/cancel", ending("refund")).status_code == 302
    assert person_in(person.registration).status == "active"


def test_the_desk_names_people_and_never_runs_them(event: Event) -> None:
    household = a_household(event, "<script>alert(1)</script>")
    desk: Client = at_desk(Role.ORGANIZER)
    for path in (
        LIST,
        f"{LIST}/{household.pk}",
        "/desk/checkin?q=script",
        "/desk/checkin/print",
        "/desk/checkin/offline",
    ):
        assert "<script>alert" not in text_of(desk, path)
