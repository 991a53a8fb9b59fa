"""Invitations: by a link that may be passed on, and by e-mail to one address; forged, old, used and strange ones."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client

from common import clock
from fundraisers.membership import join_at_registration
from outreach.emails import text_of
from outreach.models import OutboxMail
from teams.invitations import A_DAY
from teams.models import Invitation, Team
from tests.factories import a_page, a_team, an_event
from tests.teams.cast import Runner, a_led_team, a_runner, mails_of

pytestmark = pytest.mark.django_db


def link_in(mail: OutboxMail) -> str:
    """The path of the link in a mail."""
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/t/\S+)", text_of(mail))
    assert found
    return found[1]


def invite(captain: Runner, team: Team, *addresses: str) -> str:
    """Invites, and gives what the captain reads then."""
    answer = captain.post(f"/me/teams/{team.slug}/invite", addresses="\n".join(addresses))
    assert answer.status_code == 302, answer.content.decode()
    return captain.sees(f"/me/teams/{team.slug}/invite")


@pytest.fixture
def team_and_captain() -> tuple[Team, Runner]:
    return a_led_team(an_event(), joining=Team.Joining.INVITED)


def test_who_is_invited_joins_once(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    runner = a_runner(team.event)
    assert "Invitations on their way: 1." in invite(captain, team, "Tou@Example.org")
    (mail,) = mails_of("invitation")
    assert (mail.to, mail.topic) == ("tou@example.org", "teams")
    assert "Amina Warsame invites you to run with North Loop Striders" in text_of(mail)
    path = link_in(mail)
    assert "You are on it as soon as you press the button." in runner.sees(path)
    assert runner.client.get(path).headers["Referrer-Policy"] == "same-origin"
    runner.post(path, page=runner.page.slug)
    assert runner.team() == team
    runner.post(f"/t/{team.slug}/leave", page=runner.page.slug)
    assert "This invitation was used" in runner.sees(path)
    assert runner.post(path, page=runner.page.slug).status_code == 422
    assert runner.team() is None


def test_an_invitation_is_for_its_address_alone(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    other = a_runner(team.event, name="Grace Okafor")
    invite(captain, team, "tou@example.org")
    path = link_in(mails_of("invitation")[0])
    told = other.sees(path)
    assert "This invitation was sent to another address." in told
    assert "tou@example.org" not in told
    assert other.post(path, page=other.page.slug).status_code == 422
    assert other.team() is None
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_ends_after_thirty_days(
    team_and_captain: tuple[Team, Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    team, captain = team_and_captain
    runner = a_runner(team.event)
    invite(captain, team, "tou@example.org")
    path = link_in(mails_of("invitation")[0])
    later = clock.now().timestamp() + 30 * 86_400 + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "older than 30 days" in runner.sees(path)
    assert runner.post(path, page=runner.page.slug).status_code == 422
    assert runner.team() is None


def test_a_forged_link_opens_nothing(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    second = a_team(team.event, "Frogtown", joining=Team.Joining.INVITED)
    runner = a_runner(team.event)
    invite(captain, team, "tou@example.org")
    token = link_in(mails_of("invitation")[0]).rpartition("/")[2]
    invitation = Invitation.objects.get()
    carried = [invitation.pk, invitation.nonce]
    forged = [
        *("x", "0", invitation.nonce, token[:-1], token.swapcase(), f"{token}x"),
        signing.dumps(carried, key="another key", salt="invitation_token"),
        signing.dumps(carried, salt="claim_token"),
        signing.dumps([invitation.pk, "0" * 16], salt="invitation_token"),
        signing.dumps([10**30, invitation.nonce], salt="invitation_token"),
    ]
    for each in forged:
        for answer in (
            runner.client.get(f"/t/{team.slug}/join/{each}"),
            runner.post(f"/t/{team.slug}/join/{each}", page=runner.page.slug),
        ):
            assert answer.status_code == 404, each
    # A right one leads to its own team only.
    assert runner.client.get(f"/t/{second.slug}/join/{token}").status_code == 404
    assert runner.team() is None


def test_an_invitation_sent_anew_makes_the_one_before_void(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    runner = a_runner(team.event)
    invite(captain, team, "tou@example.org")
    assert "Left in peace" in invite(captain, team, "tou@example.org")
    assert len(mails_of("invitation")) == 1
    Invitation.objects.update(created_at=clock.now() - timedelta(days=2))
    invite(captain, team, "tou@example.org")
    old, new = map(link_in, mails_of("invitation"))
    assert runner.client.get(old).status_code == 404
    runner.post(new, page=runner.page.slug)
    assert runner.team() == team
    Invitation.objects.update(created_at=clock.now() - timedelta(days=2))
    assert "Left in peace" in invite(captain, team, "tou@example.org")


def test_nothing_in_the_database_opens_a_team_by_invitation(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    invite(captain, team, "tou@example.org")
    token = link_in(mails_of("invitation")[0]).rpartition("/")[2]
    with connection.cursor() as cursor:
        for table in ("teams_invitation", "outreach_outboxmail"):
            cursor.execute(f"SELECT * FROM {table}")
            assert token.rpartition(":")[2] not in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter at least one e-mail address."),
        ("tou@example.org, nobody", "“nobody” is not an e-mail address. None was sent."),
        ("\n".join(f"r{number}@example.org" for number in range(51)), "These are 51 addresses; 50 at a time"),
        ("tou@example.org\r\nBcc: x@example.org", "“bcc:” is not an e-mail address."),
    ],
)
def test_a_mistake_sends_nothing(typed: str, sentence: str, team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    answer = captain.post(f"/me/teams/{team.slug}/invite", addresses=typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()
    assert not mails_of("invitation")


def test_a_day_holds_so_many_invitations_and_no_more(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    for block in range(A_DAY // 50):
        invite(captain, team, *(f"r{block}-{number}@example.org" for number in range(50)))
    answer = captain.post(f"/me/teams/{team.slug}/invite", addresses="one@example.org")
    assert answer.status_code == 422
    assert f"{A_DAY} invitations a day is the most." in answer.content.decode()
    # A second team of the same person is no way around.
    second = a_team(team.event, "Frogtown", captain.user)
    assert captain.post(f"/me/teams/{second.slug}/invite", addresses="one@example.org").status_code == 422
    assert len(mails_of("invitation")) == A_DAY
    Invitation.objects.update(created_at=clock.now() - timedelta(days=1, minutes=1))
    invite(captain, team, "one@example.org")


def test_the_link_lets_in_whoever_has_it_until_it_is_renewed_or_ended(team_and_captain: tuple[Team, Runner]) -> None:
    team, captain = team_and_captain
    first, second, third = (a_runner(team.event, name=name) for name in ("Tou Vang", "Grace Okafor", "Mai Xiong"))
    link = f"/me/teams/{team.slug}/link"

    def path() -> str:
        team.refresh_from_db()
        return f"/t/{team.slug}/join/{team.link_token}"

    captain.post(link, what="renew")
    old = path()
    assert old in captain.sees(f"/me/teams/{team.slug}/invite")
    first.post(old, page=first.page.slug)
    captain.post(link, what="renew")
    assert second.client.get(old).status_code == 404
    second.post(path(), page=second.page.slug)
    last = path()
    captain.post(link, what="withdraw")
    assert third.client.get(last).status_code == 404
    assert third.client.get(f"/t/{team.slug}/join/").status_code == 404
    assert [each.team() for each in (first, second, third)] == [team, team, None]
    assert captain.post(link).status_code == 400


def test_a_stranger_with_an_invitation_signs_up_with_the_address_and_is_on_the_team(
    team_and_captain: tuple[Team, Runner],
) -> None:
    team, captain = team_and_captain
    invite(captain, team, "new@example.org")
    path = link_in(mails_of("invitation")[0])
    assert "<form" not in Client().get(path).content.decode()
    page = a_page(team.event, name="Newcomer", team="", email="new@example.org")
    page.event = team.event
    join_at_registration(page=page, wish=team.slug)
    page.refresh_from_db()
    assert page.team == team
    assert Invitation.objects.get().accepted_at
    later = a_page(team.event, name="Latecomer", team="", email="new@example.org")
    later.event = team.event
    join_at_registration(page=later, wish=team.slug)
    later.refresh_from_db()
    assert later.team is None
    assert later.join_request.team == team
