"""Tables for spreadsheets: what people wrote stays text there, and numbers stay numbers."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

# What a spreadsheet takes for the beginning of a formula (OWASP ASVS 1.2.10), also written wide.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Line:
    """What csv writes to: it hands each line on."""

    def write(self, text: str) -> str:
        return text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A CSV file, line by line: UTF-8 with a mark that spreadsheets look for, CRLF, every text a text.

    Whatever is not a number is written as text that no spreadsheet runs: a quote stands before what looks like a
    formula.
    """
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([_cell(name) for name in head])
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
