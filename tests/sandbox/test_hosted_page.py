"""The payment page, by plain form posts."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import advance, control, event_types, gift, opened, typed_account, typed_card, visit

DECLINES = [
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000006975", "card_declined", "card_velocity_exceeded"),
    ("4000000000000069", "expired_card", "expired_card"),
    ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    ("4000000000000119", "processing_error", "processing_error"),
    ("4242424242424241", "incorrect_number", "incorrect_number"),
]


def intent_of(client: stripe.StripeClient, session_id: str) -> Any:
    expand = ["payment_intent.latest_charge.balance_transaction"]
    return client.v1.checkout.sessions.retrieve(session_id, {"expand": expand}).payment_intent


def test_the_page_shows_what_is_paid_for_and_says_that_no_money_moves(world: Sandbox) -> None:
    session = opened(world, customer_email="dana@example.org")
    assert session.url is not None
    page = visit(session.url)
    assert page.status == 200
    for text in (
        "Stripe sandbox: no real money",
        "Gift for Ana&#x27;s run",
        "Pay $50.00</button>",
        'value="dana@example.org"',
        'href="http://127.0.0.1:9/r/ana"',
        '<html lang="en">',
    ):
        assert text in page.text
    assert "<script" not in page.text


def test_a_good_card_pays_and_leads_to_the_success_page(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    page = visit(str(session.url), typed_card())
    assert (page.status, page.location) == (303, f"http://127.0.0.1:9/thanks?session={session.id}")
    after = client.v1.checkout.sessions.retrieve(session.id)
    assert (after.status, after.payment_status, after.url) == ("complete", "paid", None)
    assert after.customer_details is not None
    assert after.customer_details.email == "donor@example.org"
    charge = intent_of(client, session.id).latest_charge
    assert charge.balance_transaction is None
    assert charge.metadata.to_dict() == {"payment": "7", "page": "3"}
    advance(world, 3)
    transaction = intent_of(client, session.id).latest_charge.balance_transaction
    assert (transaction.amount, transaction.fee, transaction.net) == (5000, 175, 4825)
    assert (transaction.type, transaction.reporting_category) == ("charge", "charge")
    assert event_types(world) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]


@pytest.mark.parametrize(("number", "code", "decline_code"), DECLINES)
def test_a_declined_card_says_why_and_leaves_the_session_open(
    world: Sandbox, client: stripe.StripeClient, number: str, code: str, decline_code: str
) -> None:
    session = opened(world)
    page = visit(str(session.url), typed_card(number))
    assert page.status == 402
    assert "There is a problem" in page.text
    assert f'value="{number}"' in page.text
    intent = intent_of(client, session.id)
    assert intent.status == "requires_payment_method"
    assert (intent.last_payment_error.code, intent.last_payment_error.decline_code) == (code, decline_code)
    assert (intent.latest_charge.status, intent.latest_charge.failure_code) == ("failed", code)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert event_types(world) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_a_second_card_pays_after_a_decline_on_the_same_intent(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    visit(str(session.url), typed_card("4000000000000002"))
    declined = intent_of(client, session.id)
    visit(str(session.url), typed_card())
    intent = intent_of(client, session.id)
    assert (intent.id, intent.status, intent.last_payment_error) == (declined.id, "succeeded", None)
    charges = client.v1.charges.list({"payment_intent": intent.id}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


@pytest.mark.parametrize("number", ["4000002500003155", "4000002760003184"])
def test_three_d_secure_asks_first_and_pays_when_completed(
    world: Sandbox, client: stripe.StripeClient, number: str
) -> None:
    session = opened(world)
    page = visit(str(session.url), typed_card(number))
    assert page.location == f"/c/pay/{session.id}/authenticate"
    assert "Complete authentication" in visit(world.url + page.location).text
    assert intent_of(client, session.id).status == "requires_action"
    page = visit(f"{session.url}/authenticate", {"result": "complete"})
    assert page.location is not None
    assert page.location.startswith("http://127.0.0.1:9/thanks")
    assert intent_of(client, session.id).latest_charge.payment_method_details.card.three_d_secure is not None


def test_three_d_secure_that_fails_makes_no_charge(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    visit(str(session.url), typed_card("4000002760003184"))
    page = visit(f"{session.url}/authenticate", {"result": "fail"})
    assert page.status == 402
    assert "unable to authenticate" in page.text
    intent = intent_of(client, session.id)
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert intent.latest_charge is None


def test_three_d_secure_may_be_followed_by_a_decline(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    visit(str(session.url), typed_card("4000008400001629"))
    assert visit(f"{session.url}/authenticate", {"result": "complete"}).status == 402
    assert intent_of(client, session.id).latest_charge.status == "failed"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (typed_card(""), "Enter the card number"),
        (typed_card("4242424242424243"), "Your card number is invalid"),
        (typed_card(expiry="01 / 20"), "in the past"),
        (typed_card(expiry="13 / 40"), "Enter the expiry date"),
        (typed_card(cvc="12"), "Enter the security code"),
        (typed_card(name=" "), "Enter the name"),
        (typed_card(email="dana"), "Enter an email address"),
        (typed_card(method="bitcoin"), "Choose how to pay"),
        (typed_account("12345"), "test account numbers"),
        (typed_account(routing_number="1"), "routing number"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(world: Sandbox, fields: dict[str, str], message: str) -> None:
    session = opened(world)
    page = visit(str(session.url), fields)
    assert page.status == 422
    assert "<title>Error: Pay $50.00" in page.text
    assert message in page.text
    assert f'value="{fields["name"]}"' in page.text
    assert event_types(world) == []


def test_two_tabs_make_one_charge(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    with ThreadPoolExecutor(8) as tabs:
        pages = list(tabs.map(lambda _: visit(str(session.url), typed_card()), range(8)))
    assert {page.location for page in pages} == {f"http://127.0.0.1:9/thanks?session={session.id}"}
    assert len(client.v1.charges.list().data) == 1
    assert visit(str(session.url)).status == 303


def test_a_challenge_left_in_one_tab_does_not_charge_after_the_other_paid(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    session = opened(world)
    visit(str(session.url), typed_card("4000002760003184"))
    visit(str(session.url), typed_card())
    assert visit(f"{session.url}/authenticate", {"result": "complete"}).status == 303
    assert len(client.v1.charges.list().data) == 1


def test_an_expired_page_says_so(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    client.v1.checkout.sessions.expire(session.id)
    page = visit(str(session.url))
    assert page.status == 410
    assert "has expired" in page.text
    assert visit(str(session.url), typed_card()).status == 410
    assert client.v1.charges.list().data == []


def test_only_allowed_methods_are_offered(world: Sandbox, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(gift(excluded_payment_method_types=["us_bank_account"]))
    assert session.payment_method_types == ["card"]
    assert "account_number" not in visit(str(session.url)).text
    assert visit(str(session.url), typed_account()).status == 422


def test_the_fast_path_tells_of_success_decline_and_a_session_that_is_closed(world: Sandbox) -> None:
    session = opened(world)
    declined = control(world, f"pay/{session.id}", {"card": "4000000000009995"})
    assert (declined["outcome"], declined["error"]["decline_code"]) == ("declined", "insufficient_funds")
    assert control(world, f"pay/{session.id}", {"card": "4000002760003184"})["payment_status"] == "paid"
    assert control(world, f"pay/{session.id}", {})["outcome"] == "closed"
