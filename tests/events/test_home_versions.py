"""The home page is edited at the desk in versions: looked at, published, restored; the file leaves it alone then."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Role, StaffAct
from events.models import Event
from events.services import load_event
from tests.accounts.people import make_staff, sign_in
from tests.factories import EVENT_FILE, an_event

pytestmark = pytest.mark.django_db
FACT = {"figure": "77", "text": "A new figure.", "source": "A study", "year": "2024"}


@pytest.fixture
def event() -> Event:
    return an_event()


@pytest.fixture
def desk(client: Client) -> Client:
    return sign_in(client, make_staff(Role.ORGANIZER))


def newest(event: Event) -> int:
    version = event.home_versions.first()
    assert version
    return version.number


def home(client: Client) -> str:
    return client.get("/").content.decode()


def headings(client: Client, address: str = "/") -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", client.get(address).content.decode())


def test_a_change_waits_until_it_is_published_and_can_be_looked_at(event: Event, desk: Client) -> None:
    assert desk.post("/desk/home/facts/new", FACT | {"seen": newest(event)}).status_code == 302
    assert "A new figure." not in home(Client())
    assert "A new figure." in desk.get(f"/desk/home/preview/{newest(event)}").content.decode()
    assert "nobody but the desk sees it yet" in desk.get("/desk/home").content.decode()
    desk.post("/desk/home/publish", {"seen": newest(event)})
    assert "A new figure." in home(Client())
    assert list(StaffAct.objects.values_list("verb", "target")) == [
        ("published the home page", "version 2"),
        ("changed the home page", "version 2: 77: added"),
    ]


def test_sections_move_hide_and_come_back(event: Event, desk: Client) -> None:
    assert headings(Client()) == headings(desk, "/desk/home/preview/1")
    before = headings(Client())
    for what in ("down", "hide"):
        place = 0 if what == "down" else 1
        desk.post(f"/desk/home/sections/{place}/act", {"what": what, "seen": newest(event)})
    desk.post("/desk/home/publish", {"seen": newest(event)})
    assert headings(Client()) == before[1:]
    desk.post("/desk/home/history/1/restore", {"seen": newest(event)})
    desk.post("/desk/home/publish", {"seen": newest(event)})
    assert headings(Client()) == before
    history = desk.get("/desk/home/history").content.decode()
    assert "5 versions" not in history
    assert "4 versions" in history
    assert "Version 1 again" in history


def test_own_words_are_a_section_that_can_be_removed_and_are_made_safe(event: Event, desk: Client) -> None:
    words = {"heading": "Parking", "text": "**Free** <script>alert(1)</script> [x](javascript:alert(1))"}
    desk.post("/desk/home/sections/new", words | {"seen": newest(event)})
    desk.post("/desk/home/publish", {"seen": newest(event)})
    shown = home(Client())
    assert "<strong>Free</strong>" in shown
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown
    last = len(event.home_versions.all()[0].content["sections"]) - 1
    assert desk.post(f"/desk/home/sections/{last}/act", {"what": "remove", "seen": newest(event)}).status_code == 302
    # One that comes with the page is hidden, not removed.
    assert desk.post("/desk/home/sections/0/act", {"what": "remove", "seen": newest(event)}).status_code == 400


def test_two_organizers_never_overwrite_each_other_and_keep_what_they_typed(event: Event, desk: Client) -> None:
    desk.post("/desk/home/questions/0", {"question": "First?", "answer": "Yes.", "seen": 1})
    late = desk.post("/desk/home/questions/0", {"question": "Second?", "answer": "My words.", "seen": 1})
    assert late.status_code == 422
    assert "Somebody at the desk was faster" in late.content.decode()
    assert "My words." in late.content.decode()
    for address in ("/desk/home/publish", "/desk/home/history/1/restore"):
        assert desk.post(address, {"seen": 1}).status_code == 302
    event.refresh_from_db()
    assert (newest(event), event.home and event.home.number) == (2, 1)


def test_what_a_figure_lacks_is_said_and_kept_out(event: Event, desk: Client) -> None:
    answer = desk.post("/desk/home/facts/new", FACT | {"year": "", "seen": 1})
    assert answer.status_code == 422
    assert "Enter the figure&#x27;s year." in answer.content.decode()
    assert newest(event) == 1


@pytest.mark.parametrize("address", ["facts/99", "nothing/0", "nothing/new"])
def test_what_is_not_there_is_not_found(event: Event, desk: Client, address: str) -> None:
    assert desk.get(f"/desk/home/{address}").status_code == 404


def test_the_file_seeds_and_the_desks_version_wins(event: Event, desk: Client) -> None:
    desk.post("/desk/home/facts/new", FACT | {"seen": newest(event)})
    desk.post("/desk/home/publish", {"seen": newest(event)})
    out = StringIO()
    call_command("load_event", str(EVENT_FILE), stdout=out)
    assert "stays as the desk has it" in out.getvalue()
    assert "A new figure." in home(Client())
    call_command("load_event", str(EVENT_FILE), home=True, stdout=out)
    assert "A new figure." not in home(Client())
    assert newest(event) == 3
    # What the desk wrote is still there to be restored.
    assert "A new figure." in desk.get("/desk/home/preview/2").content.decode()


def test_the_same_file_adds_no_version(event: Event) -> None:
    load_event(EVENT_FILE, coming=True)
    assert newest(event) == 1


def test_a_page_without_any_version_still_stands(event: Event) -> None:
    Event.objects.update(home=None)
    assert "Register for the 5K" in home(Client())
