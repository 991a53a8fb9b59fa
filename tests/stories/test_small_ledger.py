"""The whole small ledger as a table: what happened, its legs, and the balances after it.

docs/books-by-example.md is this table. `WRITE_EXAMPLE=1` writes it anew; then read it before you believe it.
"""

import os
from pathlib import Path

import pytest

from common.money import dollars
from donations.ledger.models import Entry, Kind, Leg, Role
from tests.giving.legs import balances, open_keys, short
from tests.stories.campaign import a_campaign

pytestmark = [pytest.mark.money, pytest.mark.django_db]
PAGE = Path(__file__).parent.parent.parent / "docs" / "books-by-example.md"
# Kinds that go both ways, by an account that shows it. What goes back of a gift, an entry or a funding is a refund.
TURNED = {
    Kind.REFUND: Role.PAYABLE,
    Kind.SETTLED: Role.STRIPE,
    Kind.PAYOUT: Role.STRIPE,
    Kind.FEE: Role.FEE_POOL,
    Kind.BANK_LINE: Role.BANK,
    Kind.DISBURSEMENT: Role.PAYABLE,
    Kind.UNEXPLAINED: Role.SUSPENSE,
    Kind.PLACED: Role.SUSPENSE,
}
HEAD = """# The books by example

A small campaign in which everything happens once that the books have a kind for, and everything that can be undone is
undone. Debits are positive, credits negative; every entry adds up to zero. The words are in docs/books.md. This page is
written by `tests/stories/test_small_ledger.py`, which plays it on the site and compares every cent.

"""


def test_the_story_is_told_in_the_docs_to_the_cent() -> None:
    told = HEAD + "\n".join(_story()) + "\n"
    if os.environ.get("WRITE_EXAMPLE"):
        PAGE.write_text(told)
    assert PAGE.read_text() == told


def test_every_kind_is_in_it_with_both_signs_where_it_has_two() -> None:
    for _said, act in a_campaign().steps():
        act()
    assert set(Entry.objects.values_list("kind", flat=True)) == set(Kind.values)
    for kind, role in TURNED.items():
        signs = {
            cents > 0
            for cents in Leg.objects.filter(entry__kind=kind, account__role=role).values_list("cents", flat=True)
        }
        assert signs == {True, False}, kind


def _story() -> list[str]:
    lines, last, names = [], 0, Names()
    for number, (said, act) in enumerate(a_campaign().steps(), start=1):
        act()
        lines.append(f"## {number}. {said}\n")
        rows = [("kind", "account", "key", "debit", "credit")]
        for entry in Entry.objects.filter(pk__gt=last).order_by("pk").prefetch_related("legs__account"):
            last = entry.pk
            legs = sorted(entry.legs.all(), key=lambda leg: (leg.cents < 0, leg.pk))
            for place, leg in enumerate(legs):
                sides = (dollars(leg.cents), "") if leg.cents > 0 else ("", dollars(-leg.cents))
                rows.append(("" if place else entry.kind, short(leg.account.code), names.of(leg.key), *sides))
        head, *rest = [f"| {' | '.join(row)} |" for row in rows]
        lines += [head, "|---|---|---|---:|---:|", *rest, "", f"Balances: {_sums(balances())}."]
        opened = {names.of(key): cents for key, cents in open_keys().items()}
        lines.append(f"Open: {_sums(opened) or 'nothing'}.\n")
    return lines


def _sums(sums: dict[str, int]) -> str:
    return ", ".join(f"{name} {dollars(cents)}" for name, cents in sorted(sums.items()))


class Names:
    """Keys as a reader wants them and every database has them: numbered in the order in which they come."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def of(self, key: str) -> str:
        what, _colon, rest = key.removesuffix("/back").partition(":")
        if what == "payout" or not key:
            return key
        what = what.partition("_")[0]
        known = self.known.setdefault(f"{what}:{rest}" if rest else key, f"{what} {self._count(what) + 1}")
        return f"{known} (back)" if key.endswith("/back") else known

    def _count(self, what: str) -> int:
        return sum(name.startswith(f"{what} ") for name in self.known.values())
