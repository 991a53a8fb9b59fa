"""The only door to Stripe: calls, verifies, and hands out plain values. Nothing else imports its SDK.

Every call that creates something takes an idempotency key made of our row ids. No call is made inside a database
transaction. Requests give up after ten seconds and are tried twice more with the same key.
"""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings

from common import clock
from donations.payments import facts
from donations.payments.facts import Facts

log = logging.getLogger(__name__)
SIGNATURE_TOLERANCE_SECONDS = 300


class Unavailable(Exception):
    """Stripe could not be asked, or gave no usable answer. Nothing is known; asking again is safe."""


class Refused(Exception):
    """Stripe understood and said no."""


class BadSignature(Exception):
    """The webhook is not from Stripe, too old, from the future, or of the other mode."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """What a session is made of. Amounts in cents; `token` names the payment at Stripe."""

    token: UUID
    number: int
    email: str
    lines: tuple[tuple[str, int], ...]
    success_url: str
    cancel_url: str
    expires_at: datetime
    description: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class PayoutContents:
    """`rows` is None while Stripe still works out what an automatic payout consists of, and empty for one by hand."""

    is_automatic: bool
    arrives_at: datetime
    rows: list[Mapping[str, Any]] | None


@cache
def _client() -> stripe.StripeClient:
    stripe.enable_telemetry = False
    addresses = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {}
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=addresses,  # type: ignore[arg-type]
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=10),
    )


class _Errors:
    """Turns the SDK's errors into ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        # An idempotency error says that something was asked for under this key: what came of it is not known.
        if isinstance(error, stripe.InvalidRequestError | stripe.CardError):
            log.warning("Stripe refused request %s: %s", error.request_id, error.user_message or error)
            raise Refused(str(error)) from error
        if isinstance(error, stripe.StripeError):
            log.warning("Stripe is not available: %s", error)
            raise Unavailable(str(error)) from error


def checkout_params(checkout: Checkout) -> dict[str, Any]:
    """The request for a session. It is kept with the payment: the same key must always ask for the same."""
    metadata = {"payment": str(checkout.token), "number": str(checkout.number), **checkout.metadata}
    return {
        "mode": "payment",
        "submit_type": "donate",
        "client_reference_id": str(checkout.number),
        "customer_email": checkout.email,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "usd", "unit_amount": cents, "product_data": {"name": name}},
            }
            for name, cents in checkout.lines
        ],
        "success_url": checkout.success_url,
        "cancel_url": checkout.cancel_url,
        "expires_at": int(checkout.expires_at.timestamp()),
        "adaptive_pricing": {"enabled": False},
        "metadata": metadata,
        "payment_intent_data": {"description": checkout.description, "metadata": metadata},
    }


def create_checkout(params: Any, *, idempotency_key: str) -> Session:
    """A session on Stripe's hosted page for `checkout_params`; the same key gives the same session.

    Raises Unavailable when it is not known whether one was made, Refused when none was.
    """
    with _Errors():
        session = _client().v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key})
        return Session(session.id, session.url or "")


def expire_checkout(session_id: str, *, idempotency_key: str) -> None:
    """Closes an open session. Raises Refused when it is not open any more."""
    with _Errors():
        _client().v1.checkout.sessions.expire(session_id, options={"idempotency_key": idempotency_key})


def create_refund(
    charge_id: str, cents: int, *, request: UUID, parts: Mapping[str, int], idempotency_key: str
) -> Facts:
    """Asks Stripe to give back `cents` of a charge; `parts` say which items they are of. Returns the refund as a fact.

    Raises Unavailable when it is not known whether one was made, Refused when none was.
    """
    metadata = {"request": str(request), **{name: str(part) for name, part in parts.items()}}
    params: Any = {"charge": charge_id, "amount": cents, "reason": "requested_by_customer", "metadata": metadata}
    with _Errors():
        refund = _client().v1.refunds.create(params, {"idempotency_key": idempotency_key})
        return Facts(refunds=[facts.refund_fact(refund.to_dict(for_json=True))])


def create_transfer(cents: int, *, destination: str, disbursement: UUID, idempotency_key: str) -> str:
    """Moves `cents` to a connected account (acct_...). Returns the transfer's id; the same key gives the same one.

    Raises Unavailable when it is not known whether one was made, Refused when none was.
    """
    params: Any = {
        "amount": cents,
        "currency": "usd",
        "destination": destination,
        # By the group it is found again, by the metadata the feed knows whose it is.
        "transfer_group": str(disbursement),
        "metadata": {"disbursement": str(disbursement)},
    }
    with _Errors():
        return _client().v1.transfers.create(params, {"idempotency_key": idempotency_key}).id


def find_transfer(disbursement: UUID) -> str:
    """The id of the transfer that Stripe made for a disbursement, or nothing: a key is forgotten after a day."""
    with _Errors():
        found = _client().v1.transfers.list({"transfer_group": str(disbursement), "limit": 1}).data
        return found[0].id if found else ""


def look_up_session(session_id: str) -> Facts:
    """What Stripe holds of a session, its charge included."""
    with _Errors():
        session = _client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent.latest_charge"]})
        return facts.session_facts(session.to_dict(for_json=True))


def look_up_charge(charge_id: str) -> Facts:
    """What Stripe holds of a charge, its refunds and its disputes."""
    found = Facts()
    with _Errors():
        found.charges.append(facts.charge_fact(_client().v1.charges.retrieve(charge_id).to_dict(for_json=True)))
        for refund in _client().v1.refunds.list({"charge": charge_id, "limit": 100}).auto_paging_iter():
            found.refunds.append(facts.refund_fact(refund.to_dict(for_json=True)))
    found.add(_disputes({"charge": charge_id}))
    return found


def look_up_dispute(dispute_id: str) -> Facts:
    """What Stripe holds of a dispute."""
    asked_at = _this_second()
    with _Errors():
        return _dispute(_client().v1.disputes.retrieve(dispute_id), asked_at)


def recent_disputes(since: datetime) -> Facts:
    """Every dispute that began at or after `since`: also those that moved no money, of which the feed knows nothing."""
    return _disputes({"created": {"gte": int(since.timestamp())}})


def _disputes(wanted: Mapping[str, Any]) -> Facts:
    found, asked_at = Facts(), _this_second()
    params: Any = {**wanted, "limit": 100}
    with _Errors():
        for dispute in _client().v1.disputes.list(params).auto_paging_iter():
            found.add(_dispute(dispute, asked_at))
    return found


def _dispute(dispute: stripe.Dispute, asked_at: datetime) -> Facts:
    return Facts(disputes=[facts.dispute_fact(dispute.to_dict(for_json=True), asked_at)])


def _this_second() -> datetime:
    """As events are dated: one of the same second, which may be newer than the answer, is still listened to."""
    return clock.now().replace(microsecond=0)


def answer_dispute(dispute_id: str, evidence: Mapping[str, str], *, idempotency_key: str) -> Facts:
    """Sends evidence, by Stripe's names, to the bank: Stripe takes it once. Returns the dispute as a fact.

    Raises Unavailable when it is not known whether it was sent, Refused when it was not.
    """
    params: Any = {"evidence": dict(evidence), "submit": True}
    asked_at = _this_second()
    with _Errors():
        answer = _client().v1.disputes.update(dispute_id, params, {"idempotency_key": idempotency_key})
        return _dispute(answer, asked_at)


def accept_dispute(dispute_id: str, *, idempotency_key: str) -> Facts:
    """Gives a chargeback up: it is lost at once, and that cannot be undone. Returns the dispute as a fact.

    Raises Unavailable when it is not known whether it was closed, Refused when it was not.
    """
    asked_at = _this_second()
    with _Errors():
        return _dispute(_client().v1.disputes.close(dispute_id, options={"idempotency_key": idempotency_key}), asked_at)


def balance_transactions(since: datetime | None) -> Iterator[Mapping[str, Any]]:
    """Every row of the balance feed created at or after `since`, newest first, its source expanded."""
    params: Any = {"limit": 100, "expand": ["data.source"]}
    if since is not None:
        params["created"] = {"gte": int(since.timestamp())}
    with _Errors():
        for transaction in _client().v1.balance_transactions.list(params).auto_paging_iter():
            yield transaction.to_dict(for_json=True)


def look_up_payout(payout_id: str) -> PayoutContents:
    """What Stripe says of a payout, and of an automatic one the balance transactions it consists of."""
    with _Errors():
        payout = _client().v1.payouts.retrieve(payout_id)
        rows: list[Mapping[str, Any]] | None = None if payout.automatic else []
        if payout.automatic and payout.reconciliation_status == "completed":
            params: Any = {"payout": payout_id, "limit": 100, "expand": ["data.source"]}
            listed = _client().v1.balance_transactions.list(params).auto_paging_iter()
            rows = [transaction.to_dict(for_json=True) for transaction in listed]
        return PayoutContents(payout.automatic, facts.when(payout.arrival_date), rows)


def balance_cents(currency: str) -> int:
    """Stripe's own number: available and pending, in cents."""
    with _Errors():
        balance = _client().v1.balance.retrieve().to_dict(for_json=True)
    parts = [*balance["available"], *balance["pending"]]
    return sum(part["amount"] for part in parts if part["currency"] == currency)


def verify_event(body: bytes, signature: str) -> Mapping[str, Any]:
    """The event in a webhook's body, if its signature holds.

    Raises BadSignature for a forged, altered or stale one (docs.stripe.com/webhooks/signature), for one from the
    future, which the SDK lets pass, and for a test event on a live site or the reverse.
    """
    try:
        stripe.WebhookSignature.verify_header(
            body, signature, settings.STRIPE_WEBHOOK_SECRET, SIGNATURE_TOLERANCE_SECONDS
        )
        plain: Any = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSignature("The signature does not hold.") from error
    stamps = [part[2:] for part in signature.split(",") if part.startswith("t=")]
    if int(stamps[0]) > time.time() + SIGNATURE_TOLERANCE_SECONDS:
        raise BadSignature("The signature is from the future.")
    if not _is_event(plain):
        raise BadSignature("This is not an event.")
    if plain.get("livemode") is not settings.STRIPE_LIVEMODE:
        raise BadSignature("The event is of the other mode (live or test).")
    event: Mapping[str, Any] = plain
    return event


def _is_event(plain: Any) -> bool:
    """Whether it has what the inbox keeps, in the shape that the inbox can keep."""
    if not isinstance(plain, Mapping):
        return False
    created, data = plain.get("created"), plain.get("data")
    return (
        _is_word(plain.get("id"))
        and _is_word(plain.get("type"))
        and isinstance(created, int)
        and 0 <= created < 1 << 33
        and isinstance(data, Mapping)
        and isinstance(data.get("object"), Mapping)
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 80 and value.isprintable()
