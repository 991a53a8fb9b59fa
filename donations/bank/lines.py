"""A statement as plain values, whatever file it came in; and the names that lines have for good."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


class BadStatement(Exception):
    """The file cannot be read as a statement; the message says what to do. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """A day, cents (money in is positive) and the bank's words."""

    happened_on: date
    cents: int
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a file tells, oldest line first, and the balances where it says them."""

    form: str
    lines: tuple[Line, ...]
    opening_cents: int | None = None
    closing_cents: int | None = None
    # The last four characters of the account's number, where the file says it.
    account: str = ""


def words_of(*parts: str | None) -> str:
    """The bank's words on one line: what it puts into several fields, each once, without control characters."""
    kept = dict.fromkeys(word for part in parts if part and (word := " ".join(_plain(part).split())))
    return " ".join(kept)


def _plain(text: str) -> str:
    return "".join(" " if unicodedata.category(mark) in ("Cc", "Cs", "Zl", "Zp") else mark for mark in text)


def named(lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with its reference: the same line in two files is one, two alike in one file are two.

    A bank's file holds whole days, so that the n-th alike of a day is the same one in every file.
    """
    seen = Counter[Line]()
    for line in lines:
        seen[line] += 1
        words = " ".join(line.text.split())
        digest = hashlib.sha256(words.encode()).hexdigest()[:16]
        yield f"line:{line.happened_on:%Y%m%d}:{line.cents}:{digest}:{seen[line]}", line
