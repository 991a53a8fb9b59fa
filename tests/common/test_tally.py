"""Counts in memory: none lost, none twice, from however many threads."""

import threading
from collections import Counter

import pytest
from django.db import DatabaseError

from common import tally as counting
from common.tally import Tally


def test_the_first_is_handed_over_at_once_and_the_next_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("common.tally.time.monotonic", lambda: now)
    kept: list[Counter[str]] = []
    tally = Tally[str](kept.append, seconds=30)
    for _visit in range(3):
        tally.add("a")
    assert kept == [{"a": 1}]
    now = 131.0
    tally.add("b")
    assert kept[1:] == [{"a": 2, "b": 1}]


def test_from_many_threads_every_count_is_kept_once() -> None:
    kept: Counter[str] = Counter()
    lock = threading.Lock()

    def keep(counts: Counter[str]) -> None:
        with lock:
            kept.update(counts)

    tally = Tally[str](keep, seconds=0)

    def count() -> None:
        for number in range(500):
            tally.add(f"page {number % 7}")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.total() == 4000


def test_a_database_that_is_away_for_long_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_KEYS", 5)

    def keep(_counts: Counter[int]) -> None:
        raise DatabaseError

    tally = Tally[int](keep, seconds=0)
    for number in range(100):
        tally.add(number)
    assert len(tally._counts) == 5


def test_a_mistake_of_ours_is_not_swallowed() -> None:
    def keep(_counts: Counter[int]) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        Tally[int](keep).add(1)
