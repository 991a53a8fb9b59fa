"""OFX and QFX, by the library bankfile; what it warns about and goes on from is refused here."""

import re
from datetime import date, datetime
from decimal import Decimal

from bankfile.ofx.header import read_header
from bankfile.ofx.reader import read_ofx
from bankfile.ofx.sgml import Node, parse_tags
from django.utils.translation import gettext as _

from common.money import signed_cents
from donations.bank.lines import BadStatement, Line, Told, words_of

_MARK = re.compile(rb"^\s*OFXHEADER\s*:|<\?OFX\b|<OFX>", re.IGNORECASE)
_STATEMENTS = re.compile(rb"<(?:CC)?STMTRS>", re.IGNORECASE)
_LINES = re.compile(rb"<STMTTRN>", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)([A-Za-z_][\w.:-]*)[^<>]*>\s*([^<]?)")
# Real files nest a dozen deep and hold next to no comments; the library's time grows with the square of all three.
_BLANKS = re.compile(rb"\s{500}")
MOST_DEPTH, MOST_MARKUP = 60, 100


def is_mine(content: bytes) -> bool:
    return bool(_MARK.search(content[:4096]))


def read(content: bytes) -> Told:
    """Raises BadStatement for half a file, several accounts, another currency, or a line that cannot be read."""
    if not re.search(rb"</OFX>\s*$", content, re.IGNORECASE):
        raise BadStatement(_("The file breaks off before its end. Get it from the bank once more."))
    if len(_STATEMENTS.findall(content)) != 1:
        raise BadStatement(_("The file does not hold one account's statement. Ask the bank for the one account."))
    _refuse_tangled(content)
    try:
        told = read_ofx(content)
    except ValueError as error:
        raise BadStatement(_("A line of the file cannot be read. Nothing was kept.")) from error
    unread = {"amount", "date"} & {warning.rule for warning in told.warnings if warning.field != "DTAVAIL"}
    if unread or len(told.transactions) != len(_LINES.findall(content)):
        raise BadStatement(_("A line of the file cannot be read. Nothing was kept."))
    if {line.currency or "" for line in told.transactions} - {"USD"}:
        raise BadStatement(_("The file is not in US dollars."))
    lines = tuple(
        Line(line.date, _cents(line.amount), words_of(line.counterparty_name, line.purpose, line.check_number))
        for line in told.transactions
    )
    closing = _cents(told.closing_balance) if told.closing_balance is not None and _is_of_its_end(content) else None
    return Told(
        form="ofx",
        lines=tuple(sorted(lines, key=lambda line: line.happened_on)),
        # OFX says no opening balance; of a whole file it is what its lines leave.
        opening_cents=None if closing is None else closing - sum(line.cents for line in lines),
        closing_cents=closing,
        account=(told.account or "")[-4:],
    )


def _refuse_tangled(content: bytes) -> None:
    """Raises BadStatement for a file that is made to keep its reader busy."""
    if content.count(b"<!") > MOST_MARKUP or _BLANKS.search(content) or _is_deep(content):
        raise BadStatement(_("The file is not built like a bank's. Nothing was kept."))


def _is_deep(content: bytes) -> bool:
    opened: list[bytes] = []
    for end, name, text in _TAG.findall(content):
        if end and name in opened:
            del opened[opened.index(name) :]
        elif not end and not text:
            opened.append(name)
        if len(opened) > MOST_DEPTH:
            return True
    return False


def _cents(amount: Decimal) -> int:
    try:
        return signed_cents(f"{amount:f}")
    except ValueError as error:
        raise BadStatement(_("A line of the file cannot be read. Nothing was kept.")) from error


def _is_of_its_end(content: bytes) -> bool:
    """Whether the balance is of the last day the lines are of: some banks write today's into a file of last month."""
    root, _warnings = parse_tags(read_header(content).body)
    ledger = root.find("LEDGERBAL")
    as_of, end = _day(ledger, "DTASOF"), _day(root.find("BANKTRANLIST"), "DTEND")
    return as_of is None or end is None or as_of <= end


def _day(node: Node | None, tag: str) -> date | None:
    try:
        return datetime.strptime((node.child_text(tag) or "")[:8], "%Y%m%d").date() if node else None  # noqa: DTZ007
    except ValueError:
        return None
