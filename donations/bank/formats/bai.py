"""BAI2, by the library bai2, which counts records and control totals: half a file does not get past it."""

from collections.abc import Iterator
from typing import Any

from bai2 import bai2
from bai2.constants import GroupStatus, TypeCodeTransaction
from bai2.exceptions import IntegrityException, NotSupportedYetException, ParsingException
from django.utils.translation import gettext as _

from donations.bank.lines import BadStatement, Line, Told, words_of

_OPENING, _CLOSING = "010", "015"
# The library stumbles over what is missing in its own words, and in Python's.
_STUMBLES = (
    *(ParsingException, NotSupportedYetException, IntegrityException),
    *(ValueError, LookupError, TypeError, AttributeError, StopIteration, RuntimeError),
)


def is_mine(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"01,")


def read(content: bytes) -> Told:
    """Raises BadStatement for half a file, several accounts, another currency, or a code nobody knows."""
    text = content.decode("utf-8-sig", "replace").strip()
    # The library would look for more of a file that ends among its lines, and never stop.
    if not text.splitlines()[-1].strip().startswith("99,"):
        raise BadStatement(_("The file breaks off before its end. Get it from the bank once more."))
    try:
        groups = bai2.parse_from_string(text).children
        return _told(groups)
    except _STUMBLES as error:
        raise BadStatement(_("The file is not whole, or not BAI2 as we know it (%(why)s).") % {"why": error}) from error


def _told(groups: list[Any]) -> Told:
    accounts = {account.header.customer_account_number for group in groups for account in group.children}
    if len(accounts) != 1 or any(group.header.group_status != GroupStatus.update for group in groups):
        raise BadStatement(_("The file does not hold one account's statement. Ask the bank for the one account."))
    if {account.header.currency or group.header.currency for group in groups for account in group.children} != {"USD"}:
        raise BadStatement(_("The file is not in US dollars."))
    groups = sorted(groups, key=lambda group: group.header.as_of_date)
    lines = tuple(line for group in groups for account in group.children for line in _lines(group, account))
    opening = [cents for group in groups for cents in _balances(group, _OPENING)]
    closing = [cents for group in groups for cents in _balances(group, _CLOSING)]
    return Told(
        form="bai2",
        lines=lines,
        opening_cents=opening[0] if opening else None,
        closing_cents=closing[-1] if closing else None,
        account=accounts.pop()[-4:],
    )


def _lines(group: Any, account: Any) -> Iterator[Line]:
    for detail in account.children:
        if not detail.amount:
            continue
        if detail.type_code.transaction not in (TypeCodeTransaction.credit, TypeCodeTransaction.debit):
            raise BadStatement(
                _("A line is neither money in nor money out: code %(code)s.") % {"code": detail.type_code.code}
            )
        sign = 1 if detail.type_code.transaction == TypeCodeTransaction.credit else -1
        words = words_of(detail.type_code.description, (detail.text or "").rstrip("/"), detail.customer_reference)
        yield Line(group.header.as_of_date, sign * detail.amount, words)


def _balances(group: Any, code: str) -> Iterator[int]:
    for account in group.children:
        for summary in account.header.summary_items:
            if summary.type_code.code == code and summary.amount is not None:
                yield summary.amount
