"""Sandbox time: wall time plus an offset, which a file can share with the site."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Clock:
    """Seconds since the epoch. With a file, the offset is what stands in it, whoever wrote it."""

    def __init__(self, file: Path | None = None, offset: float = 0.0) -> None:
        self.file = file
        self._offset = offset
        self._frozen: float | None = None

    @property
    def offset(self) -> float:
        if self.file is None:
            return self._offset
        try:
            return float(self.file.read_text())
        except (FileNotFoundError, ValueError):
            return 0.0

    @offset.setter
    def offset(self, seconds: float) -> None:
        self._offset = seconds
        if self.file is not None:
            # Replaced in one step: the site may read at any moment.
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.file.with_name(f"{self.file.name}.{os.getpid()}.new")
            fresh.write_text(f"{seconds:.3f}")
            fresh.replace(self.file)

    def exact(self) -> float:
        return time.time() + self.offset

    def now(self) -> int:
        return int(self._frozen if self._frozen is not None else self.exact())

    @contextmanager
    def at(self, moment: float) -> Iterator[None]:
        """While something overdue is worked off, it is as late as it was due; held under the world's lock."""
        self._frozen = moment
        try:
            yield
        finally:
            self._frozen = None
