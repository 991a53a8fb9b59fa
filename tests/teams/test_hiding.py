"""A team that was hidden: gone for everybody, and its captains learn by whom, and what they can do."""

import pytest
from django.test import Client

from events.models import Event
from teams.models import Team
from teams.queries import name_problem
from teams.services import Refused, set_team_hidden
from tests.factories import an_event
from tests.teams.cast import a_led_team, a_runner

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return an_event()


def public(team: Team) -> set[int]:
    paths = ("", "/give", "/join", "/qr.svg", "/sheet-a4.pdf", "/sheet-letter.pdf", "/report")
    return {Client().get(f"/t/{team.slug}{path}").status_code for path in paths}


def test_a_captain_hides_the_team_in_one_press_and_brings_it_back(event: Event) -> None:
    team, captain = a_led_team(event)
    here = f"/me/teams/{team.slug}"
    assert "Hide this team" in captain.sees(here)
    assert captain.post(f"{here}/hide", hidden="1").status_code == 302
    assert public(team) == {404}
    shown = captain.sees(here)
    assert "A captain has hidden this team." in shown
    assert f'href="{here}"' in captain.sees("/me"), "it is still found"
    assert captain.client.get(f"{here}/edit").status_code == 404
    assert Client().get(f"/r/{captain.page.slug}").status_code == 200
    assert captain.post(f"{here}/hide", hidden="0").status_code == 302
    assert public(team) == {200}
    assert "Invite runners" in captain.sees(here)


def test_what_the_organizers_have_hidden_a_captain_cannot_show_and_reads_whom_to_ask(event: Event) -> None:
    team, captain = a_led_team(event)
    set_team_hidden(team=team, hidden=True)
    shown = captain.sees(f"/me/teams/{team.slug}")
    assert "The organizers have hidden this team." in shown
    assert f"mailto:{event.contact_email}" in shown
    assert "Show it again" not in shown
    answer = captain.client.post(f"/me/teams/{team.slug}/hide", {"hidden": "0"}, follow=True)
    assert "Please write to them." in answer.content.decode()
    assert public(team) == {404}
    team.refresh_from_db()
    assert (team.is_hidden, team.hidden_by) == (True, "staff")


def test_nobody_but_its_captains_learns_of_a_hidden_team(event: Event) -> None:
    team, _captain = a_led_team(event)
    member = a_runner(event, name="Tou Vang", team=team)
    set_team_hidden(team=team, hidden=True)
    for path in ("", "/hide", "/edit"):
        assert member.client.get(f"/me/teams/{team.slug}{path}").status_code in (404, 405)
    assert member.client.post(f"/me/teams/{team.slug}/hide", {"hidden": "0"}).status_code == 404
    with pytest.raises(Refused):
        set_team_hidden(team=team, hidden=False, by=Team.HiddenBy.CAPTAIN)


@pytest.mark.parametrize("name", ["Wh0res of Main Street", "www.evil.com", "Call 612-555-0100"])
def test_a_name_that_hurts_or_leads_elsewhere_is_no_name_of_a_team(event: Event, name: str) -> None:
    runner = a_runner(event)
    words = {"page": runner.page.pk, "name": name, "goal": "2000", "joining": "open"}
    answer = runner.client.post("/me/teams/new", words)
    assert answer.status_code == 422
    assert "A team cannot be called this" in answer.content.decode()
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    "name", ["St. Paul Road Runners", "5K Crew", "Mill City Law", "Sisters of Zoë", "The 3rd Street Band"]
)
def test_ordinary_names_are_free(event: Event, name: str) -> None:
    assert name_problem(event, name) == ""
