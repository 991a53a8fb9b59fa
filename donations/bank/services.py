"""Reading a statement in, and saying what each of its lines is. `bank` moves by nothing else (docs/books.md)."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.money import dollars
from donations.bank.formats import form_of
from donations.bank.formats.table import Columns
from donations.bank.lines import BadStatement, Line, Told, named
from donations.bank.models import BankLine, ColumnMap, Statement, Upload
from donations.bank.queries import (
    MATCHABLE,
    RIGHT,
    Part,
    Standing,
    alike_lines,
    entries_of_line,
    known_lines,
    refuse_stranger,
    standing_of,
)
from donations.ledger import services as ledger
from donations.ledger.entries import LegDraft, draft
from donations.ledger.models import Kind, Ledger, OpenItem, Role

State = BankLine.State
UPLOADS_LIVE = timedelta(days=1)


class CannotMatch(Exception):
    """The line and the items do not fit; the message is a sentence. Nothing was done."""


@transaction.atomic
def keep_upload(*, book: Ledger, name: str, content: bytes, by: User) -> Upload:
    """Puts a file aside until a person has seen what it would add. Raises BadStatement for one nobody could read."""
    form_of(content)
    Upload.objects.filter(created_at__lte=clock.now() - UPLOADS_LIVE).delete()
    return Upload.objects.create(ledger=book, name=name[:120] or "-", content=content, by=by)


def remember_columns(*, book: Ledger, fingerprint: str, columns: Columns) -> None:
    """What the columns under this heading hold, for this file and all that come after it."""
    ColumnMap.objects.update_or_create(ledger=book, heading=fingerprint, defaults={"columns": columns.as_json()})


@transaction.atomic
def keep_statement(
    *, book: Ledger, told: Told, name: str, content: bytes, by: User, alike_are_new: bool = True
) -> Statement:
    """Keeps the lines of a statement that are not there yet. Reading a file twice, or two that overlap, adds nothing.

    `alike_are_new`: whether lines with the day and amount of one that is here in other words are lines of their own.
    Raises BadStatement for a file without lines, or of another account than the files before.
    """
    ledger.lock(book.pk)
    if not told.lines:
        raise BadStatement(_("The file holds no line of a statement."))
    refuse_stranger(book, told)
    found = dict(named(told.lines))
    known = known_lines(book, told) | (set() if alike_are_new else alike_lines(book, told))
    statement = Statement.objects.create(
        ledger=book,
        name=name[:120],
        sha256=hashlib.sha256(content).hexdigest(),
        form=told.form,
        account=told.account,
        opening_cents=told.opening_cents,
        closing_cents=told.closing_cents,
        first_on=min(line.happened_on for line in told.lines),
        last_on=max(line.happened_on for line in told.lines),
        new_lines=len(found) - len(known),
        known_lines=len(known),
        by=by,
    )
    new = {reference: line for reference, line in found.items() if reference not in known and line.cents}
    BankLine.objects.bulk_create(_row(statement, reference, line) for reference, line in new.items())
    return statement


def _row(statement: Statement, reference: str, line: Line) -> BankLine:
    return BankLine(
        ledger_id=statement.ledger_id,
        statement=statement,
        happened_on=line.happened_on,
        cents=line.cents,
        text=line.text[:300],
        reference=reference,
    )


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
    if len({part.item.pk for part in parts}) < len(parts):
        raise CannotMatch(_("An item is named twice. Add its parts up."))
    for part in parts:
        _refuse_unfit(line, part)
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


@transaction.atomic
def put_right(*, line: BankLine, was: Standing, item: OpenItem | None, reason: str, step: int) -> None:
    """Moves what a line was said to be to another open item, or to the fee pool (no item), whole and for a reason.

    `step` is how many entries of the line the person saw. Raises CannotMatch when there are others by now, or the item
    holds less than that.
    """
    ledger.lock(line.ledger_id)
    if was not in standing_of(line) or entries_of_line(line).count() != step:
        raise CannotMatch(_("Somebody has said what this line is already."))
    if (
        was.account.role == Role.SUSPENSE
        and not OpenItem.objects.filter(account=was.account, key=was.key, cents=was.cents).exists()
    ):
        raise CannotMatch(_("This was placed at the books already."))
    if item is None:
        target = ledger.chart_of(line.ledger_id).leg(Role.FEE_POOL, was.cents)
    else:
        _refuse_unfit(line, Part(item, -was.cents))
        target = LegDraft(item.account_id, was.cents, item.key)
    legs = [LegDraft(was.account.pk, -was.cents, was.key), target]
    ledger.post(line.ledger_id, [draft(Kind.PLACED, f"{line.reference}{RIGHT}{step}", clock.now(), legs, reason)])
    roles = {standing.account.role for standing in standing_of(line)}
    state = State.FEE if roles == {Role.FEE_POOL} else State.UNEXPLAINED if Role.SUSPENSE in roles else State.MATCHED
    BankLine.objects.filter(pk=line.pk).update(state=state)


def _refuse_unfit(line: BankLine, part: Part) -> None:
    part.item.refresh_from_db(fields=["cents"])
    beyond = abs(part.cents) > abs(part.item.cents) or part.cents * part.item.cents <= 0
    if beyond or part.item.account.role not in MATCHABLE or part.item.account.ledger_id != line.ledger_id:
        raise CannotMatch(_("An item has changed, or holds less than that. Look again."))


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
