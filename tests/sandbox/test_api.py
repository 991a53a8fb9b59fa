"""Keys, errors, parameters, pages and expansion, as Stripe's own library sees them."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import DAY, advance, client_of, event_types, gift, opened, paid


def refused(client: stripe.StripeClient, **params: Any) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)  # type: ignore[arg-type]
    return caught.value


def raw(
    sandbox: Sandbox, method: str, path: str, headers: dict[str, str], body: str = ""
) -> tuple[int, dict[str, str], dict[str, Any]]:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answered = json.loads(answer.read())
    connection.close()
    return answer.status, dict(answer.headers), answered


def test_a_live_key_is_refused_loudly(world: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    for key in ("sk_live_abc", "rk_live_abc"):
        with pytest.raises(stripe.AuthenticationError) as caught:
            client_of(world, key).v1.balance.retrieve()
        assert caught.value.error is not None
        assert caught.value.error.type == "invalid_request_error"
    assert "a live Stripe key" in capfd.readouterr().err


def test_a_missing_or_unknown_key_is_refused(world: Sandbox) -> None:
    assert raw(world, "GET", "/v1/balance", {})[0] == 401
    assert raw(world, "GET", "/v1/balance", {"Authorization": "Bearer pk_test_x"})[0] == 401
    assert raw(world, "GET", "/v1/balance", {"Authorization": "Bearer rk_test_x"})[0] == 200
    assert raw(world, "GET", "/v1/balance", {"Authorization": "Basic c2tfdGVzdF94Og=="})[0] == 200


def test_answers_carry_request_id_version_and_key(world: Sandbox) -> None:
    headers = {"Authorization": "Bearer sk_test_x", "Idempotency-Key": "k1"}
    status, answered, _ = raw(world, "POST", "/v1/customers", headers, "email=dana%40example.org")
    assert status == 200
    assert answered["Request-Id"].startswith("req_")
    assert answered["Stripe-Version"] == stripe.api_version
    assert answered["Idempotency-Key"] == "k1"
    status, _, error = raw(world, "GET", "/v1/balance", {**headers, "Stripe-Version": "2020-08-27"})
    assert (status, "2020-08-27" in error["error"]["message"]) == (400, True)


def test_a_route_that_is_not_played_is_404_and_loud(world: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client_of(world).v1.subscriptions.list()
    assert caught.value.http_status == 404
    assert "NOT IN THE SANDBOX: GET /v1/subscriptions" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"succes_url": "x"}, "parameter_unknown", "succes_url"),
        ({"payment_intent_data": {"tip": 1}}, "parameter_unknown", "payment_intent_data[tip]"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price_data]"),
        ({"mode": "gift"}, None, "mode"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"client_reference_id": ""}, "parameter_invalid_empty", "client_reference_id"),
        ({"client_reference_id": "x" * 201}, None, "client_reference_id"),
        ({"success_url": "thanks"}, "url_invalid", "success_url"),
        ({"metadata": {str(n) + "k": "x" for n in range(51)}}, None, "metadata"),
        ({"metadata": {"k" * 41: "x"}}, None, "metadata"),
        ({"metadata": {"k": "x" * 501}}, None, "metadata[k]"),
        ({"expires_at": 1}, None, "expires_at"),
        ({"customer": "cus_none", "customer_email": None}, "resource_missing", "customer"),
        ({"expand": ["gift"]}, None, "expand"),
    ],
)
def test_a_wrong_parameter_is_named_as_stripe_names_it(
    client: stripe.StripeClient, change: dict[str, Any], code: str | None, param: str
) -> None:
    error = refused(client, **gift(**change))
    assert (error.http_status, error.code, error.param) == (400, code, param)
    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize(("cents", "code"), [(49, "amount_too_small"), (100_000_000, "amount_too_large")])
def test_amounts_have_limits(client: stripe.StripeClient, cents: int, code: str) -> None:
    assert refused(client, **gift(cents)).code == code


@pytest.mark.parametrize("cents", [50, 99_999_999])
def test_the_limits_themselves_are_amounts(world: Sandbox, cents: int) -> None:
    assert opened(world, cents).amount_total == cents


def test_what_the_sandbox_cannot_play_is_refused_and_not_ignored(
    client: stripe.StripeClient, capfd: pytest.CaptureFixture[str]
) -> None:
    refused(client, **gift(discounts=[{"coupon": "x"}]))
    refused(client, **gift(mode="subscription"))
    assert capfd.readouterr().err.count("NOT IN THE SANDBOX") == 2
    client.v1.checkout.sessions.create(gift(automatic_tax={"enabled": False}, submit_type="donate", locale="en"))


def test_sessions_expire_by_sandbox_time(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    assert session.expires_at - session.created == DAY
    advance(world, DAY - 60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    advance(world, 61)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert event_types(world) == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


def test_pages_go_by_cursor_from_the_newest(world: Sandbox, client: stripe.StripeClient) -> None:
    ids = [opened(world).id for _ in range(7)][::-1]
    sessions = client.v1.checkout.sessions
    page = sessions.list({"limit": 3})
    assert ([one.id for one in page.data], page.has_more) == (ids[:3], True)
    page = sessions.list({"limit": 4, "starting_after": ids[2]})
    assert ([one.id for one in page.data], page.has_more) == (ids[3:], False)
    page = sessions.list({"limit": 2, "ending_before": ids[4]})
    assert ([one.id for one in page.data], page.has_more) == (ids[2:4], True)
    page = sessions.list({"limit": 4, "ending_before": ids[4]})
    assert ([one.id for one in page.data], page.has_more) == (ids[:4], False)
    assert [one.id for one in sessions.list({"limit": 2}).auto_paging_iter()] == ids
    for wrong in (0, 101):
        with pytest.raises(stripe.InvalidRequestError):
            sessions.list({"limit": wrong})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sessions.list({"starting_after": "cs_none"})
    assert caught.value.code == "resource_missing"


def test_lists_narrow_by_field_and_by_time(world: Sandbox, client: stripe.StripeClient) -> None:
    first, _ = paid(world), paid(world)
    advance(world, DAY)
    third = paid(world)
    of_first = client.v1.charges.list({"payment_intent": str(first.payment_intent)}).data
    assert len(of_first) == 1
    transactions = client.v1.balance_transactions
    assert len(transactions.list({"type": "charge"}).data) == 3
    assert transactions.list({"type": "refund"}).data == []
    assert len(transactions.list({"source": of_first[0].id}).data) == 1
    newest = transactions.list().data[0]
    assert len(transactions.list({"created": {"gte": newest.created}}).data) == 1
    assert len(transactions.list({"created": {"lt": newest.created}}).data) == 2
    assert client.v1.payment_intents.list().data[0].id == third.payment_intent
    assert len(client.v1.checkout.sessions.list({"payment_intent": str(first.payment_intent)}).data) == 1
    types = client.v1.events.list({"types": ["charge.updated", "charge.succeeded"]}).data
    assert {event.type for event in types} == {"charge.updated", "charge.succeeded"}


def test_expansion_goes_four_deep_and_begins_with_data_on_lists(world: Sandbox, client: stripe.StripeClient) -> None:
    paid(world)
    page: Any = client.v1.balance_transactions.list({"expand": ["data.source.payment_intent.latest_charge"]})
    charge = page.data[0].source
    assert charge.payment_intent.latest_charge.id == charge.id
    session: Any = client.v1.checkout.sessions.list({"expand": ["data.line_items"]}).data[0]
    assert session.line_items.data[0].amount_total == 5000
    items = client.v1.checkout.sessions.line_items.list(session.id)
    assert [item.description for item in items.data] == ["Gift for Ana's run"]
    for wrong in ("source", "data.payout_note", "data.source.payment_intent.latest_charge.customer"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.balance_transactions.list({"expand": [wrong]})
        assert caught.value.param == "expand"


def test_the_balance_matures_with_time_and_is_the_sum_of_its_transactions(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    paid(world)
    paid(world, "4000000000000077")
    balance = client.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (4825, 4825)
    advance(world, 2 * DAY + 10)
    balance = client.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (9650, 0)
    assert {one.status for one in client.v1.balance_transactions.list().data} == {"available"}


def test_a_customer_is_made_only_when_asked_for(world: Sandbox, client: stripe.StripeClient) -> None:
    assert paid(world).customer is None
    customer = client.v1.customers.create({"email": "dana@example.org", "metadata": {"runner": "3"}})
    assert client.v1.customers.retrieve(customer.id).email == "dana@example.org"
    assert [one.id for one in client.v1.customers.list({"email": "dana@example.org"}).data] == [customer.id]
    session = client.v1.checkout.sessions.create(gift(customer=customer.id, customer_email=None))
    assert session.customer_details is not None
    assert session.customer_details.email == "dana@example.org"


def test_what_does_not_exist_is_missing(client: stripe.StripeClient) -> None:
    for retrieve in (
        client.v1.checkout.sessions.retrieve,
        client.v1.payment_intents.retrieve,
        client.v1.charges.retrieve,
        client.v1.refunds.retrieve,
        client.v1.disputes.retrieve,
        client.v1.radar.early_fraud_warnings.retrieve,
        client.v1.payouts.retrieve,
        client.v1.topups.retrieve,
        client.v1.transfers.retrieve,
        client.v1.accounts.retrieve,
        client.v1.balance_transactions.retrieve,
        client.v1.events.retrieve,
        client.v1.customers.retrieve,
        client.v1.webhook_endpoints.retrieve,
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            retrieve("none")
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_mistake_in_the_sandbox_is_a_500_with_an_envelope(world: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(world.world, "totals")
    with pytest.raises(stripe.APIError) as caught:
        client_of(world).v1.balance.retrieve()
    assert caught.value.http_status == 500
