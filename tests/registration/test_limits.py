"""How often one address may begin a sign-up, wait or report: often enough for a stadium, and not without end."""

import pytest
from django.test import Client
from limits import RateLimitItemPerHour

from events.models import Event
from fundraisers import reports
from fundraisers.models import Report
from registration import views
from registration.models import Registration, WaitListEntry
from tests.factories import a_page, a_race
from tests.registration.people import with_places, words

pytestmark = pytest.mark.django_db
ELSEWHERE = "203.0.113.9"


@pytest.fixture
def event() -> Event:
    return a_race()


def two(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    monkeypatch.setattr(module, name, (RateLimitItemPerHour(2, namespace=name),))


def test_who_begins_too_many_sign_ups_is_told_so_and_keeps_what_was_written(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    two(monkeypatch, views, "CARTS")
    answers = [Client().post("/register/start", words(event)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert Registration.objects.count() == 2
    shown = answers[2].content.decode()
    assert "This was sent too often from your network." in shown
    assert 'value="Amina Warsame"' in shown
    assert Client().post("/register/start", words(event), REMOTE_ADDR=ELSEWHERE).status_code == 302
    assert Client().get("/register/start").status_code == 200


def test_a_form_that_is_not_right_does_not_count(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    two(monkeypatch, views, "CARTS")
    for _ in range(4):
        assert Client().post("/register/start", {}).status_code == 422
    assert Client().post("/register/start", words(event)).status_code == 302


def test_the_wait_list_and_reports_have_limits_too(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    two(monkeypatch, views, "WAITS")
    two(monkeypatch, reports, "REPORTS")
    a_page(event)
    with_places(event, 0)
    for number in range(3):
        whom = {"name": "Amina", "email": f"a{number}@example.org"}
        told = {"reason": "Not her.", "form_token": f"00000000-0000-4000-8000-00000000000{number}"}
        waits = Client().post("/register/wait/run", whom)
        reported = Client().post("/r/amina-warsame/report", told)
        assert {waits.status_code, reported.status_code} == ({302} if number < 2 else {429})
    assert (WaitListEntry.objects.count(), Report.objects.count()) == (2, 2)


def test_a_stadium_behind_one_address_signs_up(event: Event) -> None:
    for _ in range(50):
        assert Client().post("/register/start", words(event)).status_code == 302


def test_promo_codes_are_not_guessed(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    two(monkeypatch, views, "CODES")
    cart = Client().post("/register/start", words(event)).headers["Location"]
    answers = [Client().post(f"{cart}/code", {"code": f"GUESS{number}"}).status_code for number in range(3)]
    assert answers == [422, 422, 429]
