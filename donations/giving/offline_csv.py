"""A CSV of gifts as rows of text, whatever spreadsheet wrote it. What the text means is for offline_forms to say."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES, MOST_ROWS, LONGEST_CELL = 512_000, 500, 1000
# What a column may be called, and the field of OfflineForm that it fills.
COLUMNS = {
    "amount": "amount",
    "name": "name",
    "email": "email",
    "e-mail": "email",
    "method": "method",
    "check": "detail",
    "reference": "detail",
    "date": "received_on",
    "bib": "page",
    "team": "team",
    "for the fees": "for_fees",
    "pledged": "pledged",
    "shown": "shown",
    "alias": "alias",
    "hide amount": "amount_hidden",
    "message": "message",
    "dedication": "dedication",
    "dedicated to": "dedicated_to",
}
_NEEDED = ("amount", "name")
_TICKS = ("for_fees", "pledged", "amount_hidden")
_YES, _NO = ("yes", "y", "x", "true", "1"), ("", "no", "n", "false", "0")
_CHOICES = {
    "method": {"bank transfer": "transfer", "ach": "transfer", "wire": "transfer", "cheque": "check"},
    "shown": {"full name": "full", "first name": "first", "no name": "anonymous", "hidden": "anonymous"},
    "dedication": {"in honour of": "honour", "in honor of": "honour", "honor": "honour", "in memory of": "memory"},
}


class BadFile(Exception):
    """The file cannot be read as gifts; the message says what to do. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the spreadsheet, and the text of each of its fields."""

    number: int
    cells: dict[str, str]


def read_rows(content: bytes) -> list[Row]:
    """The rows of a file that say something, by the headings of its columns. Raises BadFile."""
    text = _decoded(content)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadFile(_("The file is no CSV: a quotation mark does not end, or a cell is too long.")) from error
    fields = _fields(table[0] if table else [])
    rows = [
        Row(number, _cells(number, fields, cells))
        for number, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise BadFile(_("The file holds no gift below its headings."))
    if len(rows) > MOST_ROWS:
        said = _("The file holds %(rows)s gifts; %(most)s are taken at once. Split it.")
        raise BadFile(said % {"rows": len(rows), "most": MOST_ROWS})
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark as spreadsheets write it, else the old one of Windows. Raises BadFile."""
    if len(content) > MOST_BYTES:
        raise BadFile(_("The file is larger than 500 KB. Split it."))
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for name in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile(_("The file is no text. Save the spreadsheet as CSV (UTF-8) and choose that file."))


def _fields(heading: Sequence[str]) -> list[str]:
    """The field that each column fills. Raises BadFile for headings that are unknown, twice or missing."""
    names = [" ".join(cell.split()).lower() for cell in heading]
    while names and not names[-1]:
        names.pop()
    strange = [name or _("(empty)") for name in names if name not in COLUMNS]
    if strange:
        known = ", ".join(COLUMNS)
        raise BadFile(
            _("These headings are not known: %(strange)s. Known are %(known)s.")
            % {"strange": ", ".join(strange)[:200], "known": known}
        )
    fields = [COLUMNS[name] for name in names]
    if len(set(fields)) < len(fields):
        raise BadFile(_("Two columns have the same meaning. Take one of them out."))
    if missing := [name for name in _NEEDED if name not in fields]:
        raise BadFile(_("The first row needs the headings %(missing)s.") % {"missing": ", ".join(missing)})
    return fields


def _cells(number: int, fields: list[str], cells: Sequence[str]) -> dict[str, str]:
    if any(cell.strip() for cell in cells[len(fields) :]):
        raise BadFile(_("Row %(row)s has more cells than there are headings.") % {"row": number})
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise BadFile(_("Row %(row)s has a cell that is too long.") % {"row": number})
    found = {field: _value(field, cell.strip()) for field, cell in zip(fields, cells, strict=False)}
    if odd := [text for field, text in found.items() if field in _TICKS and text not in ("on", "")]:
        raise BadFile(_("Row %(row)s says “%(text)s” where yes or no is asked.") % {"row": number, "text": odd[0]})
    return found


def _value(field: str, text: str) -> str:
    """What the form reads: a tick is "on" or empty, a choice has the form's own name for it."""
    word = " ".join(text.lower().split())
    if field in _TICKS:
        return "on" if word in _YES else "" if word in _NO else text
    if field in _CHOICES:
        return _CHOICES[field].get(word, word)
    return text
