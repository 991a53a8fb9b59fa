"""Thirty of a hundred events twice, thirty out of order, ten never: after the sweep the books are Stripe's."""

import os

import pytest

from donations.giving.checks import check_books
from donations.payments import gateway
from tests.giving.legs import balances
from tests.giving.test_any_order import books
from tests.tools.books import rolled_back
from tests.tools.fixtures.stripe import StripeSandbox
from tests.trust.history import Chaos, arrive, catch_up, play

pytestmark = [pytest.mark.money, pytest.mark.trust]
# `make trust` asks for more: 1,000 seeds of a small campaign, and one of 10,000 events.
SEEDS = int(os.environ.get("TRUST_SEEDS", "3"))
EVENTS = int(os.environ.get("TRUST_EVENTS", "600"))


def difference_cents() -> int:
    """What is unexplained, and what Stripe holds that the books do not: absolute, never a net."""
    apart = abs(balances().get("stripe", 0) - gateway.balance_cents("usd"))
    return apart + check_books().unexplained_cents


def test_after_chaos_and_the_sweep_nothing_differs(
    db: None, sandbox: StripeSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    history = play(sandbox, payments=25, seed=1)
    with rolled_back():
        arrive(history)
        catch_up()
        true = books()
    for seed in range(SEEDS):
        with rolled_back():
            arrive(Chaos(seed).of(history), batch=20)
            catch_up()
            assert (difference_cents(), books() == true) == (0, True), f"seed {seed}"
    with capsys.disabled():
        print(f"\nchaos: {SEEDS} seeds of {len(history)} events, difference $0.00")


def test_many_events_in_one_campaign(db: None, sandbox: StripeSandbox, capsys: pytest.CaptureFixture[str]) -> None:
    history = play(sandbox, payments=EVENTS // 5, seed=2)
    told = Chaos(7).of(history)
    arrive(told)
    sweeps = catch_up()
    assert difference_cents() == 0
    with capsys.disabled():
        print(f"\nchaos: {len(history)} events, {len(told)} arrived, seed 7, {sweeps} sweeps, difference $0.00")
