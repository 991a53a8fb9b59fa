"""What banks send, read into one shape. A file is read whole or refused with a sentence; nothing is guessed."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from common.money import dollars
from donations.bank.formats import bai, camt, ofx, table
from donations.bank.lines import BadStatement, Told

MOST_BYTES = 2 * 2**20
MOST_LINES = 20_000
# Beyond what a ledger's leg may hold a number is a mistake of whoever wrote the file.
MOST_CENTS = 10**12


def form_of(content: bytes) -> str:
    """Which of the four forms a file has, by what it begins with: its name is only what somebody typed.

    Raises BadStatement for one that is empty, too large, or not text.
    """
    if not content.strip():
        raise BadStatement(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise BadStatement(_("The file is larger than 2 MB. Ask the bank for a shorter time, and add several files."))
    for form, reader in (("ofx", ofx), ("bai2", bai), ("camt", camt)):
        if reader.is_mine(content):
            return form
    table.text_of(content)
    return "csv"


def read(content: bytes, today: date, columns: table.Columns | None = None) -> Told:
    """The file as plain values; a CSV needs to be told what its columns hold. Raises BadStatement, and nothing else."""
    form = form_of(content)
    if form == "csv":
        if columns is None:
            raise BadStatement(_("Say first what the columns hold."))
        told = table.read(content, columns)
    else:
        told = {"ofx": ofx, "bai2": bai, "camt": camt}[form].read(content)
    return _checked(replace(told, lines=tuple(line for line in told.lines if line.cents)), today)


def _checked(told: Told, today: date) -> Told:
    if not told.lines:
        raise BadStatement(_("The file holds no line of a statement."))
    if len(told.lines) > MOST_LINES:
        raise BadStatement(_("The file holds more than 20,000 lines. Ask the bank for a shorter time."))
    # A day's grace for banks that are ahead of us.
    last = max(line.happened_on for line in told.lines)
    if last > today + timedelta(days=1) or min(line.happened_on for line in told.lines).year < 2000:
        raise BadStatement(
            _("A line is dated %(day)s. Are day and month the right way round?") % {"day": f"{last:%Y-%m-%d}"}
        )
    balances = (told.opening_cents or 0, told.closing_cents or 0)
    if any(abs(cents) > MOST_CENTS for cents in (*balances, *(line.cents for line in told.lines))):
        raise BadStatement(_("A line or a balance is of more than ten billion dollars: that cannot be read."))
    if told.opening_cents is not None and told.closing_cents is not None:
        off = told.opening_cents + sum(line.cents for line in told.lines) - told.closing_cents
        if off:
            raise BadStatement(
                _("The lines do not come from the opening to the closing balance, by %(sum)s. Is the file whole?")
                % {"sum": dollars(off)}
            )
    return told
