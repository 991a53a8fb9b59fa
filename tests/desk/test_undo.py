"""Undo: one press after an act, while nothing has changed, by who did it; the log shows both."""

import re
import time
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.db.models import Model
from django.test import Client

from accounts.models import Role, StaffAct
from desk.taking_back import INVERSES
from desk.undo import KINDS, SALT
from donations.giving.moderation import digest
from fundraisers.models import Fundraiser
from fundraisers.services import post_update
from registration.codes import create_promo_code
from registration.models import Participant
from teams.models import Team
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page, a_payment, a_registration, paid

pytestmark = pytest.mark.django_db


def button(client: Client, path: str) -> str:
    """What the button Undo carries; empty where none is offered."""
    found = re.search(r'name="act" value="([^"]+)"', text_of(client, path))
    return unescape(found[1]) if found else ""


def press(client: Client, token: str) -> str:
    answer = client.post("/desk/undo", {"act": token, "next": "/desk/runners"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/runners")
    return text_of(client, "/desk/runners")


def again(row: Model) -> Any:
    """The row as it is now."""
    return type(row)._default_manager.get(pk=row.pk)


def hidden_page(desk: Client) -> Fundraiser:
    page = a_page()
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "1"})
    return page


def test_a_page_that_was_hidden_is_back_with_one_press_and_both_are_in_the_log() -> None:
    desk = at_desk(Role.ORGANIZER)
    page = hidden_page(desk)
    assert "Taken back." in press(desk, button(desk, "/desk/runners"))
    page.refresh_from_db()
    assert (page.is_hidden, page.hidden_by) == (False, "")
    acts = list(StaffAct.objects.order_by("pk").values_list("verb", flat=True))
    assert acts == ["hid a page", "took an act back", "showed a page"]
    log = text_of(desk, "/desk/log")
    assert all(f"{verb}:" in log for verb in acts)


def test_an_act_is_taken_back_once_and_only_while_nothing_changed() -> None:
    desk = at_desk(Role.MODERATOR)
    page = hidden_page(desk)
    token = button(desk, "/desk/runners")
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "0"})
    assert "Somebody at the desk was faster" in press(desk, token)
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "1"})
    token = button(desk, "/desk/runners")
    press(desk, token)
    assert "Somebody at the desk was faster" in press(desk, token)
    assert not Fundraiser.objects.get().is_hidden


def test_a_button_is_of_one_person_and_their_role_and_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = at_desk(Role.MODERATOR)
    hidden_page(desk)
    token = button(desk, "/desk/runners")
    other = at_desk(Role.ORGANIZER, email="other@example.org")
    assert other.post("/desk/undo", {"act": token}).status_code == 404
    for wrong in ("", "x", token[:-1], signing.dumps([1], salt="other")):
        assert "Somebody at the desk was faster" in press(desk, wrong)
    later = time.time() + timedelta(minutes=61).total_seconds()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        with pytest.raises(signing.SignatureExpired):
            signing.loads(token, salt=SALT, max_age=3600)
    desk.post("/accounts/logout/")
    assert Fundraiser.objects.get().is_hidden


def test_what_an_owner_hid_is_not_offered_to_be_hidden_by_staff() -> None:
    page = a_page()
    Fundraiser.objects.filter(pk=page.pk).update(is_hidden=True, hidden_by="owner")
    desk = at_desk(Role.ORGANIZER)
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "0"})
    assert button(desk, "/desk/runners") == ""
    assert StaffAct.objects.get().verb == "showed a page"


def test_words_team_news_typo_and_code_are_taken_back_exactly() -> None:
    page = a_page(name="Amina Warsame", team="North Loop")
    payment = a_payment(page, message="Run well")
    paid(payment)
    gift = payment.donations.get()
    news = post_update(fundraiser=page, text="Twelve miles.")
    code = create_promo_code(event=page.event, code="LOOP", percent_off=10)
    person = a_registration(page.event, "Ben Olsen").participants.get()
    typo = {"name": "Ben Olson", "shirt_size": "M", "emergency_name": "Ana Olson", "emergency_phone": "612-555-0100"}
    team = Team.objects.get()
    acts = {
        f"/desk/messages/{gift.pk}": {"state": "refused", "seen": digest(gift)},
        f"/desk/teams/{team.pk}/hide": {"hidden": "1"},
        f"/desk/updates/{news.pk}/hide": {"hidden": "1"},
        f"/desk/promo-codes/{code.pk}": {"active": "0"},
        f"/desk/registrations/people/{person.pk}/correct": typo,
    }
    desk = at_desk(Role.ORGANIZER)
    rows: list[Model] = [gift, team, news, code, person]
    kinds = ["words", "team", "news", "code", "entry"]
    for (path, sent), row, kind in zip(acts.items(), rows, kinds, strict=True):
        before = KINDS[kind].state(again(row))
        answer = desk.post(path, sent)
        assert answer.status_code == 302, path
        assert KINDS[kind].state(again(row)) != before
        assert "Taken back." in press(desk, button(desk, "/desk"))
        assert KINDS[kind].state(again(row)) == before, kind
    assert Participant.objects.get().name == "Ben Olsen"


def test_every_kind_has_an_inverse() -> None:
    assert set(KINDS) == set(INVERSES)
