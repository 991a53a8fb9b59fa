"""Counting what happens often without writing each time."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import Error

log = logging.getLogger(__name__)
Key = TypeVar("Key", bound=Hashable)
# With the database away for long, what is new is no longer counted.
MOST_KEYS = 10_000


class Tally(Generic[Key]):
    """Counts in memory and hands the sums to `keep` now and then: at once after a quiet time, else every few seconds.

    A count never breaks what is counted: when the database refuses, the sums stay for the next time. A process that
    ends takes along what it has not handed over, at most a few seconds' worth.
    """

    def __init__(self, keep: Callable[[Counter[Key]], None], seconds: float = 30) -> None:
        self._keep = keep
        self._seconds = seconds
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()
        self._due = 0.0

    def add(self, key: Key) -> None:
        with self._lock:
            if key in self._counts or len(self._counts) < MOST_KEYS:
                self._counts[key] += 1
            if time.monotonic() < self._due:
                return
            self._due = time.monotonic() + self._seconds
            counts, self._counts = self._counts, Counter()
        self._hand_over(counts)

    def _hand_over(self, counts: Counter[Key]) -> None:
        try:
            self._keep(counts)
        except Error as error:
            log.warning("%s counts could not be kept yet: %s", counts.total(), error)
            with self._lock:
                self._counts.update(counts)
