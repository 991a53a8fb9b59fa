"""Onto a team and off it: who may, what is said first, and what becomes of the money."""

import pytest
from django.test import Client

from donations.giving.settle import settle
from donations.payments.facts import Facts
from fundraisers.models import Fundraiser, JoinRequest
from teams.models import Team
from tests.factories import a_charge, a_page, a_payment, a_team, an_event
from tests.giving.legs import balances
from tests.teams.cast import a_led_team, a_runner, given, mails_of

pytestmark = pytest.mark.django_db


def cents_of(team: Team) -> tuple[int, int]:
    team.refresh_from_db()
    return team.raised_cents, team.gift_count


@pytest.mark.money
def test_a_move_takes_later_gifts_along_and_leaves_earlier_ones_where_they_were_counted() -> None:
    event = an_event()
    loop, _captain = a_led_team(event)
    other = a_team(event, "Frogtown")
    runner = a_runner(event)
    given(runner.page, 1000)
    runner.post(f"/t/{loop.slug}/join", page=runner.page.slug)
    given(runner.page, 2000)
    told = runner.sees(f"/t/{other.slug}/join")
    assert "Tou leaves North Loop Striders." in told
    assert "$20.00 that counted for North Loop Striders so far stays there." in told
    assert "New gifts count for Frogtown, too." in told
    runner.post(f"/t/{other.slug}/join", page=runner.page.slug)
    given(runner.page, 4000)
    assert (cents_of(loop), cents_of(other)) == ((2000, 1), (4000, 1))
    runner.page.refresh_from_db()
    assert runner.page.raised_cents == 7000
    assert "bank" not in balances()


@pytest.mark.money
def test_what_a_leaver_raised_stays_with_the_team_and_the_page_keeps_its_total() -> None:
    event = an_event()
    team, _captain = a_led_team(event)
    runner = a_runner(event, team=team)
    given(runner.page, 5000)
    assert "$50.00 that was given so far stays counted for North Loop Striders." in runner.sees(f"/t/{team.slug}/leave")
    answer = runner.post(f"/t/{team.slug}/leave", page=runner.page.slug)
    assert answer.headers["Location"] == "/me"
    assert runner.team() is None
    given(runner.page, 700)
    assert cents_of(team) == (5000, 1)
    assert runner.page.raised_cents == 5000
    seen = Client().get(f"/t/{team.slug}").content.decode()
    assert "Runners who have moved on" in seen
    assert "Tou Vang" not in seen.split('id="gift-list"')[0]


@pytest.mark.money
def test_a_gift_that_was_under_way_counts_for_the_team_it_was_started_with() -> None:
    event = an_event()
    team, _captain = a_led_team(event)
    runner = a_runner(event, team=team)
    payment = a_payment(runner.page, cents=3000)
    runner.post(f"/t/{team.slug}/leave", page=runner.page.slug)
    settle(payment.ledger_id, Facts(charges=[a_charge(payment)]))
    assert cents_of(team) == (3000, 1)


def test_whoever_wants_to_joins_an_open_team_at_once() -> None:
    event = an_event()
    team, _captain = a_led_team(event)
    runner = a_runner(event)
    assert "You are on it as soon as you press the button." in runner.sees(f"/t/{team.slug}/join")
    answer = runner.post(f"/t/{team.slug}/join", page=runner.page.slug)
    assert answer.headers["Location"] == "/me"
    assert runner.team() == team
    team.refresh_from_db()
    assert team.member_count == 2
    assert "Tou runs with North Loop Striders now." in runner.sees("/me")
    assert "Tou is on the team." in runner.sees(f"/t/{team.slug}/join")


def test_a_captain_answers_who_asks() -> None:
    event = an_event()
    team, captain = a_led_team(event, joining=Team.Joining.APPROVED)
    runner, other = a_runner(event), a_runner(event, name="Grace Okafor")
    for each in (runner, other):
        assert "A captain says yes or no" in each.sees(f"/t/{team.slug}/join")
        each.post(f"/t/{team.slug}/join", page=each.page.slug)
        assert each.team() is None
    assert [mail.to for mail in mails_of("join_request")] == ["amina@example.org"] * 2
    assert "Tou Vang" in captain.sees(f"/me/teams/{team.slug}")
    asked = JoinRequest.objects.get(fundraiser=runner.page)
    captain.post(f"/me/teams/{team.slug}/requests/{asked.pk}", answer="yes")
    captain.post(f"/me/teams/{team.slug}/requests/{JoinRequest.objects.get().pk}", answer="no")
    assert runner.team() == team
    assert other.team() is None
    assert not JoinRequest.objects.exists()
    assert [mail.to for mail in mails_of("join_approved")] == ["tou@example.org"]
    assert [mail.to for mail in mails_of("join_declined")] == ["grace@example.org"]
    assert captain.post(f"/me/teams/{team.slug}/requests/{asked.pk}", answer="yes").status_code == 404


def test_asking_again_and_again_tells_the_captain_once_a_day() -> None:
    event = an_event()
    team, _captain = a_led_team(event, joining=Team.Joining.APPROVED)
    runner = a_runner(event)
    for _time in range(3):
        runner.post(f"/t/{team.slug}/join", page=runner.page.slug)
        assert "Tou has asked to join." in runner.sees(f"/t/{team.slug}/join")
        runner.post(f"/t/{team.slug}/leave", page=runner.page.slug)
        assert not JoinRequest.objects.exists()
    assert len(mails_of("join_request")) == 1


def test_a_page_asks_one_team_at_a_time_and_joining_another_ends_it() -> None:
    event = an_event()
    team, _captain = a_led_team(event, joining=Team.Joining.APPROVED)
    second, third = a_team(event, "Frogtown", joining=Team.Joining.APPROVED), a_team(event, "Midway")
    runner = a_runner(event)
    runner.post(f"/t/{team.slug}/join", page=runner.page.slug)
    assert "The question to North Loop Striders is taken back." in runner.sees(f"/t/{second.slug}/join")
    runner.post(f"/t/{second.slug}/join", page=runner.page.slug)
    assert JoinRequest.objects.get().team == second
    runner.post(f"/t/{third.slug}/join", page=runner.page.slug)
    assert not JoinRequest.objects.exists()


def test_a_team_that_invites_takes_nobody_else() -> None:
    event = an_event()
    team, _captain = a_led_team(event, joining=Team.Joining.INVITED)
    runner = a_runner(event)
    assert "captains invite who runs with them" in runner.sees(f"/t/{team.slug}/join")
    assert runner.post(f"/t/{team.slug}/join", page=runner.page.slug).status_code == 422
    assert runner.team() is None
    assert not JoinRequest.objects.exists()


def test_a_person_with_two_pages_chooses_one_and_nobody_chooses_anothers() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    runner = a_runner(event)
    child = a_page(event, name="Kai", team="", is_listed=False)
    Fundraiser.objects.filter(pk=child.pk).update(owner=runner.user)
    for words in ({}, {"page": captain.page.slug}, {"page": "nobody"}, {"page": str(child.pk)}):
        answer = runner.post(f"/t/{team.slug}/join", **words)
        assert answer.status_code == 422
        assert answer.content.decode().count("There is a problem") == 1
    runner.post(f"/t/{team.slug}/join", page=child.slug)
    child.refresh_from_db()
    assert child.team == team
    assert runner.team() is None


def test_a_stranger_is_asked_to_sign_in_or_up_and_gets_no_form() -> None:
    event = an_event()
    team, _captain = a_led_team(event)
    client = Client()
    answer = client.get(f"/t/{team.slug}/join")
    assert "<form" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"/accounts/login/?next=/t/{team.slug}/join" in answer.content.decode()
    assert client.post(f"/t/{team.slug}/join", {"page": "x"}).headers["Location"].startswith("/accounts/login/")
    assert client.get(f"/t/{team.slug}/leave").headers["Location"].startswith("/accounts/login/")


def test_who_is_not_on_a_team_has_nothing_to_leave() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    runner = a_runner(event)
    assert runner.client.get(f"/t/{team.slug}/leave").headers["Location"] == "/me"
    runner.post(f"/t/{team.slug}/leave", page=captain.page.slug)
    assert captain.team() == team


def test_a_hidden_team_takes_nobody() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    Team.objects.update(is_hidden=True)
    runner = a_runner(event)
    for path in (f"/t/{team.slug}", f"/t/{team.slug}/join", f"/t/{team.slug}/leave", f"/t/{team.slug}/give"):
        assert runner.client.get(path).status_code == 404, path
    assert captain.client.get(f"/me/teams/{team.slug}/invite").status_code == 404


def test_the_captain_may_leave_and_leads_on_and_a_co_captain_who_leaves_does_not() -> None:
    event = an_event()
    team, captain = a_led_team(event)
    second = a_runner(event, team=team)
    captain.post(f"/me/teams/{team.slug}/captains", what="add", member=second.page.bib)
    assert second.client.get(f"/me/teams/{team.slug}").status_code == 200
    second.post(f"/t/{team.slug}/leave", page=second.page.slug)
    assert second.client.get(f"/me/teams/{team.slug}").status_code == 404
    captain.post(f"/t/{team.slug}/leave", page=captain.page.slug)
    assert captain.team() is None
    assert "Nobody is on the team. Its total stays." in captain.sees(f"/me/teams/{team.slug}")
