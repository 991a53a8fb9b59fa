"""What Stripe does in the world: charges, refunds, disputes, payouts, each with the news it sends and its rows.

News is a fact for the product and what it changes in the world's own account of the books; it is told in any order,
twice or late. Rows of the feed are read all at once, as they stand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from common import clock
from donations.payments.facts import ChargeFact, DisputeFact, Facts, RefundFact
from donations.payments.models import Payment
from tests.machine.world import Back, Paid, World

FINAL = ("failed", "canceled")


@dataclass
class News:
    facts: Facts
    heard: Callable[[], None]


@dataclass
class Charge:
    id: str
    payment: Payment
    paid: Paid
    cents: int
    status: str
    refunds: list["Refund"] = field(default_factory=list)
    dispute: "Dispute | None" = None

    @property
    def left(self) -> int:
        return self.cents - sum(refund.cents for refund in self.refunds if refund.status not in FINAL)


@dataclass
class Refund:
    id: str
    charge: Charge
    cents: int
    parts: dict[str, int]
    status: str


@dataclass
class Dispute:
    id: str
    charge: Charge
    status: str
    moves: dict[str, int] = field(default_factory=dict)


@dataclass
class Stripe:
    world: World
    news: list[News] = field(default_factory=list)
    rows: list[tuple[dict[str, Any], Callable[[], None]]] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    payouts: list[tuple[str, int]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def charge(self, payment: Payment, paid: Paid, cents: int, *, debit: bool = False) -> None:
        """A card's charge is sure at once; a debit's has its transaction days before it is."""
        charge = Charge(f"ch_{next(self.numbers)}", payment, paid, cents, "pending" if debit else "succeeded")
        self.charges.append(charge)
        self._tell_charge(charge)
        self._list("charge", cents, cents // 40 + 30, self._source(charge), paid)

    def debit_ends(self, charge: Charge, status: str) -> None:
        """A success makes no transaction, a failure a second one."""
        charge.status = status
        self._tell_charge(charge)
        if status == "failed":
            self._list("charge_failure", -charge.cents, 0, self._source(charge), charge.paid)

    def refund(self, charge: Charge, cents: int, parts: dict[str, int], status: str) -> None:
        refund = Refund(f"re_{next(self.numbers)}", charge, cents, parts, status)
        charge.refunds.append(refund)
        self._tell_refund(refund)
        if status == "succeeded":
            self._list_refund("refund", refund, -cents)

    def refund_ends(self, refund: Refund, status: str) -> None:
        """What was pending and failed made no transaction; what fails after it succeeded makes a second one."""
        before, refund.status = refund.status, status
        self._tell_refund(refund)
        if status == "succeeded":
            self._list_refund("refund", refund, -refund.cents)
        elif before == "succeeded":
            self._list_refund("refund_failure", refund, refund.cents)

    def dispute(self, charge: Charge, *, inquiry: bool) -> None:
        charge.dispute = Dispute(f"du_{next(self.numbers)}", charge, "warning_needs_response")
        if inquiry:
            self._tell_dispute(charge.dispute)
        else:
            self.dispute_moves(charge.dispute, charge.cents, 1500, "needs_response")
        for refund in charge.refunds:
            if refund.status == "pending":
                self.refund_ends(refund, "failed")

    def dispute_moves(self, dispute: Dispute, cents: int, fee: int, status: str) -> None:
        """The bank takes so much, or gives it back (negative)."""
        dispute.status = status
        category = "dispute" if cents > 0 else "dispute_reversal"
        source = {"id": dispute.id, "charge": dispute.charge.id}
        dispute.moves[self._list(category, -cents, fee, source, dispute.charge.paid)] = cents
        self._tell_dispute(dispute)

    def payout(self, cents: int, fee: int = 0) -> None:
        """Money goes to the bank; less than nothing is taken out of it."""
        name = f"po_{next(self.numbers)}"
        self.payouts.append((name, cents))
        self._list("payout", -cents, fee, {"id": name}, None, f"payout:{name}")

    def payout_fails(self, name: str, cents: int) -> None:
        self._list("payout_failure", cents, 0, {"id": name}, None, f"payout:{name}")

    def own_fee(self, cents: int) -> None:
        name = f"txn_{next(self.numbers)}"
        row = self._row("fee", -cents, 0, {"id": "fee"}, name)
        self.rows.append((row, lambda: self._moved(-cents, ("fee_pool", cents, ""))))

    def strange(self, cents: int) -> None:
        name = f"txn_{next(self.numbers)}"
        row = self._row("levy_of_the_moon", cents, 0, None, name)
        self.rows.append((row, lambda: self._moved(cents, ("suspense", -cents, name))))

    def _moved(self, net: int, *others: tuple[str, int, str]) -> None:
        self.world.move("stripe", net)
        for account, cents, key in others:
            self.world.move(account, cents, key)

    def _list(
        self, category: str, cents: int, fee: int, source: dict[str, Any], paid: Paid | None, key: str = ""
    ) -> str:
        name = f"txn_{next(self.numbers)}"

        def read() -> None:
            self._moved(cents - fee, ("fee_pool", fee, ""))
            if paid:
                paid.fed += cents
            else:
                self.world.move("in_transit", -cents, key)

        self.rows.append((self._row(category, cents, fee, source, name), read))
        return name

    def _list_refund(self, category: str, refund: Refund, cents: int) -> None:
        self._list(category, cents, 0, {"id": refund.id, "charge": refund.charge.id}, refund.charge.paid)

    @staticmethod
    def _row(category: str, cents: int, fee: int, source: dict[str, Any] | None, name: str) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        row = {"id": name, "type": category, "reporting_category": category, "currency": "usd", "source": source}
        return row | {"amount": cents, "fee": fee, "net": cents - fee, "created": now, "available_on": now}

    @staticmethod
    def _source(charge: Charge) -> dict[str, Any]:
        return {"id": charge.id, "metadata": {"payment": str(charge.payment.token)}}

    def _tell_charge(self, charge: Charge) -> None:
        fact = ChargeFact(
            id=charge.id,
            payment=charge.payment.token,
            amount_cents=charge.cents,
            currency="usd",
            status=charge.status,
            payment_intent=charge.id.replace("ch", "pi"),
            created_at=clock.now(),
        )

        def heard() -> None:
            charge.paid.known.add(charge.id)
            if fact.status == "succeeded":
                charge.paid.charges[charge.id] = charge.cents

        self.news.append(News(Facts(charges=[fact]), heard))

    def _tell_refund(self, refund: Refund) -> None:
        fact = RefundFact(
            id=refund.id,
            charge_id=refund.charge.id,
            amount_cents=refund.cents,
            currency="usd",
            status=refund.status,
            parts=refund.parts,
            created_at=clock.now(),
        )

        def heard() -> None:
            known = refund.charge.paid.refunds.setdefault(refund.id, Back(fact.charge_id, refund.cents, refund.parts))
            known.dead |= fact.status in FINAL

        self.news.append(News(Facts(refunds=[fact]), heard))

    def _tell_dispute(self, dispute: Dispute) -> None:
        moves, now, charge = dict(dispute.moves), clock.now(), dispute.charge
        fact = DisputeFact(
            id=dispute.id,
            charge_id=charge.id,
            amount_cents=charge.cents,
            currency="usd",
            status=dispute.status,
            reason="fraudulent",
            due_at=None,
            moves=moves,
            told_at=now,
            created_at=now,
        )
        heard = {(charge.id, txn): cents for txn, cents in moves.items()}
        self.news.append(News(Facts(disputes=[fact]), lambda: charge.paid.moves.update(heard)))
