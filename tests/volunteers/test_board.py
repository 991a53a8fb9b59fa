"""The coordinator's board: who is where, what was said, and what can be taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from common import clock
from events.models import Event
from outreach.emails import text_of
from outreach.models import OutboxMail, Topic
from outreach.services import send_waiting, turn_off
from outreach.volunteers.models import Line, Placement, Shift, Volunteer
from tests.desk.cast import at_desk
from tests.desk.cast import text_of as page_of
from tests.factories import a_race
from tests.volunteers.team import a_shift, a_volunteer, on

State = Volunteer.State


@pytest.fixture
def event(db: None) -> Event:
    return a_race()


@pytest.fixture
def desk(event: Event) -> Client:
    return at_desk(Role.COORDINATOR)


def press(desk: Client, person: Volunteer, what: str, **data: str) -> str:
    """A press on somebody's page, and the page that it leads to."""
    return desk.post(f"/desk/volunteers/{person.pk}/{what}", data, follow=True).content.decode()


def now(person: Volunteer) -> str:
    person.refresh_from_db()
    return person.state


def column(page: str, state: str) -> int:
    found = re.search(rf'column-sum">(\d+)</span> {state}<', page)
    assert found
    return int(found[1])


# --- The board ------------------------------------------------------------------------------------------------


def test_an_empty_board_says_what_to_do(desk: Client) -> None:
    assert "Nobody has offered to help yet" in page_of(desk, "/desk/volunteers")


def test_the_board_counts_finds_narrows_and_pages(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    on(shift, "Maya Olson", "Ben Lund")
    for number in range(60):
        a_volunteer(event, f"Person{number} X", wish="Parking" if number < 3 else "Water")
    page = page_of(desk, "/desk/volunteers")
    assert [column(page, name) for name in ("All", "New", "Placed", "Thanked")] == [62, 60, 2, 0]
    assert "Page 1 of 2" in page
    assert "Maya Olson" in page_of(desk, "/desk/volunteers", page="2")
    for query, found in [
        ({"q": "parking"}, 3),
        ({"q": "BEN@"}, 1),
        ({"state": "placed"}, 2),
        ({"shift": str(shift.pk)}, 2),
        ({"state": "placed", "q": "maya"}, 1),
        ({"state": "nonsense"}, 62),
    ]:
        assert f"{found} {'person' if found == 1 else 'people'}, newest first" in page_of(
            desk, "/desk/volunteers", **query
        )
    assert "Nobody is like that" in page_of(desk, "/desk/volunteers", q="nobody")


def test_the_board_asks_the_database_as_often_for_fifty_as_for_one(
    desk: Client, event: Event, django_assert_max_num_queries: object
) -> None:
    shift = a_shift(event, places=60)
    on(shift, *(f"Person{number}" for number in range(50)))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page_of(desk, "/desk/volunteers")


def test_a_new_one_is_marked_from_the_list_which_stays_as_it_was(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    back = "/desk/volunteers?state=new"
    answer = desk.post(f"/desk/volunteers/{person.pk}/state", {"state": "contacted", "seen": "new", "next": back})
    assert answer.headers["Location"] == back
    assert now(person) == State.CONTACTED


def test_a_spreadsheet_has_a_row_for_each_place_and_runs_nothing(desk: Client, event: Event) -> None:
    on(a_shift(event), "Maya")
    on(a_shift(event, "Water", hours_from_start=1), "Maya")
    a_volunteer(event, "Ben", wish="=cmd()")
    answer: Any = desk.get("/desk/volunteers.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "'=cmd()" in lines[1]
    assert {"Bib pick-up", "Water"} == {name for line in lines[2:] for name in ("Bib pick-up", "Water") if name in line}
    assert StaffAct.objects.filter(verb="opened the volunteers' list").count() == 1


# --- One person -----------------------------------------------------------------------------------------------


def test_a_state_is_set_by_hand_written_down_and_taken_back(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    assert "Maya Olson: Contacted." in press(desk, person, "state", state="contacted", seen="new")
    page = page_of(desk, f"/desk/volunteers/{person.pk}")
    assert "New → Contacted" in page
    assert "Sam Staff" in page
    assert "Undo: back to New" in page
    line = person.lines.filter(kind="state")[0].pk
    assert "Taken back." in press(desk, person, "undo", line=str(line))
    assert now(person) == State.NEW
    assert "faster" in press(desk, person, "undo", line=str(line))
    assert now(person) == State.NEW
    verbs = list(StaffAct.objects.values_list("verb", "target"))
    assert verbs == [
        ("took a volunteer back to new", f"volunteer {person.pk}"),
        ("set a volunteer to contacted", f"volunteer {person.pk}"),
    ]


def test_who_was_seen_in_another_state_is_left_alone(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    assert "faster" in press(desk, person, "state", state="thanked", seen="placed")
    assert now(person) == State.NEW
    assert not StaffAct.objects.exists()


def test_nobody_is_withdrawn_from_a_shift_without_being_taken_off(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    [person] = on(shift, "Maya")
    assert "take them off first" in press(desk, person, "state", state="withdrawn", seen="placed")
    press(desk, person, f"shifts/{shift.pk}/off")
    assert now(person) == State.CONTACTED
    press(desk, person, "state", state="withdrawn", seen="contacted")
    assert now(person) == State.WITHDRAWN
    assert "You have withdrawn" in Client().get(f"/volunteer/{person.token}").content.decode()


def test_what_another_act_has_overtaken_cannot_be_taken_back(desk: Client, event: Event) -> None:
    person, shift = a_volunteer(event), a_shift(event)
    press(desk, person, "state", state="contacted", seen="new")
    press(desk, person, "place", shift=str(shift.pk))
    assert "Undo" not in page_of(desk, f"/desk/volunteers/{person.pk}")
    line = person.lines.filter(kind="state")[0].pk
    assert "faster" in press(desk, person, "undo", line=str(line))
    assert now(person) == State.PLACED


def test_notes_are_added_and_say_who_and_when(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    press(desk, person, "note", note="Mornings <b>only</b>.")
    press(desk, person, "note", note="Has a van.")
    page = page_of(desk, f"/desk/volunteers/{person.pk}")
    assert page.index("Has a van.") < page.index("Mornings &lt;b&gt;only")
    assert Line.objects.filter(kind="note", by__email="staff@example.org").count() == 2
    assert "Write the note." in press(desk, person, "note", note=" ")
    assert "Has a van." not in Client().get(f"/volunteer/{person.token}").content.decode()


def test_somebody_is_put_on_a_shift_and_told(desk: Client, event: Event) -> None:
    person, shift = a_volunteer(event), a_shift(event, places=1)
    assert "(1 left)" in page_of(desk, f"/desk/volunteers/{person.pk}")
    assert "Maya Olson is on Bib pick-up, and gets a mail." in press(desk, person, "place", shift=str(shift.pk))
    assert now(person) == State.PLACED
    assert OutboxMail.objects.filter(key__contains=":placed:", to=person.email).exists()
    other = a_volunteer(event, "Ben")
    assert "No shift has a free place" in page_of(desk, f"/desk/volunteers/{other.pk}")
    assert "is full: somebody was faster" in press(desk, other, "place", shift=str(shift.pk))
    assert "Choose a shift." in press(desk, other, "place")
    assert Placement.objects.count() == 1


def test_two_shifts_at_once_are_asked_about(desk: Client, event: Event) -> None:
    [person] = on(a_shift(event), "Maya")
    water = a_shift(event, "Water", hours_from_start=-1)
    page = press(desk, person, "place", shift=str(water.pk))
    assert "Water is at the same time as Bib pick-up" in page
    assert "They know, and can do both" in page
    press(desk, person, "place", shift=str(water.pk), overlap="on")
    assert Placement.objects.filter(ended_at=None).count() == 2


def test_a_mail_is_looked_at_before_it_goes_and_goes_once(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    path, words = f"/desk/volunteers/{person.pk}/message", {"subject": "Saturday?", "text": "Can you do\n6:30 <AM>?"}
    looked = desk.post(path, words).content.decode()
    assert "Nothing has been sent yet" in looked
    assert "6:30 &lt;AM&gt;?" in looked
    assert not Line.objects.filter(kind="message").exists()
    assert "See how it reads" in desk.post(path, words | {"change": "1"}).content.decode()
    for _press in range(2):
        assert desk.post(path, words | {"confirm": "1"}).status_code == 302
    mail = OutboxMail.objects.get(key__contains=":message:")
    assert "6:30 <AM>?" in text_of(mail)
    assert (mail.topic, now(person)) == (Topic.VOLUNTEERS, State.CONTACTED)
    assert "Waiting" in page_of(desk, f"/desk/volunteers/{person.pk}")


def test_who_wants_no_more_mails_gets_none_and_the_desk_sees_it(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    turn_off(email=person.email, topic=Topic.VOLUNTEERS, off=True)
    press(desk, person, "message", subject="Hello", text="Hello", confirm="1")
    send_waiting()
    assert "has turned such mails off" in page_of(desk, f"/desk/volunteers/{person.pk}")


def test_a_message_without_words_is_not_sent(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    assert "Write the message." in press(desk, person, "message", subject="Hello", text="", confirm="1")
    assert not Line.objects.filter(kind="message").exists()


# --- Thanks ---------------------------------------------------------------------------------------------------


def over(event: Event) -> None:
    """The shifts lie in the past."""
    for shift in Shift.objects.filter(event=event):
        length = shift.ends_at - shift.starts_at
        ended = clock.now() - timedelta(hours=1)
        Shift.objects.filter(pk=shift.pk).update(starts_at=ended - length, ends_at=ended)


def test_everybody_who_is_done_is_thanked_once_after_a_dry_run_that_counts(desk: Client, event: Event) -> None:
    on(a_shift(event, places=5), "Maya", "Ben", "Ida")
    assert "There is nobody to thank right now" in page_of(desk, "/desk/volunteers/thank")
    over(event)
    [busy] = on(a_shift(event, "Clear up", hours_from_start=2), "Ole")
    looked = desk.post("/desk/volunteers/thank", {"text": "You were great."}).content.decode()
    assert "Send 3 mails" in looked
    assert "You were great." in looked
    assert not OutboxMail.objects.filter(key__contains=":thanks:").exists()
    words = {"text": "You were great.", "people": "3", "confirm": "1"}
    page = desk.post("/desk/volunteers/thank", words, follow=True).content.decode()
    assert "3 mails are on their way." in page
    assert column(page, "Thanked") == 3
    assert now(busy) == State.PLACED
    mails = OutboxMail.objects.filter(key__contains=":thanks:")
    assert {mail.to for mail in mails} == {f"{name}@example.org" for name in ("maya", "ben", "ida")}
    assert "You were great." in text_of(mails[0])
    again = desk.post("/desk/volunteers/thank", words)
    assert again.status_code == 422
    assert mails.count() == 3
    assert StaffAct.objects.get(verb="thanked volunteers").target.endswith(": 3 mails")


def test_a_count_that_changed_sends_nothing(desk: Client, event: Event) -> None:
    on(a_shift(event, places=5), "Maya", "Ben")
    over(event)
    answer = desk.post("/desk/volunteers/thank", {"text": "", "people": "5", "confirm": "1"})
    assert answer.status_code == 422
    assert "Nothing was sent: look once more." in answer.content.decode()
    assert not OutboxMail.objects.filter(key__contains=":thanks:").exists()


def test_one_person_is_thanked_and_the_state_can_be_taken_back(desk: Client, event: Event) -> None:
    [person] = on(a_shift(event), "Maya")
    assert "are on their way" in press(desk, person, "thank", seen="placed")
    assert now(person) == State.THANKED
    assert OutboxMail.objects.filter(key__contains=":thanks:").count() == 1
    assert "faster" in press(desk, person, "thank", seen="placed")
    line = person.lines.filter(kind="state")[0].pk
    press(desk, person, "undo", line=str(line))
    assert now(person) == State.PLACED


# --- Who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.TREASURER, Role.APPROVER, Role.MODERATOR])
def test_others_of_the_staff_see_no_volunteer(role: Role, event: Event) -> None:
    person = a_volunteer(event)
    desk = at_desk(role)
    for path in ("/desk/volunteers", f"/desk/volunteers/{person.pk}", "/desk/volunteers.csv", "/desk/shifts/print"):
        assert desk.get(path).status_code == 404


def test_a_person_of_another_event_is_not_found(desk: Client, event: Event) -> None:
    person = a_volunteer(event)
    event.pk, event.slug, event.is_current = None, "last-time", False
    event.save(force_insert=True)
    Volunteer.objects.filter(pk=person.pk).update(event=event)
    assert desk.get(f"/desk/volunteers/{person.pk}").status_code == 404
