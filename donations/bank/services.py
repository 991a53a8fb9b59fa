"""Reading a statement in, and saying what each of its lines is. `bank` moves by nothing else (docs/books.md)."""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.money import dollars
from donations.bank.lines import BadStatement, Told, named
from donations.bank.models import BankLine, Statement
from donations.bank.queries import MATCHABLE, Part
from donations.ledger import services as ledger
from donations.ledger.entries import LegDraft, draft
from donations.ledger.models import Kind, Ledger, Role

State = BankLine.State


class CannotMatch(Exception):
    """The line and the items do not fit; the message is a sentence. Nothing was done."""


@transaction.atomic
def keep_statement(*, book: Ledger, told: Told, name: str, content: bytes, by: User) -> Statement:
    """Keeps the lines of a statement that are not there yet. Reading a file twice, or two that overlap, adds nothing.

    Raises BadStatement for a file without lines.
    """
    ledger.lock(book.pk)
    if not told.lines:
        raise BadStatement(_("The file holds no line of a statement."))
    found = dict(named(told.lines))
    known = set(BankLine.objects.filter(ledger=book, reference__in=found).values_list("reference", flat=True))
    days = [line.happened_on for line in told.lines]
    statement = Statement.objects.create(
        ledger=book,
        name=name[:120],
        sha256=hashlib.sha256(content).hexdigest(),
        form=told.form,
        opening_cents=told.opening_cents,
        closing_cents=told.closing_cents,
        first_on=min(days),
        last_on=max(days),
        new_lines=len(found) - len(known),
        known_lines=len(known),
        by=by,
    )
    BankLine.objects.bulk_create(
        BankLine(
            ledger=book,
            statement=statement,
            happened_on=line.happened_on,
            cents=line.cents,
            text=line.text[:300],
            reference=reference,
        )
        for reference, line in found.items()
        if reference not in known and line.cents
    )
    return statement


@transaction.atomic
def match(*, line: BankLine, parts: Sequence[Part]) -> None:
    """Says which open items a line closes, in whole or in part: a deposit of several checks, half of a payout.

    The parts add up to the line. Raises CannotMatch.
    """
    _take(line)
    if not parts or sum(part.cents for part in parts) != line.cents:
        raise CannotMatch(
            _("The line is %(line)s, the items come to %(items)s.")
            % {"line": dollars(line.cents), "items": dollars(sum(part.cents for part in parts))}
        )
    for part in parts:
        part.item.refresh_from_db(fields=["cents"])
        beyond = abs(part.cents) > abs(part.item.cents) or part.cents * part.item.cents <= 0
        if beyond or part.item.account.role not in MATCHABLE or part.item.account.ledger_id != line.ledger_id:
            raise CannotMatch(_("An item has changed, or holds less than that. Look again."))
    legs = [LegDraft(part.item.account_id, -part.cents, part.item.key) for part in parts]
    _post(line, Kind.BANK_LINE, legs, State.MATCHED)


@transaction.atomic
def call_fee(*, line: BankLine) -> None:
    """The bank's own fee or interest: the fee pool's, never the organizations'. Raises CannotMatch."""
    _take(line)
    _post(line, Kind.FEE, [ledger.chart_of(line.ledger_id).leg(Role.FEE_POOL, -line.cents)], State.FEE)


@transaction.atomic
def call_unexplained(*, line: BankLine) -> None:
    """Nobody knows what it is: it is in the books, in suspense, and on the public page. Raises CannotMatch."""
    _take(line)
    suspense = ledger.chart_of(line.ledger_id).leg(Role.SUSPENSE, -line.cents, line.reference)
    _post(line, Kind.UNEXPLAINED, [suspense], State.UNEXPLAINED)


def _take(line: BankLine) -> None:
    """Locks the books and makes sure that nobody was faster."""
    ledger.lock(line.ledger_id)
    line.refresh_from_db()
    if line.state != State.OPEN:
        raise CannotMatch(_("Somebody has said what this line is already."))


def _post(line: BankLine, kind: str, legs: list[LegDraft], state: str) -> None:
    bank = ledger.chart_of(line.ledger_id).leg(Role.BANK, line.cents)
    # The bank tells a day, not a time: noon UTC is that day everywhere in the country.
    day = clock.now().replace(
        year=line.happened_on.year, month=line.happened_on.month, day=line.happened_on.day,
        hour=18, minute=0, second=0, microsecond=0,
    )  # fmt: skip
    ledger.post(line.ledger_id, [draft(kind, line.reference, day, [bank, *legs], line.text[:200])])
    BankLine.objects.filter(pk=line.pk).update(state=state, posted_at=clock.now())
