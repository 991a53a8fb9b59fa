"""Places in shifts: nobody overfills one, however many press at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connections

from events.models import Event
from outreach.models import OutboxMail
from outreach.volunteers.models import Placement, Shift, Volunteer
from outreach.volunteers.services import CannotTake, Overlaps, forget, leave, take
from outreach.volunteers.shifts import cancel_shift
from outreach.volunteers.talking import Changed
from tests.accounts.people import make_staff
from tests.factories import a_race
from tests.tools.fixtures.databases import CommittedDatabase
from tests.volunteers.team import a_shift, a_volunteer, on

State = Volunteer.State


def at_once(act: Callable[[int], object], count: int, pool: int) -> list[object]:
    """What each of these presses gives, or raises, when they come together."""
    together = Barrier(pool)

    def press(number: int) -> object:
        try:
            if number < pool:
                together.wait()
            return act(number)
        except (CannotTake, Changed) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(pool) as threads:
        return list(threads.map(press, range(count)))


def want_the_last_place(count: int, pool: int) -> None:
    event = a_race()
    shift = a_shift(event, places=1)
    people = [a_volunteer(event, f"Person{number}") for number in range(count)]
    answers = at_once(lambda number: take(volunteer=people[number], shift=shift), count, pool)
    assert sum(isinstance(answer, Placement) for answer in answers) == 1
    assert sum(isinstance(answer, CannotTake) for answer in answers) == count - 1
    assert Placement.objects.filter(ended_at=None).count() == 1
    assert Volunteer.objects.filter(state=State.PLACED).count() == 1
    assert OutboxMail.objects.filter(key__contains=":placed:").count() == 1


@pytest.mark.postgres
def test_fifty_who_want_the_last_place_are_one(committed_db: CommittedDatabase) -> None:
    want_the_last_place(50, 25)


def test_eight_who_want_the_last_place_are_one(committed_db: CommittedDatabase) -> None:
    want_the_last_place(8, 4)


@pytest.mark.postgres
def test_one_person_pressing_ten_times_at_once_has_one_place(committed_db: CommittedDatabase) -> None:
    event = a_race()
    shift, person = a_shift(event), a_volunteer(event)
    answers = at_once(lambda _number: take(volunteer=person, shift=shift), 10, 10)
    assert len({getattr(answer, "pk", None) for answer in answers}) == 1
    assert Placement.objects.count() == 1


@pytest.mark.postgres
def test_taking_leaving_forgetting_and_cancelling_at_once_end_within_the_places(
    committed_db: CommittedDatabase,
) -> None:
    event, staff = a_race(), make_staff()
    shifts = [a_shift(event, places=6), a_shift(event, "Water", hours_from_start=2, places=6)]
    inside = on(shifts[0], *(f"Inside{number}" for number in range(5)))
    outside = [a_volunteer(event, f"Outside{number}") for number in range(10)]

    def act(number: int) -> object:
        if number < 3:
            return leave(volunteer=inside[number], shift=shifts[0])
        if number == 3:
            return forget(volunteer=inside[3])
        if number == 4:
            return cancel_shift(shift=shifts[1], seen=shifts[1].placements.count(), text="", by=staff)
        return take(volunteer=outside[number % 10], shift=shifts[number % 2])

    answers = at_once(act, 20, 20)
    assert not any(isinstance(answer, OperationalError) for answer in answers)
    for shift in Shift.objects.all():
        standing = Placement.objects.filter(shift=shift, ended_at=None).count()
        assert standing <= (0 if shift.cancelled_at else 6)


@pytest.fixture
def event(db: None) -> Event:
    return a_race()


def test_a_full_shift_says_who_was_faster_and_what_to_do(event: Event) -> None:
    shift = a_shift(event, places=1)
    on(shift, "Maya")
    with pytest.raises(CannotTake, match="Bib pick-up is full: somebody was faster"):
        take(volunteer=a_volunteer(event, "Ben"), shift=shift)


def test_overlapping_hours_are_told_unless_they_are_known(event: Event) -> None:
    first, second = a_shift(event), a_shift(event, "Water", hours_from_start=-1)
    [person] = on(first, "Maya")
    with pytest.raises(Overlaps, match="Water is at the same time as Bib pick-up"):
        take(volunteer=person, shift=second)
    assert take(volunteer=person, shift=second, knows_overlap=True).ended_at is None


def test_a_place_given_back_can_be_taken_again_by_the_same_person(event: Event) -> None:
    shift = a_shift(event, places=1)
    [person] = on(shift, "Maya")
    assert leave(volunteer=person, shift=shift)
    assert not leave(volunteer=person, shift=shift)
    assert take(volunteer=person, shift=shift).ended_at is None
    assert OutboxMail.objects.filter(key__contains=":placed:").count() == 2
