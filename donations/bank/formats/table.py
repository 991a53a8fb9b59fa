"""A bank's CSV: no two are alike, so a person says once what its columns hold; it is remembered by the heading."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from common.money import signed_cents
from donations.bank.lines import BadStatement, Line, Told, words_of

SEPARATORS = ",;\t|"
# The order is that of a guess: an American bank is likelier than another.
DAY_FORMATS = (
    *("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%m-%d-%Y", "%Y%m%d", "%b %d, %Y", "%d-%b-%Y", "%d %b %Y"),
    *("%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d"),
)
MOST_COLUMNS = 40
Row = list[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a bank's CSV hold, by number from 0. Either `amount`, or `money_in` and `money_out`."""

    day: int
    day_format: str
    text: tuple[int, ...]
    amount: int | None = None
    money_in: int | None = None
    money_out: int | None = None
    # The amount of money that went out is written without a sign.
    turned: bool = False
    balance: int | None = None

    @property
    def last(self) -> int:
        others = (self.amount, self.money_in, self.money_out, self.balance)
        return max(self.day, *self.text, *(place for place in others if place is not None))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Columns":
        return cls(**{**kept, "text": tuple(kept["text"])})


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a CSV below its heading; `first` is the row's number in the file."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]
    first: int

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256("\x1f".join(name.strip().lower() for name in self.heading).encode()).hexdigest()


def text_of(content: bytes) -> str:
    """Raises BadStatement for what is no text: a spreadsheet, a PDF."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not text.startswith(("PK\x03\x04", "%PDF")):
            return text
    raise BadStatement(_("The file is not a CSV, OFX, BAI2 or CAMT file. A spreadsheet can be saved as CSV."))


def table_of(content: bytes) -> Table:
    """Raises BadStatement when no heading and rows can be made out."""
    text = text_of(content)
    rows = max((_rows(text, separator) for separator in SEPARATORS), key=_regularity)
    width = _width(rows)
    if not 2 <= width <= MOST_COLUMNS:
        raise BadStatement(_("No columns can be told apart in the file, or it breaks off."))
    start = next(place for place, row in enumerate(rows) if len(row) == width)
    head = rows[start]
    if any(_format_of([cell]) for cell in head):
        # Without a heading: the first line is a line already.
        return Table(
            tuple(_("Column %(number)d") % {"number": n} for n in range(1, width + 1)), tuple(rows[start:]), start + 1
        )
    return Table(tuple(cell.strip() for cell in head), tuple(rows[start + 1 :]), start + 2)


def _rows(text: str, separator: str) -> list[Row]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return []
    return [row for row in rows if any(cell.strip() for cell in row)]


def _width(rows: Sequence[Row]) -> int:
    return Counter(len(row) for row in rows).most_common(1)[0][0] if rows else 0


def _regularity(rows: list[Row]) -> tuple[bool, int, int]:
    """How much like a table this reading is: most rows of one width, then most columns."""
    width = _width(rows)
    return width > 1, sum(len(row) == width for row in rows) if width > 1 else 0, width


def _format_of(cells: Sequence[str]) -> str:
    """The first form of a day that all cells have; empty when none fits."""
    return next((form for form in DAY_FORMATS if all(_day(cell, form) for cell in cells)), "") if cells else ""


def _day(cell: str, form: str) -> date | None:
    bare = " ".join(cell.split())
    try:
        # A time after the day says nothing to us.
        return datetime.strptime(bare if " " in form else bare.partition(" ")[0].partition("T")[0], form).date()  # noqa: DTZ007
    except ValueError:
        return None


def guess(table: Table) -> dict[str, Any]:
    """What the columns probably hold, by name and content, for a person to look over."""
    names = [name.lower() for name in table.heading]

    def named(*words: str) -> int | None:
        return next((place for word in words for place, name in enumerate(names) if word in name), None)

    days = [
        place for place in range(len(names)) if _format_of([row[place] for row in table.rows[:50] if len(row) > place])
    ]
    day = next((place for place in days if "post" in names[place]), days[0] if days else None)
    found: dict[str, Any] = {"day": day, "amount": named("amount"), "balance": named("balance", "bal.")}
    if day is not None:
        found["day_format"] = _format_of([row[day] for row in table.rows if len(row) > day])
    if found["amount"] is None:
        found |= {
            "money_in": named("credit", "deposit", "paid in"),
            "money_out": named("debit", "withdrawal", "paid out"),
        }
    text = named("description", "memo", "payee", "name", "details", "text")
    return found | {"text": [] if text is None else [text]}


def read(content: bytes, columns: Columns) -> Told:
    """Raises BadStatement, naming the row, for whatever the columns do not fit."""
    table = table_of(content)
    if columns.last >= len(table.heading):
        raise BadStatement(_("The file has other columns than you said. Say again what they hold."))
    found = [*_lines(table, columns)]
    if len(found) > 1 and found[0][0].happened_on > found[-1][0].happened_on:
        found.reverse()
    opening, closing = _balances(found) if columns.balance is not None and found else (None, None)
    return Told("csv", tuple(line for line, _balance in found), opening, closing)


def _lines(table: Table, columns: Columns) -> Iterator[tuple[Line, int | None]]:
    for number, row in enumerate(table.rows, start=table.first):
        if len(row) != len(table.heading):
            raise BadStatement(
                _("Row %(row)d has %(found)d columns, not %(wanted)d. Is the file whole?")
                % {"row": number, "found": len(row), "wanted": len(table.heading)}
            )
        day = _day(row[columns.day], columns.day_format)
        cents = _amount(row, columns, number)
        # A note, or what was carried over: it moved nothing.
        if cents is None:
            continue
        if day is None:
            raise BadStatement(
                _("Row %(row)d: “%(cell)s” is not the day it should be.")
                % {"row": number, "cell": row[columns.day][:30]}
            )
        balance = None if columns.balance is None else _cents(row[columns.balance], number)
        yield Line(day, cents, words_of(*(row[place] for place in columns.text))), balance


def _amount(row: Row, columns: Columns, number: int) -> int | None:
    if columns.amount is not None:
        cents = _cents(row[columns.amount], number)
        return -cents if columns.turned and cents else cents
    into = _cents(row[columns.money_in], number) if columns.money_in is not None else None
    out = _cents(row[columns.money_out], number) if columns.money_out is not None else None
    if into and out:
        raise BadStatement(_("Row %(row)d has money in and money out at once.") % {"row": number})
    # Some banks write what went out with a sign in its own column, some without.
    return into or (-abs(out) if out else into if into is not None else out)


def _cents(cell: str, number: int) -> int | None:
    if not cell.strip():
        return None
    try:
        return signed_cents(cell)
    except ValueError as error:
        raise BadStatement(
            _("Row %(row)d: “%(cell)s” is not an amount.") % {"row": number, "cell": cell[:30]}
        ) from error


def _balances(found: list[tuple[Line, int | None]]) -> tuple[int | None, int | None]:
    """Before the first and after the last line. On one day banks write newest first, or last: the balances tell."""
    for ordered in (found, found[::-1]):
        told = [(line.cents, balance) for line, balance in ordered if balance is not None]
        steps = (before[1] + cents == balance for before, (cents, balance) in pairwise(told))
        if told and len(told) == len(ordered) and all(steps):
            return told[0][1] - told[0][0], told[-1][1]
    raise BadStatement(
        _("The balances do not follow from the amounts. Choose other columns, or leave the balance out.")
    )
