"""What must be true between the books and the bank's statement."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Abs

from common.money import dollars
from donations.bank.models import BankLine
from donations.bank.queries import agreement
from donations.ledger.models import Entry, Ledger, Leg, Role


def bank_findings(ledger: Ledger) -> Iterator[str]:
    entries = Entry.objects.filter(reference=OuterRef("reference"))
    posted = ledger.bank_lines.exclude(state=BankLine.State.OPEN)
    for line in posted.exclude(Exists(entries)):
        yield f"bank line {line.reference} is said to be {line.state} and has no entry"
    mine = ledger.bank_lines.filter(reference=OuterRef("entry__reference"))
    for leg in Leg.objects.filter(account__ledger=ledger, account__role=Role.BANK).exclude(Exists(mine)):
        yield f"entry {leg.entry_id} moves bank without a line of the statement"
    found = agreement(ledger)
    if found.difference_cents:
        yield f"bank and the lines that wait differ by {dollars(found.difference_cents)} from the bank's own balance"


def waiting_cents(ledger: Ledger) -> int:
    """The absolute values of lines that nobody has spoken for: part of the unexplained remainder."""
    return ledger.bank_lines.filter(state=BankLine.State.OPEN).aggregate(sum=Sum(Abs("cents")))["sum"] or 0
