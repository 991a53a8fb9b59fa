"""A statement on paper: one page as a rule, in the look's own type."""

from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from common.money import dollars
from donations.disbursements.statements import Statement
from fundraisers.letters import Letter


def as_pdf(statement: Statement) -> bytes:
    """The statement as a PDF. The same statement is the same file."""
    lane = statement.beneficiary
    letter = Letter(lane.event.name, _("Statement of %(name)s") % {"name": lane.name}, lane.event.legal_name)
    letter.pdf.set_creation_date(datetime.combine(statement.last, time.min, UTC))
    letter.words(statement.period)
    rows = [
        (statement.first.isoformat(), _("Owed at the beginning"), dollars(statement.opening_cents)),
        *((row.day.isoformat() if row.day else "", row.label, dollars(row.cents)) for row in statement.rows),
        (statement.last.isoformat(), _("Owed at the end"), dollars(statement.closing_cents)),
    ]
    letter.table([_("Day"), _("What"), _("US dollars")], rows, [20, 60, 20], 1)
    words = _("By the day of posting, in US dollars; days are those of %(zone)s.") % {"zone": lane.event.timezone}
    letter.words(f"{words} {statement.words}")
    return letter.file()
