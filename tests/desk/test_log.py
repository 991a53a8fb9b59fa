"""The audit log: found by person, act, day and words; taken along as a file, which is an act itself."""

from datetime import timedelta

import pytest

from accounts.models import Role, StaffAct, User
from common import clock
from tests.desk.cast import at_desk, text_of
from tests.factories import an_event

pytestmark = pytest.mark.django_db


def acts() -> None:
    an_event()
    mai, otto = (User.objects.create_user(f"{name}@example.org") for name in ("mai", "otto"))
    now = clock.now()
    for user, verb, target, days in ((mai, "hid a page", "bib 7 x", 0), (otto, "exported", "=cmd", 3)):
        StaffAct.objects.create(user=user, verb=verb, target=target, reason="Asked for", at=now - timedelta(days=days))


def test_acts_are_found_by_person_verb_day_and_words() -> None:
    acts()
    desk = at_desk(Role.ORGANIZER)
    day = clock.now().astimezone(an_event().zone).date()
    mai = User.objects.get(email="mai@example.org").pk
    for asked in ({"person": str(mai)}, {"verb": "hid a page"}, {"day": day.isoformat()}, {"q": "bib 7"}):
        page = text_of(desk, "/desk/log", **asked)
        assert "1 act, newest first" in page, asked
        assert "hid a page: " in page
        assert "=cmd" not in page
    assert "2 acts, newest first" in text_of(desk, "/desk/log", person="99", day="never", verb="x")
    assert "No act is like that." in text_of(desk, "/desk/log", q="zzz")


def test_an_empty_log_says_so_and_is_for_organizers() -> None:
    an_event()
    assert "Nothing yet." in text_of(at_desk(Role.ORGANIZER), "/desk/log")
    other = at_desk(Role.TREASURER, Role.MODERATOR, email="other@example.org")
    assert {other.get(path).status_code for path in ("/desk/log", "/desk/log.csv")} == {404}


def test_the_file_holds_what_was_asked_for_and_is_an_act_itself() -> None:
    acts()
    answer = at_desk(Role.ORGANIZER).get("/desk/log.csv", {"verb": "exported"})
    lines = answer.getvalue().decode().splitlines()
    assert lines[0].lstrip("\ufeff") == "When,Who,What,Of what,Why,From"
    assert "otto@example.org,exported,'=cmd,Asked for," in lines[-1]
    assert "hid a page" not in "".join(lines)
    assert (StaffAct.objects.latest("pk").verb, StaffAct.objects.latest("pk").user.email) == (
        "exported",
        "staff@example.org",
    )
