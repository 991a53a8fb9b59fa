"""Starting a team: by the owner of a page, and by naming one when signing up."""

import pytest
from django.test import Client

from accounts.models import User
from fundraisers.membership import join_at_registration
from fundraisers.models import Fundraiser, JoinRequest
from teams.models import Captain, Team, TeamGroup
from tests.factories import a_page, a_team, an_event
from tests.teams.cast import a_led_team, a_runner, mails_of

pytestmark = pytest.mark.django_db

WORDS = {"name": "Kettlebells", "goal": "1,500", "story": "", "joining": "open"}


def test_who_has_a_page_starts_a_team_and_leads_it() -> None:
    event = an_event()
    group = TeamGroup.objects.create(event=event, slug="mill-city-law", name="Mill City Law")
    runner = a_runner(event)
    words = WORDS | {"page": runner.page.slug, "group": str(group.pk), "story": "Heavy **things**."}
    answer = runner.post("/me/teams/new", **words)
    assert answer.headers["Location"] == "/me/teams/kettlebells"
    team = Team.objects.get()
    assert (team.name, team.goal_cents, team.joining, team.group) == ("Kettlebells", 150_000, "open", group)
    assert runner.team() == team
    assert team.member_count == 1
    assert Captain.objects.get().user == runner.user
    assert "Kettlebells is there." in runner.sees("/me/teams/kettlebells")
    assert "Heavy <strong>things</strong>." in Client().get("/t/kettlebells").content.decode()


def test_starting_a_team_is_a_move_and_says_so() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    assert "Amina leaves North Loop Striders." in captain.sees("/me/teams/new")
    captain.post("/me/teams/new", **WORDS, page=captain.page.slug)
    assert captain.team() == Team.objects.get(slug="kettlebells")
    team.refresh_from_db()
    assert team.member_count == 0


def test_without_a_page_or_with_anothers_there_is_no_team_to_start() -> None:
    event = an_event()
    runner, other = a_runner(event), a_runner(event, name="Grace Okafor")
    assert runner.post("/me/teams/new", **WORDS, page=other.page.slug).status_code == 422
    Fundraiser.objects.filter(pk=runner.page.pk).update(owner=None)
    assert runner.client.get("/me/teams/new").headers["Location"] == "/me"
    assert runner.post("/me/teams/new", **WORDS, page=runner.page.slug).headers["Location"] == "/me"
    assert Client().get("/me/teams/new").headers["Location"].startswith("/accounts/login/")
    assert not Team.objects.exists()


def test_a_look_alike_of_a_team_is_refused_also_of_a_hidden_one() -> None:
    event = an_event()
    runner = a_runner(event)
    a_team(event, "Kettlebells")
    Team.objects.update(is_hidden=True)
    for name in ("kettlebells", "Kettle-Bells", "Kett1ebells", "\u13e6ettlebells", "Kettleb\u0435lls"):
        answer = runner.post("/me/teams/new", **WORDS | {"name": name, "page": runner.page.slug})
        assert answer.status_code == 422, name
    assert Team.objects.count() == 1


def test_names_that_make_one_address_are_two_teams_and_new_is_no_address() -> None:
    event = an_event()
    slugs = [a_team(event, name).slug for name in ("ሩጫ", "ሰላም", "New", "A & B", "A + B and more")]
    assert slugs == ["team", "team-2", "new-2", "a-b", "a-b-and-more"]


def register(page_name: str, wish: str, email: str = "") -> Fundraiser:
    """A page whose runner named a team when signing up."""
    event = Team.objects.first().event if Team.objects.exists() else an_event()  # type: ignore[union-attr]
    page = a_page(event, name=page_name, team="", email=email)
    page.event = event
    join_at_registration(page=page, wish=wish)
    page.refresh_from_db()
    return page


def test_a_new_name_makes_a_team_that_the_runner_leads_as_soon_as_they_come() -> None:
    first = register("Amina Warsame", "Mill City Law", "amina@example.org")
    second = register("Tou Vang", "mill city  law", "tou@example.org")
    assert first.team == second.team == Team.objects.get(name="Mill City Law")
    assert Captain.objects.get().user == User.objects.get(email="amina@example.org")
    assert Team.objects.get().member_count == 2
    client = Client()
    client.force_login(User.objects.get(email="amina@example.org"))
    assert client.get("/me/teams/mill-city-law").status_code == 200


def test_the_address_of_a_team_joins_it_or_asks_its_captains() -> None:
    event = an_event()
    a_team(event, "Frogtown")
    led, _captain = a_led_team(event, joining=Team.Joining.APPROVED)
    invites = a_team(event, "Midway", joining=Team.Joining.INVITED)
    assert register("Tou Vang", "frogtown").team == Team.objects.get(slug="frogtown")
    for team in (led, invites):
        page = register("Grace Okafor", team.slug, "grace@example.org")
        assert page.team is None
        assert JoinRequest.objects.get(fundraiser=page).team == team
    assert len(mails_of("join_request")) == 1, "only one of them has a captain"


def test_a_name_that_no_team_may_have_makes_none_and_a_hidden_team_takes_nobody() -> None:
    event = an_event()
    a_team(event, "Frogtown")
    Team.objects.update(is_hidden=True)
    for wish in ("frogtown", "Fr0gtown", "Breaking Free", "Not in our city 5k", ""):
        assert register("Tou Vang", wish).team is None
    assert Team.objects.count() == 1


def test_a_new_team_of_a_page_without_an_address_waits_for_a_captain() -> None:
    assert register("Kai", "Mill City Law").team == Team.objects.get()
    assert not Captain.objects.exists()
