"""Who leads a team, what leading lets one do, and how it is shared and handed over."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from events.services import public_edit
from fundraisers.models import Fundraiser, JoinRequest
from teams.models import Captain, Team
from tests.accounts.people import make_staff, sign_in
from tests.factories import a_team, an_event
from tests.images.photos import a_picture, saved
from tests.teams.cast import a_led_team, a_runner, given, mails_of

pytestmark = pytest.mark.django_db


def routes_of(team: Team, request: JoinRequest, bib: int) -> dict[str, str]:
    """Every address of a captain's, with the least that its form takes."""
    base = f"/me/teams/{team.slug}"
    return {
        base: "",
        f"{base}/edit": "",
        f"{base}/photo": "",
        f"{base}/invite": "",
        f"{base}/link": "what=renew",
        f"{base}/hide": "hidden=0",
        f"{base}/captains": "",
        f"{base}/requests/{request.pk}": "answer=yes",
        f"{base}/members/{bib}/remove": "",
    }


def test_captains_and_nobody_else_opens_what_is_theirs() -> None:
    event = an_event()
    team, captain = a_led_team(event, joining=Team.Joining.APPROVED)
    second, member, stranger = (a_runner(event, name=name) for name in ("Tou Vang", "Grace Okafor", "Mai Xiong"))
    Fundraiser.objects.filter(pk__in=[second.page.pk, member.page.pk]).update(team=team)
    Captain.objects.create(team=team, user=second.user)
    a_team(event, "Frogtown", stranger.user)
    request = JoinRequest.objects.create(fundraiser=stranger.page, team=team)
    organizer = sign_in(Client(), make_staff(Role.ORGANIZER))
    for path in routes_of(team, request, member.page.bib):
        for client in (captain.client, second.client):
            assert client.get(path).status_code in (200, 405), path
        for client in (member.client, stranger.client, organizer):
            assert client.get(path).status_code in (404, 405), path
            assert client.post(path, {"what": "renew", "answer": "yes"}).status_code in (404, 405), path
        for answer in (Client().get(path), Client().post(path)):
            assert answer.status_code == 405 or answer.headers["Location"].startswith("/accounts/login/"), path
    team.refresh_from_db()
    assert team.link_token == ""
    assert JoinRequest.objects.exists()


def test_the_numbers_of_another_team_open_nothing() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    other = a_team(event, "Frogtown")
    runner = a_runner(event, team=other)
    asked = a_runner(event, name="Mai Xiong")
    request = JoinRequest.objects.create(fundraiser=asked.page, team=other)
    base = f"/me/teams/{team.slug}"
    assert captain.post(f"{base}/requests/{request.pk}", answer="yes").status_code == 404
    assert captain.post(f"{base}/members/{runner.page.bib}/remove").status_code == 404
    assert captain.post(f"{base}/captains", what="add", member=runner.page.bib).status_code == 422
    assert captain.post(f"{base}/captains", what="add", member=captain.page.bib).status_code == 422
    assert runner.team() == other


def test_a_captain_changes_the_page_and_the_address_stays() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    words = {"name": "North Loop Runners", "goal": "$3,500", "story": "We *run*.", "joining": "approved"}
    assert captain.post(f"/me/teams/{team.slug}/edit", **words).status_code == 302
    seen = Client().get(f"/t/{team.slug}").content.decode()
    for part in ("North Loop Runners", "$3,500", "We <em>run</em>.", "Ask to join", "Led by Amina."):
        assert part in seen, part


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter the name of the team."),
        ({"name": "a\tb"}, "Write this on one line"),
        ({"name": "Fr0gtown"}, "There is a team with this name, or one that looks the same."),
        ({"name": "Fr\u043egtown"}, "There is a team with this name, or one that looks the same."),
        ({"name": "Breaking  Free"}, "This is the name of the race or of an organization"),
        ({"name": "NOT IN OUR CITY 5K"}, "This is the name of the race or of an organization"),
        ({"goal": "a lot"}, "Enter an amount in dollars"),
        ({"goal": "0"}, "Enter a goal above zero."),
        ({"joining": "nobody"}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(wrong: dict[str, str], sentence: str) -> None:
    event = an_event()
    team, captain = a_led_team(event)
    a_team(event, "Frogtown")
    words = {"name": "Striders", "goal": "2000", "story": "", "joining": "open"} | wrong
    answer = captain.post(f"/me/teams/{team.slug}/edit", **words)
    assert answer.status_code == 422
    assert answer.content.decode().count(sentence) == 2, "once in the summary, once beside the field"
    assert "<title>Error:" in answer.content.decode()
    team.refresh_from_db()
    assert team.name == "North Loop Striders"


def test_a_team_may_keep_its_own_name() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    words = {"name": "NORTH LOOP Striders", "goal": "2000", "joining": "open"}
    assert captain.post(f"/me/teams/{team.slug}/edit", **words).status_code == 302


def test_a_captain_takes_a_member_off_kindly_and_the_money_stays() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    runner = a_runner(event, team=team)
    given(runner.page, 5000)
    path = f"/me/teams/{team.slug}/members/{runner.page.bib}/remove"
    told = captain.sees(path)
    assert "$50.00 that Tou was given for the team so far stays counted for it." in told
    assert "Gifts from now on go with Tou." in told
    assert captain.post(path).status_code == 302
    assert runner.team() is None
    given(runner.page, 700)
    team.refresh_from_db()
    assert (team.raised_cents, team.member_count) == (5000, 1)
    (mail,) = mails_of("team_removed")
    assert (mail.to, mail.topic) == ("tou@example.org", "")
    assert captain.post(path).status_code == 404


def test_co_captains_do_everything_but_take_the_captains_place() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    second, third = a_runner(event, team=team), a_runner(event, name="Grace Okafor", team=team)
    captains = f"/me/teams/{team.slug}/captains"
    captain.post(captains, what="add", member=second.page.bib)
    second.post(captains, what="add", member=third.page.bib)
    assert Captain.objects.filter(team=team).count() == 3
    first, _second, last = Captain.objects.filter(team=team)
    refused = second.post(captains, what="hand_over", captain=last.pk)
    assert refused.status_code == 422
    assert "Only the captain can hand the team over." in refused.content.decode()
    assert second.post(captains, what="remove", captain=first.pk).status_code == 422
    assert second.post(f"/me/teams/{team.slug}/members/{captain.page.bib}/remove").status_code == 302
    assert "The captaincy has to be handed over first." in second.sees(f"/me/teams/{team.slug}")
    assert captain.team() == team
    second.post(captains, what="remove", captain=last.pk)
    assert third.client.get(captains).status_code == 404


def test_the_captaincy_is_handed_over_without_help_and_the_old_captain_stays_on() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    second = a_runner(event, team=team)
    captains = f"/me/teams/{team.slug}/captains"
    captain.post(captains, what="add", member=second.page.bib)
    captain.post(captains, what="hand_over", captain=Captain.objects.get(user=second.user).pk)
    assert list(Captain.objects.values_list("user", "is_first")) == [(second.user.pk, True), (captain.user.pk, False)]
    assert [mail.to for mail in mails_of("team_captain")] == ["tou@example.org"]
    answer = captain.post(captains, what="remove", captain=Captain.objects.get(user=captain.user).pk)
    assert answer.headers["Location"] == "/me", "who stops leading has no captain's page any more"
    assert "Led by Tou." in Client().get(f"/t/{team.slug}").content.decode()


@pytest.mark.parametrize("words", [{}, {"what": "add"}, {"what": "x"}, {"what": "remove"}, {"what": "hand_over"}])
def test_a_form_that_does_not_say_whom_changes_nobody(words: dict[str, str]) -> None:
    team, captain = a_led_team(an_event())
    assert captain.post(f"/me/teams/{team.slug}/captains", **words).status_code == 422
    assert Captain.objects.count() == 1


def test_a_member_whose_page_nobody_has_claimed_cannot_lead() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    runner = a_runner(event, team=team)
    Fundraiser.objects.filter(pk=runner.page.pk).update(owner=None)
    answer = captain.post(f"/me/teams/{team.slug}/captains", what="add", member=runner.page.bib)
    assert answer.status_code == 422
    assert "Nobody else on the team has signed in" in captain.sees(f"/me/teams/{team.slug}/captains")


def test_a_captain_with_an_alias_is_named_as_the_page_names_them() -> None:
    event = an_event()
    captain = a_runner(event, name="Sofia Petrova")
    team = a_team(event, captain=captain.user)
    Fundraiser.objects.filter(pk=captain.page.pk).update(team=team, name="S.")
    assert "Led by S." in Client().get(f"/t/{team.slug}").content.decode()
    Fundraiser.objects.filter(pk=captain.page.pk).update(is_listed=False)
    public_edit(event.pk)
    seen = Client().get(f"/t/{team.slug}").content.decode()
    assert "Led by" not in seen
    assert "Sofia" not in seen


def test_a_team_shows_its_photo_and_takes_it_away_again() -> None:
    team, captain = a_led_team(an_event())
    path = f"/me/teams/{team.slug}/photo"

    def send(data: bytes) -> int:
        photo = SimpleUploadedFile("us.jpg", data, "image/jpeg")
        return int(captain.client.post(path, {"photo": photo}).status_code)

    assert send(b"no photo") == 422
    assert send(saved(a_picture())) == 302
    team.refresh_from_db()
    picture = f"/t/{team.slug}/photo/{team.photo}-640.webp"
    assert picture in Client().get(f"/t/{team.slug}").content.decode()
    assert Client().get(picture).status_code == 200
    Team.objects.update(is_hidden=True)
    assert Client().get(picture).status_code == 404
    Team.objects.update(is_hidden=False)
    captain.post(path, remove="1")
    assert Client().get(picture).status_code == 404


def test_a_captain_sees_who_is_on_the_team_also_who_is_not_named() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    a_runner(event, name="S.", team=team, is_listed=False)
    told = captain.sees(f"/me/teams/{team.slug}")
    assert "S." in told
    assert "not named on the team" in told
