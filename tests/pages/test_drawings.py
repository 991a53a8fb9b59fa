"""The drawings say what the numbers say: lanes, marks of the race, the river."""

import re

from hypothesis import given
from hypothesis import strategies as some

from frontend.drawings.lanes import lanes
from frontend.drawings.parts import Share
from frontend.drawings.race import MOST_MARKS, marks, racer
from frontend.drawings.river import ROW, river

sums = some.lists(some.integers(0, 10**9), min_size=1, max_size=9)


def shares(*cents: int) -> list[Share]:
    return [Share(f"Organization {place}", place, part) for place, part in enumerate(cents)]


def finish_of(drawing: str) -> str:
    return str(re.findall(r'class="finish" x="([\d.]+)%"', drawing)[0])


def test_lanes_end_before_the_finish_until_the_goal_is_reached() -> None:
    drawing = lanes(shares(100, 100), 400, "m")
    assert finish_of(drawing) == "100"
    assert re.findall(r'class="lane l\d" y="\d+" width="([\d.]+)%"', drawing) == ["50", "50"]


def test_beyond_the_goal_the_lanes_run_on_behind_the_finish() -> None:
    drawing = lanes(shares(500, 500), 400, "m")
    assert finish_of(drawing) == "40"
    assert re.findall(r'class="lane l\d" y="\d+" width="([\d.]+)%"', drawing) == ["100", "100"]


def test_a_goal_that_was_passed_many_times_keeps_its_finish_in_sight_and_no_goal_has_one_at_the_end() -> None:
    assert finish_of(lanes(shares(1_000_000), 100, "m")) == "12"
    assert finish_of(lanes(shares(1_000_000), 0, "m")) == "100"


@given(most=some.integers(1, 10**12))
def test_a_race_has_few_marks_at_round_distances_and_none_behind_the_leader(most: int) -> None:
    found = marks(most)
    assert 1 <= len(found) <= MOST_MARKS
    step = found[0].value
    assert re.fullmatch(r"[125]0*", str(step))
    assert [mark.value for mark in found] == list(range(step, most + 1, step))
    assert [mark.run for mark in found] == [mark.value * 1000 // most for mark in found]


def test_every_row_has_the_marks_of_the_whole_race() -> None:
    row = racer([0, 1, 2], 0.25, 417, marks(332_166))
    assert re.findall(r'class="mark" x1="([\d.]+)%"', row) == ["30.1", "60.2", "90.3"]
    assert ">417</text>" in row


@given(cents=sums)
def test_no_band_of_the_river_is_higher_than_its_row(cents: list[int]) -> None:
    drawing = river(shares(*cents), [0] * len(cents), [0] * len(cents))
    heights = [float(height) for height in re.findall(r'class="bed[^>]*height="([\d.]+)"', drawing)]
    assert len(heights) == len(cents)
    assert max(heights) <= ROW
