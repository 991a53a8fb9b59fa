"""What the API lets one do about a dispute: look, send evidence, accept. Magic words decide it, as Stripe's do."""

from typing import Literal

from stripe_sandbox import disputes
from stripe_sandbox.errors import StripeError
from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.metadata import merged
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

# What the bank answers to `uncategorized_text`, and how soon; any other evidence waits for the control surface.
ANSWERS = {"winning_evidence": "won", "losing_evidence": "lost", "escalate_inquiry_evidence": "escalated"}
DECIDED = 4
LONGEST = 150_000
Outcome = Literal["won", "lost", "escalated"]


def update(world: World, params: Json, identifier: str) -> Json:
    """Stages evidence and, unless told not to, sends it to the bank: once."""
    dispute = found(world, "dispute", identifier, saved=True)
    before: Json = {name: dispute[name] for name in ("metadata", "evidence") if name in params}
    # Metadata alone sends nothing: then what was staged goes only when that is asked for.
    sends = params.get("submit", "evidence" in params)
    if sends or "evidence" in params:
        _refuse_answered(dispute)
        _stage(dispute, params.get("evidence", {}))
    dispute["metadata"] = merged(dispute["metadata"], params.get("metadata"))
    disputes.save(world, dispute)
    emit(world, "charge.dispute.updated", dispute, previous=before)
    if sends:
        _submit(world, dispute)
    return shown(world, dispute, params)


def _stage(dispute: Json, evidence: Json) -> None:
    staged = {**dispute["evidence"], **evidence}
    if sum(len(value) for value in staged.values() if isinstance(value, str)) > LONGEST:
        raise StripeError(f"The evidence must be at most {LONGEST:,} characters.", param="evidence", saved=True)
    dispute["evidence"] = staged
    dispute["evidence_details"]["has_evidence"] = any(value for value in staged.values())


def _refuse_answered(dispute: Json) -> None:
    if dispute["status"] not in ("needs_response", "warning_needs_response"):
        message = f"This dispute is {dispute['status']}: evidence can no longer be changed or sent."
        raise StripeError(message, saved=True)


def _submit(world: World, dispute: Json) -> None:
    details = dispute["evidence_details"]
    details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
    answer = ANSWERS.get(dispute["evidence"]["uncategorized_text"] or "")
    if answer == "escalated":
        # A refund is still taken while an inquiry escalates, and fails when it has.
        dispute["_escalating"] = world.clock.now()
    disputes.counter(world, dispute)
    if answer:
        world.plan("dispute_decided", f"{dispute['id']} {answer}", world.clock.now() + DECIDED)


def answer(world: World, subject: str) -> None:
    """The bank's decision, as the magic words asked for it; what was decided otherwise meanwhile stays so."""
    identifier, outcome = subject.split()
    dispute = world.store.get("dispute", identifier)
    if dispute is None or dispute["status"] not in ("under_review", "warning_under_review"):
        return
    inquiry = dispute["status"] == "warning_under_review"
    if inquiry and outcome == "escalated":
        disputes.escalate(world, dispute)
    elif inquiry or outcome == "won":
        disputes.win(world, dispute)
    elif outcome == "lost":
        disputes.lose(world, dispute)


def decide(world: World, dispute: Json, outcome: Outcome, returned: int) -> None:
    """The bank's decision from outside: for what magic words cannot say, like a late win or a part."""
    match outcome:
        case "won":
            disputes.win(world, dispute)
        case "lost":
            disputes.lose(world, dispute, returned)
        case "escalated":
            disputes.escalate(world, dispute)


def close(world: World, params: Json, identifier: str) -> Json:
    """Accepts the dispute as lost."""
    dispute = found(world, "dispute", identifier, saved=True)
    if dispute["status"] != "needs_response":
        raise StripeError(f"A dispute that is {dispute['status']} cannot be closed.", saved=True)
    disputes.lose(world, dispute)
    return shown(world, dispute, params)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "dispute", identifier), params)


def list_disputes(world: World, params: Json) -> Json:
    candidates = None
    for field in ("charge", "payment_intent"):
        if field in params:
            candidates = world.store.having("dispute", field, params[field])
    return page(world, "dispute", params, "/v1/disputes", matching(params, "charge", "payment_intent"), candidates)
