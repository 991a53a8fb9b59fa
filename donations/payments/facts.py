"""What Stripe tells, as plain values: read off a signed event's snapshot or the API's answer, the same either way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from donations.payments.models import Payment

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChargeFact:
    id: str
    payment: UUID | None
    amount_cents: int
    currency: str
    status: str
    payment_intent: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RefundFact:
    id: str
    charge_id: str
    amount_cents: int
    currency: str
    status: str
    parts: dict[str, int]
    created_at: datetime
    # Which request of ours it answers; None for one made in Stripe's dashboard.
    request: UUID | None = None
    # Of gifts without Stripe alone: see the mirror's fields.
    reason: str = ""
    from_bank: bool = False


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """A dispute and what its balance transactions moved: id to cents, withdrawn positive."""

    id: str
    charge_id: str
    amount_cents: int
    currency: str
    status: str
    reason: str
    due_at: datetime | None
    moves: dict[str, int]
    told_at: datetime
    created_at: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class SessionFact:
    """What a session says of its payment. It never makes a gift: only a charge that succeeded does."""

    payment: UUID
    status: str


@dataclass(slots=True)
class Facts:
    sessions: list[SessionFact] = field(default_factory=list)
    charges: list[ChargeFact] = field(default_factory=list)
    refunds: list[RefundFact] = field(default_factory=list)
    disputes: list[DisputeFact] = field(default_factory=list)

    def add(self, other: "Facts") -> None:
        self.sessions += other.sessions
        self.charges += other.charges
        self.refunds += other.refunds
        self.disputes += other.disputes


def when(seconds: int) -> datetime:
    """Stripe's epoch seconds as a UTC time."""
    return datetime.fromtimestamp(seconds, UTC)


def payment_token(metadata: Json | None) -> UUID | None:
    """Our payment's token from the metadata we wrote, or None for an object of somebody else."""
    return _token(metadata, "payment")


def _token(metadata: Json | None, name: str) -> UUID | None:
    try:
        return UUID(str((metadata or {}).get(name, "")))
    except ValueError:
        return None


def _is_cents(value: Any) -> bool:
    """Whether a metadata value is an amount of ours; anything else was typed by hand and names no part."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 19


def _id(value: Any) -> str:
    """An id, whether the field came expanded or not."""
    return str(value["id"] if isinstance(value, Mapping) else value or "")


def charge_fact(charge: Json) -> ChargeFact:
    return ChargeFact(
        id=charge["id"],
        payment=payment_token(charge.get("metadata")),
        amount_cents=charge["amount"],
        currency=charge["currency"],
        status=charge["status"],
        payment_intent=_id(charge.get("payment_intent")),
        created_at=when(charge["created"]),
    )


def refund_fact(refund: Json) -> RefundFact:
    named = {name: value for name, value in (refund.get("metadata") or {}).items() if name.startswith("item:")}
    return RefundFact(
        id=refund["id"],
        charge_id=_id(refund.get("charge")),
        amount_cents=refund["amount"],
        currency=refund["currency"],
        status=refund["status"] or "pending",
        parts={name: int(value) for name, value in named.items() if _is_cents(value)},
        created_at=when(refund["created"]),
        request=_token(refund.get("metadata"), "request"),
    )


def dispute_fact(dispute: Json, told_at: datetime) -> DisputeFact:
    """`told_at` is when Stripe said so: the event's time, or when the API was asked."""
    details = dispute.get("evidence_details") or {}
    due = details.get("due_by")
    rows = [row for row in dispute.get("balance_transactions") or [] if row["currency"] == dispute["currency"]]
    return DisputeFact(
        id=dispute["id"],
        charge_id=_id(dispute.get("charge")),
        amount_cents=dispute["amount"],
        currency=dispute["currency"],
        status=dispute["status"],
        reason=dispute.get("reason") or "",
        due_at=when(due) if due else None,
        moves={row["id"]: -row["amount"] for row in rows},
        told_at=told_at,
        created_at=when(dispute["created"]),
        answered=bool(details.get("submission_count")),
    )


def session_facts(session: Json, event_type: str = "") -> Facts:
    """A session's own news, and its charge's where the answer was expanded."""
    facts = Facts()
    intent = session.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, Mapping) else None
    if isinstance(charge, Mapping):
        facts.charges.append(charge_fact(charge))
    if payment := payment_token(session.get("metadata")):
        facts.sessions.append(SessionFact(payment, _session_status(session, event_type)))
    return facts


def _session_status(session: Json, event_type: str) -> str:
    if session["status"] == "open":
        return Payment.Status.OPEN
    if session["status"] == "expired":
        return Payment.Status.EXPIRED
    intent = session.get("payment_intent")
    failed = isinstance(intent, Mapping) and intent["status"] in ("requires_payment_method", "canceled")
    if failed or event_type == "checkout.session.async_payment_failed":
        return Payment.Status.FAILED
    return Payment.Status.PROCESSING


def event_facts(event: Json) -> Facts:
    """The facts in a signed event. Types that bring none (and unknown ones) give none."""
    thing = event["data"]["object"]
    match thing.get("object"):
        case "checkout.session":
            return session_facts(thing, event["type"])
        case "charge":
            return Facts(charges=[charge_fact(thing)])
        case "refund":
            return Facts(refunds=[refund_fact(thing)])
        case "dispute":
            return Facts(disputes=[dispute_fact(thing, when(event["created"]))])
    return Facts()
