"""What a posting is made of: drafts of entries, and the accounts they name. Pure values, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from donations.ledger.models import Account, Role


@dataclass(frozen=True, slots=True)
class LegDraft:
    account_id: int
    cents: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class EntryDraft:
    kind: str
    reference: str
    happened_at: datetime
    legs: tuple[LegDraft, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts of one ledger, by what they are for."""

    by_role: dict[str, Account]
    payables: dict[int, Account]

    def leg(self, role: Role, cents: int, key: str = "") -> LegDraft:
        return LegDraft(self.by_role[role].pk, cents, key)

    def payable(self, beneficiary_id: int, cents: int) -> LegDraft:
        return LegDraft(self.payables[beneficiary_id].pk, cents)


def draft(kind: str, reference: str, happened_at: datetime, legs: Iterable[LegDraft], note: str = "") -> EntryDraft:
    """An entry to post: legs on the same account and key become one, zero legs fall away.

    Raises ValueError when the legs do not add up or nothing is left: a mistake of the caller, found before the
    database finds it.
    """
    sums: dict[tuple[int, str], int] = {}
    for leg in legs:
        place = (leg.account_id, leg.key)
        sums[place] = sums.get(place, 0) + leg.cents
    kept = tuple(LegDraft(account, cents, key) for (account, key), cents in sorted(sums.items()) if cents)
    if not kept or sum(leg.cents for leg in kept) != 0:
        raise ValueError(f"{kind} {reference} does not balance: {kept}")
    return EntryDraft(kind, reference, happened_at, kept, note)
