"""The sorted sets say what SQL says: after any change, in any order of writers, and after any loss."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from redis import ConnectionError as Unreachable

from donations.giving.settle import settle
from donations.payments.facts import ChargeFact, Facts
from events.models import Event
from fundraisers import standings
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from fundraisers.standings import Kind, board
from fundraisers.standings import redis as sets
from fundraisers.standings.redis import RedisBoard
from fundraisers.standings.sql import SqlBoard
from fundraisers.tasks import refresh_boards
from teams.models import Team
from tests.factories import a_page, a_payment, a_refund, an_event, paid
from tests.standings.boards import another_event, around, expected, pages_of, teams_of, top
from tests.tools.fixtures.databases import CommittedDatabase

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _breaker_is_closed(committed_db: CommittedDatabase) -> Iterator[None]:
    standings.sets.open_until = 0.0
    yield
    standings.sets.open_until = 0.0


def fresh(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def agree(event: Event) -> None:
    """Every answer of every set is that of SQL, and no set had to be left out."""
    event = fresh(event)
    for kind in Kind:
        in_redis, in_sql = RedisBoard(event, kind), SqlBoard(event, kind)
        assert in_redis.size() == in_sql.size()
        for start, size in ((0, 50), (1, 2), (3, 1)):
            assert top(in_redis, start, size) == top(in_sql, start, size)
        model = Fundraiser if kind in (Kind.RUNNERS, Kind.DONORS) else Team
        for holder in model._default_manager.filter(event=event):
            near = holder.pk % 3
            assert around(in_redis, holder, near) == around(in_sql, holder, near)


scores = st.lists(st.integers(-(10**12), 10**12) | st.integers(-2, 2), max_size=8)


@settings(max_examples=20)
@given(scores)
def test_sets_and_sql_give_equal_answers(given_scores: list[int]) -> None:
    event = another_event()
    pages_of(event, given_scores)
    teams_of(event, given_scores, [number % 3 for number, _score in enumerate(given_scores)])
    agree(event)


Act = Callable[["Race", int], None]


class Race:
    """Pages and gifts to play with."""

    def __init__(self) -> None:
        self.event = another_event()
        self.pages = [a_page(self.event, name=f"Runner {number}", team=f"Team {number % 3}") for number in range(4)]
        self.charges: list[tuple[int, ChargeFact]] = []

    def page(self, number: int) -> Fundraiser:
        return Fundraiser.objects.get(pk=self.pages[number % len(self.pages)].pk)

    def gift(self, number: int) -> None:
        payment = a_payment(self.page(number), cents=100 + number % 3 * 100)
        self.charges.append((payment.ledger_id, paid(payment)))

    def refund(self, number: int) -> None:
        if self.charges:
            ledger, charge = self.charges.pop(number % len(self.charges))
            settle(ledger, Facts(refunds=[a_refund(charge, charge.amount_cents)]))

    def hide(self, number: int) -> None:
        set_hidden(fundraiser=self.page(number), hidden=not self.page(number).is_hidden)

    def new(self, number: int) -> None:
        team = f"Team {number % 4}" if number % 5 else ""
        self.pages.append(a_page(self.event, name=f"Runner {number}", team=team, is_listed=bool(number % 7)))

    def forget(self, number: int) -> None:
        sets._redis().delete(f"board:{self.event.pk}:{list(Kind)[number % len(Kind)]}")

    def look(self, number: int) -> None:
        agree(self.event)

    def set_back(self, number: int) -> None:
        """Redis comes up again with an older copy of a set."""
        key = f"board:{self.event.pk}:{list(Kind)[number % len(Kind)]}"
        copy = sets._redis().zrange(key, 0, -1, withscores=True)
        self.gift(number)
        self.hide(number + 1)
        agree(self.event)
        if copy:
            sets._redis().delete(key)
            sets._redis().zadd(key, dict(copy))


ACTS: list[Act] = [Race.gift, Race.refund, Race.hide, Race.new, Race.forget, Race.look, Race.set_back]


# Shrinking would take minutes; the blob repeats what was found.
@settings(max_examples=10, phases=[Phase.generate])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40)), min_size=4, max_size=10))
def test_whatever_happens_the_next_reader_gets_what_sql_says(acts: list[tuple[Act, int]]) -> None:
    race = Race()
    agree(race.event)
    for act, number in acts:
        act(race, number)
    agree(race.event)


def test_a_writer_that_died_after_its_commit_left_nothing_undone() -> None:
    event = an_event()
    page = a_page(event)
    agree(event)
    # All that is known of this gift is in the database: nothing ran after the commit.
    paid(a_payment(page, cents=7700))
    assert RedisBoard(fresh(event), Kind.RUNNERS).top(0, 1)[0].score == 7700


def test_who_reads_first_and_comes_late_does_not_turn_the_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    event = an_event()
    page = a_page(event)
    agree(event)
    paid(a_payment(page, cents=1000))
    late, read = RedisBoard(fresh(event), Kind.RUNNERS), sets.RedisBoard._changes_since

    def slowly(one: RedisBoard, edit: int | None) -> Any:
        rows = list(read(one, edit))
        if one is late:
            # It has read the old total. Before it writes, another gift comes and another reader brings the set up.
            paid(a_payment(page, cents=500))
            assert RedisBoard(fresh(event), Kind.RUNNERS).top(0, 1)[0].score == 1500
        return rows

    monkeypatch.setattr(sets.RedisBoard, "_changes_since", slowly)
    assert late.top(0, 1)[0].score == 1500
    agree(event)


def told_truly(event: Event, kind: Kind) -> bool | None:
    """Whether Redis told the truth; None where something moved meanwhile, so that there was not one truth."""
    before = fresh(event)
    truth, told = top(SqlBoard(before, kind), 0, 9), top(RedisBoard(before, kind), 0, 9)
    return told == truth if fresh(event).edits == before.edits else None


def run_together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_writers_and_readers_at_once_and_nobody_reads_an_old_place() -> None:
    event = an_event()
    pages = [a_page(event, name=f"Runner {number}", team=f"Team {number % 2}") for number in range(6)]
    payments = [a_payment(pages[number % 6], cents=100 * (number % 5 + 1)) for number in range(36)]
    agree(event)
    busy = [0, 1, 2]
    found: dict[Kind, set[bool | None]] = {kind: set() for kind in Kind}

    def write(mine: int) -> None:
        try:
            for number in range(mine, 36, 3):
                paid(payments[number])
                if number % 7 == 0:
                    set_hidden(fundraiser=pages[number % 6], hidden=number % 2 == 0)
        finally:
            busy.remove(mine)
            connection.close()

    def read(kind: Kind) -> None:
        while busy:
            found[kind].add(told_truly(event, kind))
        connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in (0, 1, 2)]
    run_together(writers + [threading.Thread(target=read, args=(kind,)) for kind in Kind])
    assert all(True in answers and False not in answers for answers in found.values()), found
    agree(event)


def test_without_redis_sql_answers_and_what_moved_meanwhile_is_seen_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = an_event()
    page = a_page(event)
    agree(event)

    def away() -> None:
        raise Unreachable

    with monkeypatch.context() as patched:
        patched.setattr(sets, "_scripts", away)
        paid(a_payment(page, cents=4200))
        assert board(fresh(event), Kind.RUNNERS).top(0, 1)[0].score == 4200
        assert board(fresh(event), Kind.RUNNERS).size() == 1
    standings.sets.open_until = 0.0
    assert RedisBoard(fresh(event), Kind.RUNNERS).top(0, 1)[0].score == 4200


def test_a_large_set_that_was_lost_is_built_by_a_worker_and_sql_answers_until_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = fresh(an_event())
    pages_of(event, [300, 200, 100, 100, 50])
    asked: list[Any] = []
    monkeypatch.setattr(sets, "AT_ONCE", 3)
    monkeypatch.setattr(sets, "nudge", asked.append)
    rows = expected(event, Kind.RUNNERS)
    with pytest.raises(sets.Behind):
        RedisBoard(event, Kind.RUNNERS).top(0, 9)
    assert top(board(event, Kind.RUNNERS), 0, 9) == rows
    assert asked
    standings.sets.open_until = 0.0
    refresh_boards()
    assert top(RedisBoard(event, Kind.RUNNERS), 0, 9) == rows
    assert sets._redis().keys("board:*:*:*") == []
    assert {sets._redis().ttl(key) for key in sets._redis().keys("board:*")} == {-1}


def test_a_place_that_moved_without_a_word_is_found_and_mended() -> None:
    event = an_event()
    page = a_page(event)
    agree(event)
    # What no service does: the total moves and nothing says so.
    Fundraiser.objects.filter(pk=page.pk).update(raised_cents=99)
    assert RedisBoard(fresh(event), Kind.RUNNERS).top(0, 1)[0].score == 0
    refresh_boards()
    agree(event)


def test_a_database_that_was_set_back_is_believed() -> None:
    event = an_event()
    page = a_page(event)
    agree(event)
    paid(a_payment(page, cents=4200))
    agree(event)
    Event.objects.filter(pk=event.pk).update(edits=1)
    Fundraiser.objects.filter(pk=page.pk).update(raised_cents=0, gift_count=0, moved=1)
    Team.objects.update(raised_cents=0, moved=1)
    agree(event)


def test_nothing_that_may_never_be_committed_reaches_a_set() -> None:
    event = an_event()
    page = a_page(event)
    agree(event)
    with transaction.atomic():
        set_hidden(fundraiser=page, hidden=True)
        assert board(fresh(event), Kind.RUNNERS).size() == 0
        transaction.set_rollback(True)
    assert RedisBoard(fresh(event), Kind.RUNNERS).size() == 1
    agree(event)


def test_a_hidden_page_is_not_shown_even_by_a_set_that_still_has_it() -> None:
    event = an_event()
    page = a_page(event)
    agree(event)
    Fundraiser.objects.filter(pk=page.pk).update(is_hidden=True)
    assert RedisBoard(fresh(event), Kind.RUNNERS).top(0, 9) == []


def test_the_command_builds_all_boards_and_counts_members(capsys: pytest.CaptureFixture[str]) -> None:
    event = an_event()
    a_page(event)
    Team.objects.update(member_count=7)
    call_command("rebuild_leaderboards")
    assert "1 places on the board of runners" in capsys.readouterr().out
    assert Team.objects.get().member_count == 1
    agree(event)
