"""What everybody sees of a team: its board adds up, names nobody it must not, and is no page of a runner."""

import re

import pytest
from django.test import Client

from events.services import public_edit
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from teams.models import Team, TeamGroup
from teams.services import assign_group, set_team_hidden
from tests.factories import a_page, a_payment, a_team, an_event, paid
from tests.teams.cast import a_led_team, a_runner, given

pytestmark = pytest.mark.django_db


def seen(path: str, **query: str) -> str:
    answer = Client().get(path, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def board(html: str) -> str:
    return html.partition('id="members"')[2].partition('id="gift-list"')[0]


@pytest.mark.money
def test_the_board_ranks_who_may_be_named_and_adds_up_to_the_total() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    tou, grace = a_runner(event, team=team), a_runner(event, name="Grace Okafor", team=team)
    secret = a_runner(event, name="Marker Survivor", team=team, is_listed=False)
    for page, cents in ((captain.page, 1000), (tou.page, 2000), (grace.page, 2000), (secret.page, 700)):
        given(page, cents)
    paid(a_payment(event=event, team=team, cents=5000, name="Mill City Bank"))
    public_edit(event.pk)
    html = seen(f"/t/{team.slug}")
    ranks = re.findall(r'Place </span>(\d+)</span>\s*<span class="racer-name"><a href="/r/([a-z-]+)"', board(html))
    assert ranks == [("1", "tou-vang"), ("1", "grace-okafor"), ("3", "amina-warsame")]
    sums = re.findall(r'<dd class="num">([^<]+)</dd>', board(html))
    assert sums == ["$50", "$7", "$107"], "to the team itself, by who is not named, together"
    assert "Marker" not in html
    assert "Mill City Bank" in html


@pytest.mark.money
def test_a_gift_to_the_team_itself_is_the_teams_and_no_runners(sandbox: object) -> None:
    event = an_event()
    team, captain = a_led_team(event)
    paid(a_payment(event=event, team=team, cents=2500))
    team.refresh_from_db()
    captain.page.refresh_from_db()
    event.refresh_from_db()
    assert (team.raised_cents, team.gift_count) == (2500, 1)
    assert (captain.page.raised_cents, event.raised_cents) == (0, 2500)
    assert f"/t/{team.slug}/give" in seen(f"/t/{team.slug}")


@pytest.mark.money
def test_a_team_and_a_page_of_the_same_number_and_address_do_not_mix() -> None:
    event = an_event()
    page = a_page(event, name="Mill City Law", team="")
    made = a_team(event, "Mill City Law")
    Team.objects.filter(pk=made.pk).update(id=page.pk)
    team = Team.objects.get(pk=page.pk)
    assert page.slug == team.slug, "the test needs them alike"
    paid(a_payment(page, cents=1000))
    paid(a_payment(event=event, team=team, cents=200))
    page.refresh_from_db()
    team.refresh_from_db()
    assert (page.raised_cents, team.raised_cents) == (1000, 200)
    assert (page.gift_count, team.gift_count) == (1, 1)
    assert "$10" in seen(f"/r/{page.slug}")
    assert "Give to Mill City Law" in seen(f"/t/{team.slug}")
    set_hidden(fundraiser=page, hidden=True)
    assert Client().get(f"/t/{team.slug}").status_code == 200
    set_hidden(fundraiser=page, hidden=False)
    set_team_hidden(team=team, hidden=True)
    assert Client().get(f"/r/{page.slug}").status_code == 200


def test_a_hidden_team_is_named_nowhere() -> None:
    event = an_event()
    team, captain = a_led_team(event, "Marker Team")
    group = TeamGroup.objects.create(event=event, slug="mill-city-law", name="Mill City Law")
    assign_group(team=team, group=group)
    paths = ["/", "/teams", "/g/mill-city-law", "/leaderboard", f"/r/{captain.page.slug}", "/sitemap.xml"]
    assert "Marker Team" in seen(f"/r/{captain.page.slug}")
    set_team_hidden(team=team, hidden=True)
    for path in paths:
        assert "Marker" not in seen(path), path
        assert "marker-team" not in seen(path), path
    for path in ("", "/give", "/join"):
        assert Client().get(f"/t/{team.slug}{path}").status_code == 404, path
    set_team_hidden(team=team, hidden=False)
    assert "Marker Team" in seen("/teams")


def test_what_people_wrote_is_shown_as_words() -> None:
    event = an_event()
    team, _captain = a_led_team(event, '<b>"Bold" & fast</b>')
    Team.objects.update(story="<script>alert(1)</script> [x](javascript:alert(1))")
    public_edit(event.pk)
    html = seen(f"/t/{team.slug}")
    for raw in ("<b>", "<script>alert", 'href="javascript:'):
        assert raw not in html
    assert "&lt;b&gt;" in html


def test_all_teams_are_listed_and_say_how_one_joins() -> None:
    event = an_event()
    a_team(event, "Zebra Crossing")
    a_team(event, "Early Birds", joining=Team.Joining.INVITED)
    html = seen("/teams")
    assert html.index("Zebra Crossing") < html.index("Early Birds"), "the older first while nobody has anything"
    assert "on invitation" in html


def test_lists_without_teams_say_what_comes_next() -> None:
    event = an_event()
    TeamGroup.objects.create(event=event, slug="mill-city-law", name="Mill City Law")
    assert "There is no team yet." in seen("/teams")
    assert "No team belongs to it yet." in seen("/g/mill-city-law")
    assert Client().get("/g/nobody").status_code == 404


@pytest.mark.money
def test_a_group_is_the_sum_of_its_teams() -> None:
    event = an_event()
    group = TeamGroup.objects.create(event=event, slug="mill-city-law", name="Mill City Law")
    first, second, other = (a_team(event, name) for name in ("First", "Second", "Other"))
    for team, cents in ((first, 1000), (second, 500), (other, 9900)):
        paid(a_payment(event=event, team=team, cents=cents))
    for team in (first, second):
        assign_group(team=team, group=group)
    html = seen("/g/mill-city-law")
    assert '<span class="total">$15</span>' in html
    assert "Other" not in html


def test_public_pages_of_teams_hold_no_form_and_set_no_cookie() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    for path in ("/teams", f"/t/{team.slug}"):
        for client in (Client(), captain.client):
            answer = client.get(path)
            assert not answer.cookies
            assert 'method="post"' not in answer.content.decode()
            assert answer.headers["Cache-Control"] == "public, no-cache"
            again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304


def test_a_large_team_is_paged() -> None:
    event = an_event()
    team, _captain = a_led_team(event)
    for number in range(55):
        page = a_page(event, name=f"Runner {number:03}", team="")
        Fundraiser.objects.filter(pk=page.pk).update(team=team)
    public_edit(event.pk)
    assert seen(f"/t/{team.slug}").count('class="racer"') == 50
    assert seen(f"/t/{team.slug}", page="2").count('class="racer"') == 6


@pytest.mark.money
def test_the_list_of_teams_shows_their_places_most_raised_first_and_a_search() -> None:
    event = an_event()
    for name, cents in (("Frogtown", 1000), ("North Loop", 3000), ("Mill City", 3000)):
        paid(a_payment(event=event, team=a_team(event, name), cents=cents))
    shown = seen("/teams")
    row = r'racer-rank num"><span[^>]*>Place </span>(\d+)</span>\s*<span class="team-name"><a [^>]*>([^<]+)<'
    rows = re.findall(row, shown)
    assert rows == [("1", "North Loop"), ("1", "Mill City"), ("3", "Frogtown")]
    assert 'action="/leaderboard/search"' in shown


def test_a_team_is_shared_as_a_runner_is_with_a_code_and_a_sheet() -> None:
    event = an_event()
    team = a_team(event)
    shown = seen(f"/t/{team.slug}")
    for way in (
        "mailto:",
        "sms:",
        "wa.me",
        "facebook.com",
        "x.com",
        "linkedin.com",
        "To run with us",
        "Copy the address",
    ):
        assert way in shown, way
    for path, begins in (("qr.svg", b"<svg"), ("sheet-a4.pdf", b"%PDF"), ("sheet-letter.pdf", b"%PDF")):
        assert f"/t/{team.slug}/{path}" in shown
        assert Client().get(f"/t/{team.slug}/{path}").content.startswith(begins)
