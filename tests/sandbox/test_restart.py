"""What outlives a restart, the shared clock, and the command."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import (
    DAY,
    advance,
    balance_of,
    charged,
    client_of,
    control,
    funded,
    gift,
    opened,
    paid,
    receiving,
    running,
)


def test_a_restart_keeps_objects_keys_time_and_what_is_due(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.sqlite3"
    with running(state=state) as sandbox:
        session = client_of(sandbox).v1.checkout.sessions.create(gift(), {"idempotency_key": "k"})
        control(sandbox, f"pay/{session.id}", {"account": "000123456789"})
        left_open = opened(sandbox)
        advance(sandbox, 1000)
    with running(state=state) as sandbox:
        client = client_of(sandbox)
        assert control(sandbox, "time")["offset"] == 1000
        assert client.v1.checkout.sessions.create(gift(), {"idempotency_key": "k"}).id == session.id
        assert client.v1.checkout.sessions.retrieve(left_open.id).url == f"{sandbox.url}/c/pay/{left_open.id}"
        assert client.v1.balance.retrieve().pending[0].amount == 4960
        advance(sandbox, 4 * DAY)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert client.v1.checkout.sessions.retrieve(left_open.id).status == "expired"
        assert client.v1.balance.retrieve().available[0].amount == 4960


def test_a_restart_keeps_what_is_under_way_with_money(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.sqlite3"
    with running(state=state) as sandbox:
        client = client_of(sandbox)
        control(sandbox, "payouts", {"schedule": "daily"})
        waiting = client.v1.refunds.create({"charge": charged(sandbox, "4000000000007726").id})
        dispute = control(sandbox, "disputes", {"charge": charged(sandbox).id})
        funded(sandbox, 9000)
        transfer = client.v1.transfers.create({"amount": 2000, "currency": "usd", "destination": "acct_source"})
        topup = client.v1.topups.create({"amount": 7000, "currency": "usd"})
        before = balance_of(sandbox), balance_of(sandbox, "acct_source")
    with running(state=state) as sandbox:
        client = client_of(sandbox)
        assert (balance_of(sandbox), balance_of(sandbox, "acct_source")) == before
        assert client.v1.transfers.reversals.create(transfer.id, {"amount": 500}).amount == 500
        advance(sandbox, 11 * DAY)
        assert client.v1.refunds.retrieve(waiting.id).status == "succeeded"
        assert client.v1.disputes.retrieve(dispute["id"]).status == "lost"
        assert client.v1.topups.retrieve(topup.id).status == "succeeded"
        assert {payout.status for payout in client.v1.payouts.list().data} == {"paid"}
        assert balance_of(sandbox) == (0, 0)


def test_webhooks_not_yet_delivered_are_delivered_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.sqlite3"
    with receiving() as receiver:
        with running(state=state, webhook_url=receiver.url) as sandbox:
            control(sandbox, "pause", {})
            control(sandbox, f"pay/{opened(sandbox).id}", {})
        assert receiver.got == []
        with running(state=state, webhook_url=receiver.url) as sandbox:
            assert control(sandbox, "deliver", {"timeout": 5})["delivered"] >= 4
        assert "checkout.session.completed" in {event["type"] for event in receiver.events}


def test_a_reset_forgets_everything(tmp_path: Path) -> None:
    with running(state=tmp_path / "sandbox.sqlite3") as sandbox:
        paid(sandbox)
        control(sandbox, "reset", {})
        client = client_of(sandbox)
        assert client.v1.charges.list().data == []
        assert client.v1.balance.retrieve().pending[0].amount == 0
        assert control(sandbox, "time")["offset"] == 0


def test_the_clock_file_is_shared_both_ways(tmp_path: Path) -> None:
    clock = tmp_path / "offset"
    with running(clock=clock) as sandbox:
        session = opened(sandbox)
        advance(sandbox, 60)
        assert float(clock.read_text()) == 60
        clock.write_text(str(2 * DAY))
        assert client_of(sandbox).v1.checkout.sessions.retrieve(session.id).status == "expired"
        assert control(sandbox, "time")["offset"] == 2 * DAY


def test_a_seed_makes_the_same_ids_again_and_no_seed_makes_others() -> None:
    def first_id(seed: int | None) -> str:
        with running(seed=seed) as sandbox:
            return opened(sandbox).id

    assert first_id(1) == first_id(1)
    assert first_id(1) != first_id(2)
    assert first_id(None) != first_id(None)


def test_only_the_loopback_address_is_bound() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(host="0.0.0.0")


def test_the_command_says_when_it_is_ready_and_ends_when_told(repository: Path, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "stripe_sandbox", "--port", "0", "--state", str(tmp_path / "s.sqlite3")]
    environment = {**os.environ, "DEMO_CLOCK": str(tmp_path / "offset")}
    with subprocess.Popen(command, cwd=repository, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Stripe sandbox on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
