"""Somebody says that a page is wrong, and a person at the desk sees it."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from fundraisers.models import Report
from fundraisers.services import MOST_OPEN_REPORTS, post_update
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page
from tests.fundraisers.people import told

pytestmark = pytest.mark.django_db


def words(**more: str) -> dict[str, str]:
    return {"reason": "That is not her real name.", "email": "", "form_token": str(uuid4()), **more}


def test_a_report_waits_at_the_desk_and_one_press_hides_the_page(client: Client) -> None:
    page = a_page(name="Sofia P.")
    assert f"/r/{page.slug}/report" in told(client.get(f"/r/{page.slug}"))
    answer = client.post(f"/r/{page.slug}/report", words(email="friend@example.org"))
    assert "Thank you for telling us" in told(client.get(answer.headers["Location"]))
    desk = at_desk(Role.MODERATOR)
    assert "1 page is reported." in text_of(desk, "/desk")
    shown = text_of(desk, "/desk/reports")
    for said in ("Sofia P.", "That is not her real name.", "friend@example.org", "Hide the page"):
        assert said in shown
    desk.post(f"/desk/runners/{page.pk}/hide", {"hidden": "1", "next": "/desk/reports"})
    assert client.get(f"/r/{page.slug}").status_code == 404
    assert desk.post(f"/desk/reports/{Report.objects.get().pk}/close").status_code == 302
    assert "Nothing is reported." in text_of(desk, "/desk/reports")
    assert list(StaffAct.objects.values_list("verb", flat=True)) == ["closed a report", "hid a page"]


def test_the_same_form_twice_is_one_report(client: Client) -> None:
    page = a_page()
    same = words()
    for _press in range(2):
        assert client.post(f"/r/{page.slug}/report", same).status_code == 302
    assert Report.objects.count() == 1


def test_a_team_is_reported_too(client: Client) -> None:
    page = a_page()
    assert page.team
    client.post(f"/t/{page.team.slug}/report", words())
    assert Report.objects.get().team == page.team
    shown = text_of(at_desk(Role.ORGANIZER), "/desk/reports")
    assert "Hide the team" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": ""}, "Say in a few words what is wrong."),
        ({"reason": "x" * 501}, "at most 500 characters"),
        ({"email": "me"}, "Enter an e-mail address like name@example.org."),
        ({"form_token": ""}, "Please send it once more."),
    ],
)
def test_a_mistake_is_told(wrong: dict[str, str], sentence: str, client: Client) -> None:
    page = a_page()
    answer = client.post(f"/r/{page.slug}/report", words(**wrong))
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert not Report.objects.exists()


def test_a_flood_of_reports_is_answered_and_not_kept(client: Client) -> None:
    page = a_page()
    for press in range(MOST_OPEN_REPORTS + 5):
        somebody = {"REMOTE_ADDR": f"10.3.0.{press}"}
        assert client.post(f"/r/{page.slug}/report", words(), **somebody).status_code == 302  # type: ignore[arg-type]
    assert Report.objects.count() == MOST_OPEN_REPORTS


def test_a_page_that_is_not_there_is_not_reported(client: Client) -> None:
    a_page()
    assert client.get("/r/nobody/report").status_code == 404
    assert client.post("/r/nobody/report", words()).status_code == 404


def test_a_report_is_closed_once() -> None:
    page = a_page()
    Client().post(f"/r/{page.slug}/report", words())
    desk, number = at_desk(Role.MODERATOR), Report.objects.get().pk
    assert [desk.post(f"/desk/reports/{number}/close").status_code for _press in range(2)] == [302, 404]
    assert StaffAct.objects.count() == 1


def test_a_moderator_takes_news_off_a_page_and_brings_them_back(client: Client) -> None:
    page = a_page()
    update = post_update(fundraiser=page, text="My neighbour is called Marker")
    desk = at_desk(Role.MODERATOR)
    assert "Marker" in text_of(desk, "/desk/updates")
    desk.post(f"/desk/updates/{update.pk}/hide", {"hidden": "1"})
    assert "Marker" not in told(client.get(f"/r/{page.slug}"))
    assert "Marker" not in told(client.get(f"/r/{page.slug}/updates"))
    desk.post(f"/desk/updates/{update.pk}/hide", {"hidden": "0"})
    assert "Marker" in told(client.get(f"/r/{page.slug}"))
    assert desk.post(f"/desk/updates/{update.pk}/hide", {}).status_code == 400
