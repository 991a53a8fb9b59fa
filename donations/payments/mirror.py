"""Keeps what Stripe last told. News may come in any order, so a later state is never overwritten by an earlier one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from donations.payments.facts import ChargeFact, DisputeFact, RefundFact, SessionFact
from donations.payments.models import Charge, Dispute, Payment, Refund

Status = Payment.Status
# Only forward: an expired or failed session can still turn out to be paid, a paid one nothing else.
_PAYMENT_ORDER = {
    Status.PLEDGED: 0,
    Status.NEW: 0,
    Status.OPEN: 1,
    Status.PROCESSING: 2,
    Status.FAILED: 3,
    Status.EXPIRED: 3,
    Status.PAID: 4,
}
_CHARGE_ORDER = {"pending": 0, "failed": 1, "succeeded": 2}
_REFUND_ORDER = {"pending": 0, "requires_action": 0, "succeeded": 1, "failed": 2, "canceled": 2}
# Of news of one second, which come in any order, the later in a dispute's life is the newer.
_DISPUTE_LIFE = (
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "lost",
    "won",
)
DEAD_REFUNDS = ("failed", "canceled")


def advance(payment_ids: Iterable[int], status: str) -> None:
    """Moves payments to `status` where that is forward for them."""
    earlier = [name for name, rank in _PAYMENT_ORDER.items() if rank < _PAYMENT_ORDER[Status(status)]]
    Payment.objects.filter(pk__in=list(payment_ids), status__in=earlier).update(status=status)


def payments_of(tokens: Iterable[UUID | None]) -> dict[UUID, int]:
    """Token to number of the payments that are ours."""
    return dict(Payment.objects.filter(token__in={token for token in tokens if token}).values_list("token", "pk"))


def keep_sessions(sessions: list[SessionFact]) -> None:
    ours = payments_of(session.payment for session in sessions)
    by_status: dict[str, list[int]] = {}
    for session in sessions:
        if session.payment in ours:
            by_status.setdefault(session.status, []).append(ours[session.payment])
    for status, payment_ids in by_status.items():
        advance(payment_ids, status)


def keep_charges(charges: list[ChargeFact]) -> None:
    """Writes the newest state of each charge; a payment that is not ours is left empty."""
    newest: dict[str, ChargeFact] = {}
    for charge in charges:
        known = newest.setdefault(charge.id, charge)
        if _CHARGE_ORDER.get(charge.status, 0) > _CHARGE_ORDER.get(known.status, 0):
            newest[charge.id] = charge
    stored = dict(Charge.objects.filter(pk__in=newest).values_list("pk", "status"))
    ours = payments_of(fact.payment for fact in newest.values())
    Charge.objects.bulk_create(
        Charge(
            id=fact.id,
            payment_id=ours.get(fact.payment) if fact.payment else None,
            amount_cents=fact.amount_cents,
            currency=fact.currency,
            status=fact.status,
            payment_intent=fact.payment_intent,
            created_at=fact.created_at,
        )
        for fact in newest.values()
        if fact.id not in stored
    )
    for fact in newest.values():
        if fact.id in stored and _CHARGE_ORDER.get(fact.status, 0) > _CHARGE_ORDER.get(stored[fact.id], 0):
            Charge.objects.filter(pk=fact.id).update(status=fact.status)


def keep_refunds(refunds: list[RefundFact]) -> None:
    """Writes the newest state of each refund; a failed one stays failed."""
    for fact in sorted(refunds, key=lambda fact: _REFUND_ORDER.get(fact.status, 0)):
        row, created = Refund.objects.get_or_create(
            pk=fact.id,
            defaults={
                "charge_id": fact.charge_id,
                "amount_cents": fact.amount_cents,
                "currency": fact.currency,
                "status": fact.status,
                "parts": fact.parts,
                "reason": fact.reason,
                "from_bank": fact.from_bank,
                "created_at": fact.created_at,
            },
        )
        if created:
            continue
        if _REFUND_ORDER.get(fact.status, 0) > _REFUND_ORDER.get(row.status, 0):
            Refund.objects.filter(pk=fact.id).update(status=fact.status)
        if fact.parts and not row.parts:
            # The desk names the parts when it refunds; an older snapshot may not have them yet.
            Refund.objects.filter(pk=fact.id).update(parts=fact.parts)


def keep_disputes(disputes: list[DisputeFact]) -> None:
    """Writes what was told last of each dispute; what its transactions moved is added, never taken away."""
    for fact in sorted(disputes, key=lambda fact: _age(fact.told_at, fact.status)):
        told = {"status": fact.status, "due_at": fact.due_at, "told_at": fact.told_at}
        fixed = {
            name: getattr(fact, name) for name in ("charge_id", "amount_cents", "currency", "reason", "created_at")
        }
        new = {**fixed, **told, "moves": fact.moves, "answered": fact.answered}
        row, created = Dispute.objects.get_or_create(pk=fact.id, defaults=new)
        if not created:
            change = told if _age(fact.told_at, fact.status) >= _age(row.told_at, row.status) else {}
            answered = row.answered or fact.answered
            Dispute.objects.filter(pk=fact.id).update(moves={**row.moves, **fact.moves}, answered=answered, **change)


def _age(told_at: datetime, status: str) -> tuple[datetime, int]:
    place = _DISPUTE_LIFE.index(status) if status in _DISPUTE_LIFE else len(_DISPUTE_LIFE)
    return told_at.replace(microsecond=0), place
