"""Events on their way: signed, retried, paused, dropped on purpose."""

import http.client
import json
import time
from typing import Any

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import (
    SECRET,
    charged,
    client_of,
    control,
    event_types,
    funded,
    opened,
    paid,
    receiving,
    running,
)


def pay(sandbox: Sandbox) -> None:
    control(sandbox, f"pay/{opened(sandbox).id}", {})


def test_events_are_signed_as_stripes_library_expects() -> None:
    with receiving() as receiver, running(webhook_url=receiver.url, webhook_secret=SECRET) as sandbox:
        session = paid(sandbox)
        assert control(sandbox, "deliver", {"timeout": 5})["empty"]
        events = [client_of(sandbox).construct_event(body, header, SECRET) for body, header in receiver.got]
        with pytest.raises(stripe.SignatureVerificationError):
            client_of(sandbox).construct_event(*receiver.got[0], "whsec_other")
        by_type = {event.type: event for event in events}
        assert len(events) == 5
        done: Any = by_type["checkout.session.completed"]
        assert (done.data.object.id, done.data.object.payment_status) == (session.id, "paid")
        assert (done.id[:5], by_type["charge.succeeded"].id[:5]) == ("evt_1", "evt_3")
        charged: Any = by_type["charge.succeeded"].data.object
        updated: Any = by_type["charge.updated"].data.object
        assert charged.balance_transaction is None
        assert updated.balance_transaction.startswith("txn_")
        assert (done.livemode, done.api_version) == (False, stripe.api_version)
        stored = client_of(sandbox).v1.events.retrieve(done.id)
        assert stored.pending_webhooks == 0


@pytest.mark.parametrize("status", [500, 302, 404])
def test_a_refused_event_is_sent_again_the_same(status: int) -> None:
    with receiving(status) as receiver, running(webhook_url=receiver.url, retry_base=0.05) as sandbox:
        client_of(sandbox).v1.customers.create({"email": "dana@example.org"})
        counts = control(sandbox, "deliver", {"timeout": 5})
        assert counts == {"queued": 0, "delivered": 1, "failed": 0, "dropped": 0, "empty": True}
        assert len(receiver.got) == 2
        assert receiver.got[0][0] == receiver.got[1][0]


def test_after_eight_tries_an_event_stays_undelivered() -> None:
    with receiving(*[500] * 8) as receiver, running(webhook_url=receiver.url, retry_base=0.001) as sandbox:
        client_of(sandbox).v1.customers.create({"email": "dana@example.org"})
        assert control(sandbox, "deliver", {"timeout": 5})["failed"] == 1
        assert len(receiver.got) == 8
        undelivered = client_of(sandbox).v1.events.list({"delivery_success": False}).data
        assert [event.type for event in undelivered] == ["customer.created"]


def test_paused_events_wait_and_are_listed() -> None:
    with receiving() as receiver, running(webhook_url=receiver.url) as sandbox:
        control(sandbox, "pause", {})
        pay(sandbox)
        waiting = control(sandbox, "deliveries")
        assert (waiting["queued"], waiting["paused"]) == (4, True)
        assert {one["type"] for one in waiting["waiting"]} >= {"charge.succeeded"}
        assert not control(sandbox, "deliver", {"timeout": 1})["empty"]
        assert receiver.got == []
        control(sandbox, "resume", {})
        assert control(sandbox, "deliver", {"timeout": 5})["delivered"] >= 4


def test_registered_endpoints_get_what_they_asked_for_under_their_own_secret() -> None:
    with receiving() as receiver, running() as sandbox:
        client = client_of(sandbox)
        endpoint = client.v1.webhook_endpoints.create(
            {"url": receiver.url, "enabled_events": ["checkout.session.completed"]}
        )
        assert endpoint.secret is not None
        assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)
        pay(sandbox)
        control(sandbox, "deliver", {"timeout": 5})
        assert [event["type"] for event in receiver.events] == ["checkout.session.completed"]
        client.construct_event(*receiver.got[0], endpoint.secret)
        client.v1.webhook_endpoints.delete(endpoint.id)
        assert client.v1.webhook_endpoints.list().data == []
        pay(sandbox)
        assert control(sandbox, "deliver", {"timeout": 5})["delivered"] == 1


def test_no_endpoint_beyond_this_machine_is_taken(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.webhook_endpoints.create({"url": "http://example.org/hook", "enabled_events": ["*"]})


def told(seed: int) -> list[tuple[str, int]]:
    """How often each type arrived, under faults of one seed."""
    with receiving() as receiver, running(webhook_url=receiver.url) as sandbox:
        faults = {"seed": seed, "duplicate": 0.3, "drop": 0.3, "reorder": 0.5, "reorder_seconds": 0.05, "delay": 0.1}
        control(sandbox, "faults", {**faults, "delay_seconds": 0.05})
        for _ in range(5):
            pay(sandbox)
        control(sandbox, "deliver", {"timeout": 5, "now": True})
        # charge.updated comes by the wall clock, perhaps after this.
        types = [event["type"] for event in receiver.events if event["type"] != "charge.updated"]
        return sorted((name, types.count(name)) for name in set(types))


def test_webhook_faults_come_from_the_seed() -> None:
    assert told(1) == told(1)
    assert told(1) != told(2)


def test_a_duplicate_is_the_same_event_or_a_second_one_for_the_same_change() -> None:
    with receiving() as receiver, running(webhook_url=receiver.url) as sandbox:
        control(sandbox, "faults", {"duplicate": 1})
        for _ in range(5):
            pay(sandbox)
        control(sandbox, "deliver", {"timeout": 5})
        done = [event for event in receiver.events if event["type"] == "checkout.session.completed"]
        assert len(done) == 10
        assert 5 < len({event["id"] for event in done}) < 10


def test_faults_strike_the_news_of_disputes_and_payouts_too() -> None:
    with receiving() as receiver, running(webhook_url=receiver.url) as sandbox:
        charge = charged(sandbox)
        control(sandbox, "faults", {"duplicate": 1})
        control(sandbox, "disputes", {"charge": charge.id})
        funded(sandbox, 9000)
        control(sandbox, "payouts/run", {})
        control(sandbox, "deliver", {"timeout": 5})
        types = [event["type"] for event in receiver.events]
        for name in ("charge.dispute.created", "charge.dispute.funds_withdrawn", "payout.created"):
            assert types.count(name) == 2


def test_dropped_events_are_told_to_nobody_but_can_be_asked_for() -> None:
    with receiving() as receiver, running(webhook_url=receiver.url) as sandbox:
        control(sandbox, "faults", {"drop": 1})
        pay(sandbox)
        assert control(sandbox, "deliver", {"timeout": 5})["dropped"] == 4
        assert receiver.got == []
        assert len(client_of(sandbox).v1.events.list({"delivery_success": False}).data) == 4


def test_the_same_api_faults_come_again_from_the_same_seed(world: Sandbox) -> None:
    def series(seed: int) -> list[int]:
        control(world, "faults", {"seed": seed, "429": 0.3, "500": 0.3})
        statuses = []
        for _ in range(20):
            try:
                client_of(world).v1.balance.retrieve()
                statuses.append(200)
            except stripe.StripeError as error:
                statuses.append(error.http_status or 0)
        return statuses

    first = series(1)
    assert set(first) == {200, 429, 500}
    assert series(1) == first
    assert series(2) != first
    control(world, "faults", {})
    assert client_of(world).v1.balance.retrieve().object == "balance"


@pytest.mark.parametrize("fault", ["timeout_after_charging", "500_after"])
def test_an_answer_that_is_lost_leaves_its_result_under_the_key(world: Sandbox, fault: str) -> None:
    intent = str(paid(world).payment_intent)
    control(world, "faults", {fault: 1, "times": 1, "path": "/v1/refunds"})
    with pytest.raises((stripe.APIConnectionError, stripe.APIError)):
        client_of(world).v1.refunds.create({"payment_intent": intent}, {"idempotency_key": "r"})
    refund = client_of(world).v1.refunds.create({"payment_intent": intent}, {"idempotency_key": "r"})
    assert (refund.status, refund.amount) == ("succeeded", 5000)
    assert event_types(world).count("refund.created") == 1


def test_unknown_faults_and_names_are_refused(world: Sandbox) -> None:
    assert "Unknown faults" in control(world, "faults", {"dupicate": 1})["error"]["message"]
    assert "between 0 and 1" in control(world, "faults", {"drop": 2})["error"]["message"]
    assert "There are" in control(world, "fault", {})["error"]["message"]


def test_a_slow_endpoint_does_not_hold_up_the_api() -> None:
    with receiving() as receiver, running(webhook_url=receiver.url) as sandbox:
        receiver.seconds = 0.5
        pay(sandbox)
        began = time.monotonic()
        client_of(sandbox).v1.charges.list()
        assert time.monotonic() - began < 0.4


def test_the_control_surface_speaks_json(world: Sandbox) -> None:
    assert control(world, "health")["ok"] is True
    connection = http.client.HTTPConnection("127.0.0.1", int(world.url.rpartition(":")[2]), timeout=5)
    connection.request("POST", "/_sandbox/time", "nonsense")
    answer = connection.getresponse()
    assert (answer.status, "message" in json.loads(answer.read())["error"]) == (400, True)
    connection.close()
