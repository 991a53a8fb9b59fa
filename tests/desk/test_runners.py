"""An organizer makes, hides and shows pages."""

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from fundraisers.models import Fundraiser
from teams.models import Team
from tests.desk.cast import at_desk, text_of, the_act
from tests.factories import a_page, an_event
from tests.giving.donors import pay, start
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.django_db


@pytest.mark.money
def test_a_page_made_at_the_desk_exists_and_takes_gifts(client: Client, sandbox: StripeSandbox) -> None:
    an_event()
    desk = at_desk(Role.ORGANIZER)
    words = {
        "name": "Kwame Mensah",
        "team": "Frogtown",
        "goal": "$1,250",
        "is_listed": "on",
        "email": "kwame@example.org",
    }
    answer = desk.post("/desk/runners/new", words)
    assert answer.headers["Location"] == "/desk/runners"
    page = Fundraiser.objects.get()
    assert (page.name, page.goal_cents, page.is_listed, page.email) == (
        "Kwame Mensah",
        125_000,
        True,
        "kwame@example.org",
    )
    assert page.team == Team.objects.get(name="Frogtown")
    assert f"The page of bib {page.bib} is there." in text_of(desk, "/desk/runners")
    assert "Kwame Mensah" in text_of(client, f"/r/{page.slug}")
    payment = start(f"/r/{page.slug}/give")
    pay(sandbox, payment)
    assert client.get(f"/thanks/{payment.token}").status_code == 200
    page.refresh_from_db()
    assert page.raised_cents == 5000
    assert (the_act().verb, the_act().target) == ("made a page", f"bib {page.bib} {page.slug}")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter the name that stands on the page."),
        ({"name": "a\tb"}, "Write this on one line"),
        ({"email": "kwame"}, "Enter an e-mail address like name@example.org."),
        ({"goal": "a lot"}, "Enter an amount in dollars"),
        ({"name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_made(wrong: dict[str, str], sentence: str) -> None:
    an_event()
    answer = at_desk(Role.ORGANIZER).post("/desk/runners/new", {"name": "Kwame", "team": "Frogtown"} | wrong)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert told.count(sentence) == 2, "once in the summary, once beside the field"
    assert "There is a problem" in told
    assert "<title>Error:" in told
    assert "Frogtown" in told
    assert not Fundraiser.objects.exists()
    assert not Team.objects.exists()
    assert not StaffAct.objects.exists()


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.MODERATOR])
def test_a_hidden_page_is_gone_from_every_address_until_it_is_shown_again(client: Client, role: Role) -> None:
    page = a_page(name="Sofia P.")
    desk = at_desk(role)
    answer = desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "1", "next": "/desk/runners?q=sofia"})
    assert answer.headers["Location"] == "/desk/runners?q=sofia"
    for address in (f"/r/{page.slug}", f"/r/{page.slug}/give"):
        assert client.get(address).status_code == 404
    for address in ("/", "/leaderboard"):
        assert "Sofia" not in text_of(client, address)
    assert "Show again" in text_of(desk, "/desk/runners")
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "0"})
    assert "Sofia" in text_of(client, f"/r/{page.slug}")
    assert "Sofia" in text_of(client, "/leaderboard")
    assert list(StaffAct.objects.values_list("verb", flat=True)) == ["showed a page", "hid a page"]


@pytest.mark.parametrize("words", [{}, {"hidden": ""}, {"hidden": "yes"}, {"hidden": "2"}])
def test_a_form_that_does_not_say_which_neither_hides_nor_shows(words: dict[str, str]) -> None:
    page = a_page(name="Sofia P.")
    Fundraiser.objects.update(is_hidden=True)
    assert at_desk(Role.MODERATOR).post(f"/desk/runners/{page.pk}/hide", words).status_code == 400
    page.refresh_from_db()
    assert page.is_hidden
    assert not StaffAct.objects.exists()


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_hiding_leads_nowhere_else(place: str) -> None:
    page = a_page()
    answer = at_desk(Role.MODERATOR).post(f"/desk/runners/{page.pk}/hide", {"hidden": "1", "next": place})
    assert answer.headers["Location"] == "/desk/runners"
