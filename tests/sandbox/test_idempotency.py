"""Idempotency keys: the four rules, and a key's day."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe
from stripe.checkout import Session

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import DAY, advance, charged, client_of, control, gift, paid


def create(client: stripe.StripeClient, key: str, cents: int = 5000) -> Session:
    return client.v1.checkout.sessions.create(gift(cents), {"idempotency_key": key})


def test_the_first_result_is_given_again(client: stripe.StripeClient) -> None:
    first = create(client, "k")
    assert create(client, "k").id == first.id
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_first_result_stays_as_it_was_whatever_becomes_of_the_object(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    dispute = control(world, "disputes", {"charge": charged(world).id})["id"]
    staged: Any = {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": False}
    client.v1.disputes.update(dispute, staged, {"idempotency_key": "k"})
    client.v1.disputes.update(dispute, {"submit": True})
    again = client.v1.disputes.update(dispute, staged, {"idempotency_key": "k"})
    assert (again.status, again.evidence_details.submission_count) == ("needs_response", 0)
    assert client.v1.disputes.retrieve(dispute).evidence_details.submission_count == 1


def test_other_parameters_under_a_key_are_refused(client: stripe.StripeClient) -> None:
    create(client, "k")
    with pytest.raises(stripe.IdempotencyError) as caught:
        create(client, "k", 6000)
    assert caught.value.http_status == 400
    assert "same parameters" in str(caught.value)
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"email": "dana@example.org"}, {"idempotency_key": "k"})


def test_a_key_in_flight_is_a_conflict(world: Sandbox) -> None:
    control(world, "faults", {"slow": 1, "slow_seconds": 0.4})

    def attempt(_: int) -> str:
        try:
            return create(client_of(world), "k").id
        except stripe.APIError as error:
            return f"{error.http_status} {error.error and error.error.code}"

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(attempt, range(2)))
    assert "409 idempotency_key_in_use" in results
    control(world, "faults", {})
    assert create(client_of(world), "k").id in results


def test_stripes_own_retries_get_over_a_conflict(world: Sandbox) -> None:
    control(world, "faults", {"slow": 1, "slow_seconds": 0.3})
    with ThreadPoolExecutor(2) as both:
        ids = set(both.map(lambda _: create(client_of(world, retries=3), "k").id, range(2)))
    assert len(ids) == 1


def test_a_failed_validation_is_not_kept(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(client, "k", 10)
    assert create(client, "k").amount_total == 5000


def test_a_failure_after_execution_began_is_kept(world: Sandbox, client: stripe.StripeClient) -> None:
    session = paid(world)
    intent = str(session.payment_intent)
    params: Any = {"payment_intent": intent, "amount": 6000}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(params, {"idempotency_key": "r"})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create(params, {"idempotency_key": "r"})
    assert caught.value.headers is not None
    assert caught.value.headers["Idempotent-Replayed"] == "true"


def test_a_500_is_kept_too(world: Sandbox, client: stripe.StripeClient) -> None:
    control(world, "faults", {"500_saved": 1, "times": 1})
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            create(client, "k")
        assert caught.value.http_status == 500
    assert create(client, "other").status == "open"


def test_a_key_is_forgotten_after_a_day(world: Sandbox, client: stripe.StripeClient) -> None:
    first = create(client, "k")
    advance(world, DAY - 10)
    assert create(client, "k").id == first.id
    advance(world, 20)
    assert create(client, "k").id != first.id
