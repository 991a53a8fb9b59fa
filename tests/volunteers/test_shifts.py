"""Shifts at the desk: made, changed and cancelled after a dry run that counts; and on paper."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from events.models import Event
from outreach.emails import text_of
from outreach.models import OutboxMail
from outreach.volunteers.models import Placement, Shift, Volunteer
from outreach.volunteers.services import leave
from tests.desk.cast import at_desk
from tests.desk.cast import text_of as page_of
from tests.factories import a_race
from tests.volunteers.team import a_shift, a_volunteer, on, see

State = Volunteer.State


@pytest.fixture
def event(db: None) -> Event:
    return a_race()


@pytest.fixture
def desk(event: Event) -> Client:
    return at_desk(Role.COORDINATOR)


def words(shift: Shift | None = None, **more: str) -> dict[str, str]:
    """What the form of a shift sends."""
    told = {"name": "Cheer", "phase": "during", "day": "2030-12-07", "begins": "08:00", "ends": "11:00"}
    told |= {"meeting_point": "Gate 3", "about": "", "places": "4", "min_age": ""}
    if shift:
        told |= {"name": shift.name, "about": shift.about, "meeting_point": shift.meeting_point}
        told |= {"day": f"{shift.local_start:%Y-%m-%d}", "places": str(shift.places), "phase": shift.phase}
        told |= {"begins": f"{shift.local_start:%H:%M}", "ends": f"{shift.local_end:%H:%M}"}
    return told | more


def send(desk: Client, path: str, data: dict[str, str]) -> str:
    return desk.post(path, data, follow=True).content.decode()


def changed_mails() -> list[str]:
    return sorted(OutboxMail.objects.filter(key__contains=":shift:").values_list("to", flat=True))


def test_a_shift_is_made_and_is_public_at_once(desk: Client, event: Event) -> None:
    assert "There is no shift yet" in page_of(desk, "/desk/shifts")
    see("/volunteer")
    assert "Cheer is on the public page." in send(desk, "/desk/shifts/new", words())
    shift = Shift.objects.get()
    assert (shift.local_start.hour, shift.local_end.hour, shift.places) == (8, 11, 4)
    assert "Cheer" in see("/volunteer")
    assert StaffAct.objects.get().verb == "made a shift"


def test_a_shift_over_midnight_ends_on_the_next_day(desk: Client, event: Event) -> None:
    send(desk, "/desk/shifts/new", words(begins="22:00", ends="01:00"))
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=3)


def test_hours_are_local_on_both_sides_of_a_change_of_clocks(desk: Client, event: Event) -> None:
    send(desk, "/desk/shifts/new", words(day="2030-11-03", begins="00:30", ends="03:30"))
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=4), "the hour after one comes twice"
    answer = desk.post("/desk/shifts/new", words(day="2030-03-10", begins="02:30", ends="05:00"))
    assert answer.status_code == 422
    assert "this hour does not exist on that day" in answer.content.decode()


@pytest.mark.parametrize("name", ["name", "phase", "day", "begins", "ends", "meeting_point", "places"])
def test_what_is_missing_is_said_beside_its_field(name: str, desk: Client) -> None:
    answer = desk.post("/desk/shifts/new", words() | {name: ""})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Shift.objects.exists()


def test_one_like_another_starts_from_its_words(desk: Client, event: Event) -> None:
    shift = a_shift(event, min_age=16)
    page = page_of(desk, "/desk/shifts/new", like=str(shift.pk))
    for said in ("Bib pick-up", "Gate 29", 'value="16"'):
        assert said in page
    assert Shift.objects.count() == 1


def test_a_shift_nobody_is_on_changes_without_a_mail(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    page = send(desk, f"/desk/shifts/{shift.pk}", words(shift, begins="05:00", places="7"))
    assert "Nobody had to be told." in page
    shift.refresh_from_db()
    assert (shift.local_start.hour, shift.places) == (5, 7)
    assert changed_mails() == []


def test_who_is_on_a_shift_that_moves_is_told_after_a_dry_run(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    on(shift, "Maya", "Ben")
    path, data = f"/desk/shifts/{shift.pk}", words(shift, meeting_point="Gate 34")
    looked = send(desk, path, data)
    assert "Change it and send 2 mails" in looked
    assert changed_mails() == []
    assert "Keep this" in send(desk, path, data | {"change": "1"})
    assert "2 mails go out." in send(desk, path, data | {"confirm": "1", "people": "2"})
    assert changed_mails() == ["ben@example.org", "maya@example.org"]
    assert "Gate 34" in text_of(OutboxMail.objects.filter(key__contains=":shift:")[0])
    shift.refresh_from_db()
    assert shift.edition == 1
    send(desk, path, words(shift, meeting_point="Gate 3", confirm="1", people="2"))
    assert len(changed_mails()) == 4, "each change is told"


def test_words_and_more_places_are_kept_without_a_mail(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    on(shift, "Maya")
    assert "Nobody had to be told." in send(desk, f"/desk/shifts/{shift.pk}", words(shift, about="Smile.", places="9"))
    shift.refresh_from_db()
    assert (shift.about, shift.edition) == ("Smile.", 0)


def test_a_count_that_changed_since_the_dry_run_stops_it(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    [maya, _ben] = on(shift, "Maya", "Ben")
    leave(volunteer=maya, shift=shift)
    data = words(shift, meeting_point="Gate 34", confirm="1", people="2")
    assert desk.post(f"/desk/shifts/{shift.pk}", data).status_code == 422
    shift.refresh_from_db()
    assert shift.meeting_point == "Gate 29"
    assert changed_mails() == []


def test_no_shift_has_fewer_places_than_people(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    on(shift, "Maya", "Ben")
    page = send(desk, f"/desk/shifts/{shift.pk}", words(shift, places="1"))
    assert "2 people are on it. Take some off first" in page
    shift.refresh_from_db()
    assert shift.places == 3


def test_a_shift_is_cancelled_its_people_told_and_free(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    [maya, _ben] = on(shift, "Maya", "Ben")
    path = f"/desk/shifts/{shift.pk}/cancel"
    assert "Cancel it and send 2 mails" in page_of(desk, path)
    assert "look again" in send(desk, path, {"people": "3"})
    assert "is cancelled. Mails: 2." in send(desk, path, {"people": "2", "text": "The gate is closed."})
    assert changed_mails() == ["ben@example.org", "maya@example.org"]
    assert "The gate is closed." in text_of(OutboxMail.objects.filter(key__contains=":shift:")[0])
    maya.refresh_from_db()
    assert maya.state == State.CONTACTED
    assert not Placement.objects.filter(ended_at=None).exists()
    assert "Bib pick-up" not in see("/volunteer")
    assert Client().get(f"/volunteer/{maya.token}/take/{shift.pk}").status_code == 404
    assert "look again" in send(desk, path, {"people": "0"})


def test_a_cancelled_shift_is_opened_again_without_its_people(desk: Client, event: Event) -> None:
    shift = a_shift(event)
    on(shift, "Maya")
    send(desk, f"/desk/shifts/{shift.pk}/cancel", {"people": "1"})
    assert "faster" in send(desk, f"/desk/shifts/{shift.pk}", words(shift))
    assert "is open again" in send(desk, f"/desk/shifts/{shift.pk}/reopen", {})
    assert "3</b> places left" in see("/volunteer")
    assert "faster" in send(desk, f"/desk/shifts/{shift.pk}/reopen", {})


def test_what_is_needed_is_edited_in_words(desk: Client, event: Event) -> None:
    see("/volunteer")
    send(desk, "/desk/shifts/needs", {"before": "Fold shirts.", "during": "", "after": "Clear up."})
    page = see("/volunteer")
    assert "Fold shirts." in page
    assert "On race day" not in page
    send(desk, "/desk/shifts/needs", {"before": "", "during": "Cheer.", "after": ""})
    assert "Cheer." in see("/volunteer")


def test_a_race_that_does_not_stand_is_said_where_shifts_are(desk: Client, event: Event) -> None:
    Event.objects.update(state="postponed")
    assert "Shifts do not move by themselves" in page_of(desk, "/desk/shifts")


def test_sheets_have_names_and_boxes_and_no_addresses(desk: Client, event: Event) -> None:
    first, later = a_shift(event), a_shift(event, "Clear up", hours_from_start=48, phase="after")
    on(first, "Maya", "Ben")
    on(later, "Ole")
    gone = a_shift(event, "Parking")
    Shift.objects.filter(pk=gone.pk).update(cancelled_at=event.starts_at)
    page = page_of(desk, "/desk/shifts/print")
    assert page.index("Ben") < page.index("Maya") < page.index("Ole")
    assert page.count('class="tick"') == 3
    assert "@example.org" not in page.partition("<main")[2]
    assert "Parking" not in page
    assert "Ole" not in page_of(desk, "/desk/shifts/print", day=f"{first.local_start:%Y-%m-%d}")
    assert "Maya" in page_of(desk, "/desk/shifts/print", day="2030-99-99")
    assert "No shift takes place then" in page_of(desk, "/desk/shifts/print", day="2001-01-01")
    assert "Ole" not in page_of(desk, f"/desk/shifts/{first.pk}/print")
    assert StaffAct.objects.filter(verb="opened the volunteers' list").count() == 1


def test_a_shift_nobody_is_on_has_a_sheet_too(desk: Client, event: Event) -> None:
    a_volunteer(event)
    assert "Nobody is on it yet" in page_of(desk, f"/desk/shifts/{a_shift(event).pk}/print")
