"""Teams at the desk: found, hidden, grouped, led; gifts moved and moved back. Each act leaves a line in the log."""

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from donations.giving.models import Credit, Donation
from fundraisers.membership import join
from fundraisers.models import Fundraiser
from teams.models import Captain, Team, TeamGroup
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page, a_payment, a_team, an_event, paid
from tests.teams.cast import a_led_team, a_runner, given

pytestmark = pytest.mark.django_db


def acts() -> list[tuple[str, str]]:
    return list(StaffAct.objects.order_by("pk").values_list("verb", "target"))


def test_teams_are_found_by_name_and_group() -> None:
    event = an_event()
    team, _captain = a_led_team(event)
    a_team(event, "Frogtown")
    desk = at_desk(Role.COORDINATOR)
    group = TeamGroup.objects.create(event=event, slug="law", name="Mill City Law")
    Team.objects.filter(pk=team.pk).update(group=group)
    for query in ("north", "mill city"):
        told = text_of(desk, "/desk/teams", q=query)
        assert "North Loop Striders" in told
        assert "Frogtown" not in told
    assert "No team for “nobody”." in text_of(desk, "/desk/teams", q="nobody")


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.MODERATOR])
def test_a_hidden_team_is_gone_until_it_is_shown_again(role: Role) -> None:
    team, _captain = a_led_team(an_event())
    desk = at_desk(role)
    assert desk.post(f"/desk/teams/{team.pk}/hide", {"hidden": "1"}).headers["Location"] == "/desk/teams"
    assert Client().get(f"/t/{team.slug}").status_code == 404
    assert "Show again" in text_of(desk, "/desk/teams")
    assert desk.post(f"/desk/teams/{team.pk}/hide", {"hidden": "x"}).status_code == 400
    desk.post(f"/desk/teams/{team.pk}/hide", {"hidden": "0", "next": "//evil.example"})
    assert Client().get(f"/t/{team.slug}").status_code == 200
    assert acts() == [("hid a team", f"team {team.slug}"), ("showed a team", f"team {team.slug}")]


def test_an_organizer_makes_a_group_and_puts_a_team_into_it_and_takes_it_out() -> None:
    team, _captain = a_led_team(an_event())
    desk = at_desk(Role.ORGANIZER)
    desk.post("/desk/teams/groups", {"name": "Mill City Law"})
    group = TeamGroup.objects.get()
    assert desk.post("/desk/teams/groups", {"name": "mill city law"}).status_code == 422
    assert "Mill City Law" in text_of(desk, "/desk/teams/groups")
    desk.post(f"/desk/teams/{team.pk}", {"group": group.pk})
    assert "North Loop Striders" in Client().get(f"/g/{group.slug}").content.decode()
    desk.post(f"/desk/teams/{team.pk}", {"group": ""})
    assert "North Loop Striders" not in Client().get(f"/g/{group.slug}").content.decode()
    assert [verb for verb, _target in acts()] == ["made a group of teams", *["put a team into a group"] * 2]


def test_a_team_without_a_captain_gets_one_who_may_not_have_come_yet() -> None:
    event = an_event()
    team = a_team(event)
    page = a_page(event, name="Tou Vang", team="", email="tou@example.org")
    stranger = a_page(event, name="Grace Okafor", team="", email="grace@example.org")
    Fundraiser.objects.filter(pk=page.pk).update(team=team)
    desk = at_desk(Role.ORGANIZER)
    assert "Nobody yet" in text_of(desk, f"/desk/teams/{team.pk}")
    assert desk.post(f"/desk/teams/{team.pk}", {"captain": stranger.pk}).status_code == 422
    desk.post(f"/desk/teams/{team.pk}", {"captain": page.pk})
    assert Captain.objects.get(is_first=True).user.email == "tou@example.org"
    assert acts() == [("named a captain", f"team {team.slug}: bib {page.bib}")]


def place_of(gift: Donation) -> tuple[int | None, int | None]:
    gift.refresh_from_db()
    return gift.fundraiser_id, gift.team_id


@pytest.mark.money
def test_a_gift_is_moved_and_moved_back_and_the_log_says_why() -> None:
    event = an_event()
    page = a_page(event, name="Tou Vang", team="")
    team = a_team(event, "Frogtown")
    paid(a_payment(page, cents=5000))
    gift = Donation.objects.get()
    desk, path = at_desk(Role.ORGANIZER), f"/desk/gifts/{gift.pk}/move"
    assert f'value="{page.bib}"' in text_of(desk, path)
    answer = desk.post(path, {"page": "", "team": "frogtown", "reason": "Meant for the team"})
    assert answer.headers["Location"] == f"/desk/gifts/{gift.pk}"
    assert place_of(gift) == (None, team.pk)
    page.refresh_from_db()
    team.refresh_from_db()
    event.refresh_from_db()
    assert (page.raised_cents, page.gift_count) == (0, 0)
    assert (team.raised_cents, team.gift_count) == (5000, 1)
    assert (event.raised_cents, event.gift_count) == (5000, 1)
    moved = Credit.objects.filter(reason="moved").order_by("pk")
    assert [(credit.fundraiser_id, credit.team_id, credit.cents) for credit in moved] == [
        (page.pk, None, -5000),
        (None, team.pk, 5000),
    ]
    assert {(credit.by.email, credit.note) for credit in moved if credit.by} == {
        ("staff@example.org", "Meant for the team")
    }
    assert "Meant for the team" in text_of(desk, path)
    desk.post(path, {"page": page.bib, "team": "", "reason": "Was right before"})
    assert place_of(gift) == (page.pk, None)
    page.refresh_from_db()
    assert (page.raised_cents, page.gift_count) == (5000, 1)
    assert acts() == [
        ("moved a gift", f"gift {gift.pk}: from bib {page.bib} to team frogtown"),
        ("moved a gift", f"gift {gift.pk}: from team frogtown to bib {page.bib}"),
    ]


@pytest.mark.money
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"reason": ""}, "Say why, in a few words"),
        ({"page": "9999"}, "There is no page with this bib number."),
        ({"page": "x"}, "Enter a whole number."),
        ({"team": "Nobody"}, "There is no team of this name."),
        ({}, "The gift is there already."),
    ],
)
def test_a_mistake_moves_nothing(words: dict[str, str], sentence: str) -> None:
    event = an_event()
    page = a_page(event, name="Tou Vang", team="")
    paid(a_payment(page))
    gift = Donation.objects.get()
    data = {"page": str(page.bib), "team": "", "reason": "Because"} | words
    answer = at_desk(Role.ORGANIZER).post(f"/desk/gifts/{gift.pk}/move", data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Credit.objects.count() == 1
    assert not StaffAct.objects.exists()


@pytest.mark.money
def test_what_is_no_gift_is_not_moved() -> None:
    event = an_event()
    paid(a_payment(event=event, kind=Donation.Kind.FUNDING))
    fees = Donation.objects.get()
    assert at_desk(Role.ORGANIZER).get(f"/desk/gifts/{fees.pk}/move").status_code == 404


@pytest.mark.money
def test_a_pages_gifts_are_moved_after_a_dry_run_and_moved_back() -> None:
    event = an_event()
    loop, other = a_team(event, "North Loop Striders"), a_team(event, "Frogtown")
    runner = a_runner(event)
    given(runner.page, 1000)
    join(page=runner.page, team=loop)
    given(runner.page, 2000)
    given(runner.page, 4000)
    desk, path = at_desk(Role.ORGANIZER), f"/desk/runners/{runner.page.pk}/gifts"
    words = {"team": "Frogtown", "since": "2020-01-01", "reason": "Signed up with the wrong team"}
    told = desk.post(path, words).content.decode()
    for part in ("3 gifts would be moved", "$70.00", "2 that count for North Loop Striders now", "$60.00", "$10.00"):
        assert part in told, part
    assert not Credit.objects.filter(reason="moved").exists(), "a dry run moves nothing"
    stale = desk.post(path, words | {"gifts": "2", "cents": "6000"})
    assert "The gifts have changed meanwhile." in stale.content.decode()
    assert desk.post(path, words | {"gifts": "3", "cents": "7000"}).status_code == 302
    for team in (loop, other):
        team.refresh_from_db()
    assert ((loop.raised_cents, loop.gift_count), (other.raised_cents, other.gift_count)) == ((0, 0), (7000, 3))
    runner.page.refresh_from_db()
    assert (runner.page.raised_cents, runner.page.team) == (7000, loop)
    assert "There is nothing to move" in desk.post(path, words).content.decode()
    back = words | {"team": "North Loop Striders", "gifts": "3", "cents": "7000"}
    assert desk.post(path, back).status_code == 302
    loop.refresh_from_db()
    assert (loop.raised_cents, loop.gift_count) == (7000, 3)
    first, second = acts()
    assert first[0] == second[0] == "moved gifts of a page"
    assert "no team 1000 cents, north-loop-striders 6000 cents" in first[1]


@pytest.mark.money
def test_the_day_is_the_events_own(monkeypatch: pytest.MonkeyPatch) -> None:
    event = an_event()
    a_team(event, "Frogtown")
    runner = a_runner(event)
    given(runner.page, 1000)
    gift = Donation.objects.get()
    assert gift.received_at
    day = gift.received_at.astimezone(event.zone).date()
    desk, path = at_desk(Role.ORGANIZER), f"/desk/runners/{runner.page.pk}/gifts"
    words = {"team": "Frogtown", "reason": "Because"}
    assert "1 gift would be moved" in desk.post(path, words | {"since": day.isoformat()}).content.decode()
    later = day.replace(year=day.year + 1)
    assert "There is nothing to move" in desk.post(path, words | {"since": later.isoformat()}).content.decode()


@pytest.mark.parametrize("role", [Role.TREASURER, Role.APPROVER, Role.MODERATOR, Role.COORDINATOR])
def test_only_an_organizer_moves_gifts(role: Role) -> None:
    event = an_event()
    page = a_page(event)
    paid(a_payment(page))
    desk = at_desk(role)
    for path in (f"/desk/gifts/{Donation.objects.get().pk}/move", f"/desk/runners/{page.pk}/gifts"):
        assert desk.get(path).status_code == 404
        assert desk.post(path, {"reason": "x"}).status_code == 404
