"""Places on the boards: most first, equal ones share a rank, and who is hidden stands nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraisers.models import Fundraiser
from fundraisers.services import create_fundraiser, set_hidden
from fundraisers.standings import Kind, board
from fundraisers.standings.boards import MEASURES
from fundraisers.standings.sql import SqlBoard
from teams.models import Team
from tests.factories import a_page, a_payment, an_event, paid
from tests.standings.boards import another_event, around, expected, pages_of, teams_of, top, window
from tests.tools.books import rolled_back

pytestmark = pytest.mark.django_db

# Few different ones, so that many are equal; a refund may come before its gift.
scores = st.lists(st.integers(-2, 4).map(lambda step: step * 100), max_size=8)


@given(
    st.sampled_from(Kind), scores, st.sets(st.integers(0, 7)), st.integers(0, 8), st.integers(1, 8), st.integers(0, 3)
)
def test_places_are_what_counting_by_hand_says(
    kind: Kind, given_scores: list[int], gone: set[int], start: int, size: int, near: int
) -> None:
    with rolled_back():
        event = another_event()
        pages = pages_of(event, given_scores)
        teams = teams_of(event, given_scores, [number % 3 for number, _score in enumerate(given_scores)])
        for place in gone & set(range(len(pages))):
            Fundraiser.objects.filter(pk=pages[place].pk).update(is_listed=bool(place % 2), is_hidden=bool(place % 3))
            Team.objects.filter(pk=teams[place].pk).update(is_hidden=True)
        pages_of(another_event(), [500, 100])
        rows, one = expected(event, kind), SqlBoard(event, kind)
        assert one.size() == len(rows)
        assert top(one, start, size) == rows[start : start + size]
        for holder in MEASURES[kind].rows(event):
            assert around(one, holder, near) == window(rows, holder.pk, near)


def test_equal_totals_share_a_rank_and_the_next_one_counts_them_all() -> None:
    event = an_event()
    pages_of(event, [500, 900, 500, 100])
    assert [place.rank for place in board(event, Kind.RUNNERS).top(0, 9)] == [1, 2, 2, 4]
    assert [place.rank for place in board(event, Kind.RUNNERS).top(2, 9)] == [2, 4]


def test_a_team_is_measured_by_its_members() -> None:
    event = an_event()
    large, small = teams_of(event, [1000, 900], [4, 3])
    teams_of(event, [5000], [0])
    assert top(board(event, Kind.AVERAGE), 0, 9) == [(1, small.pk, 300), (2, large.pk, 250)]


def test_the_board_of_donors_counts_gifts_not_money() -> None:
    event = an_event()
    one, many = a_page(event, name="One Large"), a_page(event, name="Many Small")
    paid(a_payment(one, cents=100_000))
    paid(a_payment(many, cents=500))
    paid(a_payment(many, cents=500))
    assert [place.holder for place in board(event, Kind.DONORS).top(0, 1)] == [many]
    assert [place.holder for place in board(event, Kind.RUNNERS).top(0, 1)] == [one]


def test_members_are_counted_when_pages_come_and_go() -> None:
    event = an_event()
    page = a_page(event)
    team = page.team
    assert team
    create_fundraiser(event=event, name="Second Member", team=team)
    team.refresh_from_db()
    assert team.member_count == 2
    set_hidden(fundraiser=page, hidden=True)
    team.refresh_from_db()
    assert team.member_count == 1
    set_hidden(fundraiser=page, hidden=False)
    team.refresh_from_db()
    assert team.member_count == 2


def test_a_place_costs_one_query(django_assert_num_queries: object) -> None:
    event = an_event()
    pages = pages_of(event, [100, 200, 300, 200, 100])
    with django_assert_num_queries(1):  # type: ignore[operator]
        board(event, Kind.RUNNERS).around(pages[1], 1)
    with django_assert_num_queries(1):  # type: ignore[operator]
        board(event, Kind.RUNNERS).top(0, 50)
