"""What happened, and what the books must therefore say, worked out without them: cent by cent, from the whole story.

Nothing here knows the product. Debits are positive; an account is a word, `payable:<n>` for an organization's.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

Place = tuple[str, str]
Weights = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Item:
    """A gift, an entry fee or money for the fees, with its weights (organization, weight) and where odd cents begin."""

    name: str
    kind: str
    cents: int
    cover: int
    weights: Weights
    start: int


@dataclass
class Back:
    """A refund as the books were told of it; it waits for its charge."""

    charge: str
    cents: int
    parts: dict[str, int]
    dead: bool = False
    from_bank: bool = False


@dataclass
class Paid:
    """A payment: its items, and what of it the books have been told and what Stripe's feed has shown them.

    `known` are the charges that were told of at all, `charges` those that succeeded; `moves` are what disputes moved,
    by charge and transaction. `role` is the account where its money is until it has arrived for good.
    """

    key: str
    items: list[Item]
    role: str = "clearing"
    known: set[str] = field(default_factory=set)
    charges: dict[str, int] = field(default_factory=dict)
    refunds: dict[str, Back] = field(default_factory=dict)
    moves: dict[tuple[str, str], int] = field(default_factory=dict)
    fed: int = 0

    @property
    def total(self) -> int:
        return sum(item.cents + item.cover for item in self.items)

    @property
    def counts(self) -> bool:
        """A gift is a charge of just what the form said."""
        return self.total in self.charges.values()


@dataclass
class World:
    payments: list[Paid] = field(default_factory=list)
    # What is no payment's: every other movement, as it happened.
    moved: Counter[Place] = field(default_factory=Counter)

    def move(self, account: str, cents: int, key: str = "") -> None:
        self.moved[account, key] += cents

    def books(self) -> dict[Place, int]:
        """What every account and every key must hold."""
        sums = Counter(self.moved)
        for paid in self.payments:
            sums[paid.role, paid.key] -= paid.fed
            if paid.counts:
                for place, cents in _given(paid).items():
                    sums[place] += cents
                for place, cents in _went_back(paid).items():
                    sums[place] += cents
        return {place: cents for place, cents in sums.items() if cents}


@cache
def dealt(cents: int, weights: Weights, start: int) -> tuple[int, ...]:
    """One cent after the other to whoever has the least for its weight, so many odd places from the start on."""
    got = [0] * len(weights)
    turn = [(start + step) % len(weights) for step in range(len(weights))]
    for _cent in range(cents):
        # The largest weight / (2 got + 1), compared without dividing; the first of equals in turn.
        best = turn[0]
        for place in turn[1:]:
            if weights[place][1] * (2 * got[best] + 1) > weights[best][1] * (2 * got[place] + 1):
                best = place
        got[best] += 1
    return tuple(got)


def _lanes(item: Item, cents: int) -> Counter[Place]:
    if item.kind == "funding":
        return Counter({("fee_pool", ""): cents})
    shares = dealt(cents, item.weights, item.start)
    return Counter({(f"payable:{who}", ""): share for (who, _w), share in zip(item.weights, shares, strict=True)})


def _given(paid: Paid) -> Counter[Place]:
    sums = Counter[Place]()
    for item in paid.items:
        sums[paid.role, paid.key] += item.cents + item.cover
        sums["fee_pool", ""] -= item.cover
        sums.subtract(_lanes(item, item.cents))
    return sums


def _went_back(paid: Paid) -> Counter[Place]:
    """Where each cent that went back came from: drawer by drawer, in the order of the rule."""
    live = [back for back in paid.refunds.values() if back.charge in paid.known and not back.dead]
    moved = sum(cents for (charge, _txn), cents in paid.moves.items() if charge in paid.known)
    gone = max(sum(back.cents for back in live) + moved, 0)
    first = sorted(paid.items, key=lambda item: item.kind == "registration")
    drawers = {item.name: item.cents for item in first} | {f"{item.name}/cover": item.cover for item in first}
    taken = Counter[str]()
    for back in live:
        rest = back.cents
        for item in first:
            for name in (item.name, f"{item.name}/cover"):
                part = min(back.parts.get(name, 0), rest)
                rest -= part
                taken[name] += part
    for name, held in drawers.items():
        taken[name] = min(taken[name], held)
    rest = max(gone - sum(taken.values()), 0)
    rest -= min(rest, sum(paid.charges.values()) - paid.total)
    for name in [item.name for item in first] + [f"{item.name}/cover" for item in first]:
        part = min(rest, drawers[name] - taken[name])
        taken[name] += part
        rest -= part
    sums = Counter[Place]({("fee_pool", ""): rest + sum(taken[f"{item.name}/cover"] for item in first)})
    for item in first:
        sums.update(_lanes(item, taken[item.name]))
    from_bank = sum(back.cents for back in live if back.from_bank)
    sums[paid.role, paid.key] -= sum(taken.values()) + rest - from_bank
    sums["in_transit", f"{paid.key}/back"] -= from_bank
    return sums
