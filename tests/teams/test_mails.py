"""The mails of teams: a complete text part, small HTML, absolute links, what people wrote escaped."""

import re

import pytest
from pytest_django import Settings

from fundraisers import membership
from fundraisers.models import JoinRequest
from outreach.emails import html_of, message_of, text_of
from outreach.models import OutboxMail, Topic
from outreach.services import send_waiting, turn_off
from teams.invitations import invite
from teams.models import Team
from teams.services import hand_over
from tests.factories import an_event
from tests.teams.cast import a_led_team, a_runner

pytestmark = pytest.mark.django_db


def all_mails() -> dict[str, OutboxMail]:
    """One of each, by what its key begins with."""
    event = an_event()
    team, captain = a_led_team(event, "<b>Loop</b> & friends", joining=Team.Joining.APPROVED)
    yes, no = a_runner(event), a_runner(event, name="Grace Okafor")
    invite(team=team, addresses=["new@example.org"], by=captain.user, inviter="Amina <Warsame>")
    for each in (yes, no):
        membership.ask_to_join(page=each.page, team=team)
    for request in JoinRequest.objects.select_related("fundraiser__owner", "team__event"):
        act = membership.approve if request.fundraiser == yes.page else membership.decline
        act(request=request)
    hand_over(team=team, to=yes.user)
    hand_over(team=team, to=captain.user)
    membership.remove(page=yes.page, team=team)
    return {mail.key.partition(":")[0]: mail for mail in OutboxMail.objects.filter(template="email/team")}


def test_every_mail_is_small_whole_and_escaped(settings: Settings) -> None:
    made = all_mails()
    kinds = {"invitation", "join_request", "join_approved", "join_declined", "team_captain", "team_removed"}
    assert set(made) == kinds
    for mail in made.values():
        html, text = html_of(mail), text_of(mail)
        assert len(html.encode()) < 60_000
        for link in re.findall(r'(?:href|src)="([^"]*)"', html):
            assert link.startswith(settings.SITE_URL), link
        assert "<b>Loop</b> & friends" in text
        assert "<b>Loop" not in html
        assert "&amp;lt;" not in html
        assert "{{" not in html + text
        assert "None" not in text
        assert not re.search(r"\n\n\n", text), "no holes in the text part"
        assert not re.search(r"[\r\n]", mail.subject)
        assert len(mail.subject) <= 200
        assert message_of(mail).message()


def test_who_asked_for_it_gets_an_answer_and_the_rest_is_turned_off_in_one_click() -> None:
    made = all_mails()
    assert {kind for kind, mail in made.items() if mail.topic == Topic.TEAMS} == {"invitation", "join_request"}
    assert message_of(made["invitation"]).extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    turn_off(email="new@example.org", topic=Topic.TEAMS, off=True)
    send_waiting()
    made["invitation"].refresh_from_db()
    made["join_declined"].refresh_from_db()
    assert (made["invitation"].status, made["join_declined"].status) == ("off", "sent")
