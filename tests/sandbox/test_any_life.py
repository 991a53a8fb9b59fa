"""Anything Stripe permits, in any order: the balance stays the sum of its transactions, and every change is told."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import stripe
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import DAY, advance, balance_of, client_of, control, opened

CONNECTED = ("acct_breaking_free", "acct_source", "acct_the_link")
CARDS = ("4242424242424242", "4000000000000077", "4000000000007726", "4000000000005126")
DISPUTED_CARDS = ("4000000000000259", "4000000000001976", "4000000000005423")
ACCOUNTS = ("000123456789", "000222222227", "000555555559")
CENTS = st.integers(50, 20_000)
WHICH, PERCENT = st.integers(0, 1000), st.sampled_from((1, 30, 100))
# The objects whose every status must have been told by an event.
TOLD = ("refund", "dispute", "payout", "topup")


def share(cents: int, percent: int) -> int:
    return max(cents * percent // 100, 1)


@dataclass(frozen=True)
class Call:
    method: Any
    arguments: tuple[Any, ...]
    account: str | None
    answered: dict[str, Any]
    moment: int


class Life(RuleBasedStateMachine):
    """Draws never depend on what is there, so that a failure can be repeated; what is refused changes nothing."""

    sandbox: Sandbox

    def __init__(self) -> None:
        super().__init__()
        control(self.sandbox, "reset", {})
        self.client = client_of(self.sandbox)
        self.v1: Any = self.client.v1
        self.keys = 0
        self.calls: list[Call] = []

    def post(self, call: Any, *ids: str, account: str | None = None, **params: Any) -> None:
        self.keys += 1
        moment = self.now()
        options = {"idempotency_key": f"key-{self.keys}"} | ({"stripe_account": account} if account else {})
        try:
            answered = call(*ids, params, options).to_dict()
        except stripe.InvalidRequestError:
            return
        self.calls.append(Call(call, (*ids, params, options), account, answered, moment))

    def now(self) -> int:
        return int(control(self.sandbox, "time")["now"])

    def listed(self, call: Any, account: str | None = None, **params: Any) -> list[Any]:
        options = {"stripe_account": account} if account else {}
        return list(call({"limit": 100, **params}, options).auto_paging_iter())

    def some(self, which: int, *names: str, **wanted: Any) -> Any:
        """One of the platform's objects of a kind that are as wanted."""
        call = self.v1
        for name in names:
            call = getattr(call, name)
        found = [one for one in self.listed(call.list) if all(one[name] in value for name, value in wanted.items())]
        return found[which % len(found)] if found else None

    @initialize(cards=st.lists(st.sampled_from(CARDS), min_size=2, max_size=4), on=st.booleans())
    def begin(self, cards: list[str], on: bool) -> None:
        self.schedule(on)
        control(self.sandbox, "transactions", {"type": "adjustment", "amount": 30_000})
        for card in cards:
            self.pay_by_card(5000, card)

    def pay_by_card(self, cents: int, card: str) -> None:
        control(self.sandbox, f"pay/{opened(self.sandbox, cents).id}", {"card": card})
        advance(self.sandbox, 3)

    @rule(cents=CENTS, number=st.sampled_from((*CARDS, *DISPUTED_CARDS, *ACCOUNTS)))
    def pay(self, cents: int, number: str) -> None:
        if number in ACCOUNTS:
            control(self.sandbox, f"pay/{opened(self.sandbox, cents).id}", {"account": number})
        else:
            self.pay_by_card(cents, number)

    @rule(seconds=st.sampled_from((5, 3600, DAY, 3 * DAY, 10 * DAY)))
    def wait(self, seconds: int) -> None:
        advance(self.sandbox, seconds)

    @rule(which=WHICH, percent=PERCENT)
    def refund(self, which: int, percent: int) -> None:
        if charge := self.some(which, "charges", status=("succeeded",), refunded=(False,)):
            cents = share(charge.amount - charge.amount_refunded, percent)
            self.post(self.v1.refunds.create, charge=charge.id, amount=cents)

    @rule(which=WHICH, status=st.sampled_from(("requires_action", "succeeded", "failed")))
    def move_refund(self, which: int, status: str) -> None:
        if refund := self.some(which, "refunds", status=("pending", "requires_action", "succeeded")):
            control(self.sandbox, f"refunds/{refund.id}", {"becomes": status})

    @rule(which=WHICH)
    def cancel_refund(self, which: int) -> None:
        if refund := self.some(which, "refunds", status=("requires_action", "pending")):
            self.post(self.v1.refunds.cancel, refund.id)

    @rule(which=WHICH, percent=PERCENT, inquiry=st.booleans())
    def dispute(self, which: int, percent: int, inquiry: bool) -> None:
        if charge := self.some(which, "charges", status=("succeeded",)):
            wanted = {"charge": charge.id, "amount": share(charge.amount, percent), "inquiry": inquiry}
            control(self.sandbox, "disputes", wanted)

    @rule(
        which=WHICH, words=st.sampled_from(("winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "so"))
    )
    def send_evidence(self, which: int, words: str) -> None:
        if dispute := self.some(which, "disputes", status=("needs_response", "warning_needs_response")):
            self.post(self.v1.disputes.update, dispute.id, evidence={"uncategorized_text": words})

    @rule(which=WHICH, outcome=st.sampled_from(("won", "lost", "escalated")), percent=st.sampled_from((0, 0, 30)))
    def decide(self, which: int, outcome: str, percent: int) -> None:
        if dispute := self.some(which, "disputes"):
            wanted = {"outcome": outcome, "returned": dispute.amount * percent // 100}
            control(self.sandbox, f"disputes/{dispute.id}", wanted)

    @rule(percent=PERCENT, instant=st.booleans(), account=st.sampled_from((None, *CONNECTED)))
    def pay_out(self, percent: int, instant: bool, account: str | None) -> None:
        cents, method = share(balance_of(self.sandbox, account)[0], percent), "instant" if instant else "standard"
        self.post(self.v1.payouts.create, account=account, amount=cents, currency="usd", method=method)

    @rule(account=st.sampled_from(("acct_platform", "acct_platform", *CONNECTED)))
    def run_payouts(self, account: str) -> None:
        control(self.sandbox, "payouts/run", {"account": account})

    def schedule(self, on: bool) -> None:
        control(self.sandbox, "payouts", {"schedule": "daily" if on else "manual"})

    @rule(which=WHICH, becomes=st.sampled_from(("paid", "failed", "canceled")))
    def move_payout(self, which: int, becomes: str) -> None:
        if not (payout := self.some(which, "payouts", status=("pending", "in_transit", "paid"))):
            return
        if becomes == "canceled":
            self.post(self.v1.payouts.cancel, payout.id)
        else:
            control(self.sandbox, f"payouts/{payout.id}", {"becomes": becomes})

    @rule(cents=CENTS)
    def top_up(self, cents: int) -> None:
        self.post(self.v1.topups.create, amount=cents, currency="usd")

    @rule(which=WHICH, becomes=st.sampled_from(("succeeded", "failed", "reversed", "canceled")))
    def move_topup(self, which: int, becomes: str) -> None:
        if not (topup := self.some(which, "topups", status=("pending", "succeeded"))):
            return
        if becomes == "canceled":
            self.post(self.v1.topups.cancel, topup.id)
        else:
            control(self.sandbox, f"topups/{topup.id}", {"becomes": becomes})

    @rule(percent=PERCENT, destination=st.sampled_from(CONNECTED))
    def transfer(self, percent: int, destination: str) -> None:
        cents = share(balance_of(self.sandbox)[0], percent)
        self.post(self.v1.transfers.create, amount=cents, currency="usd", destination=destination)

    @rule(which=WHICH, percent=PERCENT, destination=st.sampled_from(CONNECTED))
    def transfer_of_a_charge(self, which: int, percent: int, destination: str) -> None:
        if charge := self.some(which, "charges", status=("succeeded", "pending")):
            more = {"destination": destination, "source_transaction": charge.id, "currency": "usd"}
            self.post(self.v1.transfers.create, amount=share(charge.amount, percent), **more)

    @rule(which=WHICH, percent=PERCENT)
    def reverse(self, which: int, percent: int) -> None:
        if transfer := self.some(which, "transfers", reversed=(False,)):
            cents = share(transfer.amount - transfer.amount_reversed, percent)
            self.post(self.v1.transfers.reversals.create, transfer.id, amount=cents)

    @rule(which=WHICH)
    def ask_again(self, which: int) -> None:
        """The same request under the same key: within its day the same answer, and nothing is done."""
        recent = [call for call in self.calls if self.now() - call.moment < DAY - 60]
        if recent:
            call = recent[which % len(recent)]
            assert call.method(*call.arguments).to_dict() == call.answered

    @invariant()
    def the_balance_is_the_sum_of_its_transactions(self) -> None:
        self.compare(None)

    def compare(self, account: str | None) -> None:
        began = self.now()
        rows, (available, pending) = self.read(account)
        ended = self.now()
        assert available == sum(row.net for row in rows if row.status == "available")
        assert pending == sum(row.net for row in rows if row.status == "pending")
        for row in rows:
            assert row.net == row.amount - row.fee
            assert row.reporting_category
            assert row.available_on > began if row.status == "pending" else row.available_on <= ended

    def read(self, account: str | None) -> tuple[list[Any], tuple[int, int]]:
        """Transactions and balance of one moment: things become due while one asks."""
        rows = self.listed(self.v1.balance_transactions.list, account)
        while True:
            before, balance = rows, balance_of(self.sandbox, account)
            rows = self.listed(self.v1.balance_transactions.list, account)
            if [(row.id, row.status) for row in before] == [(row.id, row.status) for row in rows]:
                return rows, balance

    def teardown(self) -> None:
        """At last all that is available is paid out, so that everything is a part of something."""
        for name in ("acct_platform", *CONNECTED):
            control(self.sandbox, "payouts/run", {"account": name})
        advance(self.sandbox, 3600)
        for account in (None, *CONNECTED):
            self.compare(account)
            self.check_payouts(account)
        self.check_events()

    def check_payouts(self, account: str | None) -> None:
        places: Counter[str] = Counter()
        for payout in self.listed(self.v1.payouts.list, account):
            if payout.automatic:
                rows = self.listed(self.v1.balance_transactions.list, account, payout=payout.id)
                assert sum(row.net for row in rows) == 0
                assert payout.balance_transaction in {row.id for row in rows}
                places.update(row.id for row in rows)
        assert max(places.values(), default=1) == 1, "a transaction is in one payout at most"

    def check_events(self) -> None:
        """What an object is now was told."""
        now = {thing.id: thing.status for kind in TOLD for thing in self.listed(getattr(self.v1, f"{kind}s").list)}
        said: dict[str, set[str]] = {}
        for event in self.listed(self.v1.events.list):
            thing = event.data.object
            if thing["object"] in TOLD:
                said.setdefault(thing["id"], set()).add(thing["status"])
        for name, status in now.items():
            assert status in said[name], name


def test_any_order_of_lives_keeps_balance_payouts_and_events_true(shared: Sandbox) -> None:
    machine = type("SharedLife", (Life,), {"sandbox": shared})
    few = max(settings.default.max_examples // 7, 1) if settings.default else 10
    # Each step asks a server: making a failure small would take minutes.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    run_state_machine_as_test(machine, settings=settings(max_examples=few, stateful_step_count=30, phases=phases))
