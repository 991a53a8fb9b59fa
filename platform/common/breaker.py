"""Leaves alone for a while what did not answer, so that a convenience that is away does not slow every request."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class Breaker:
    def __init__(self, *failures: type[Exception], seconds: float = 5) -> None:
        self.failures = failures
        self.seconds = seconds
        self.open_until = 0.0

    def ask(self, act: Callable[[], Answer]) -> Answer | None:
        """What `act` gives; None while it is left alone, and when it fails in one of the expected ways."""
        if time.monotonic() < self.open_until:
            return None
        try:
            return act()
        except self.failures:
            self.open_until = time.monotonic() + self.seconds
            return None
