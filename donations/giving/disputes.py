"""Answering disputes: a row first, under the ledger's lock, then Stripe, then settle as for any other news of it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.money import dollars
from donations.giving.models import DisputeAnswer, Donation
from donations.giving.queries import parts_of_items, target_name
from donations.giving.refunds import KEY_LIVES
from donations.giving.settle import settle
from donations.ledger import services as ledger
from donations.ledger.models import Ledger
from donations.payments import gateway
from donations.payments.models import Charge, Dispute, Payment

log = logging.getLogger(__name__)
State, Kind = DisputeAnswer.State, DisputeAnswer.Kind


class CannotAnswer(Exception):
    """The dispute takes no such answer now; the message is a sentence. Nothing was sent."""


def payment_of(dispute: Dispute) -> Payment | None:
    """The payment that is disputed; None for a charge of nobody."""
    charge = Charge.objects.filter(pk=dispute.charge_id).select_related("payment__ledger").first()
    return charge.payment if charge else None


def _ledger_of(dispute: Dispute) -> int:
    payment = payment_of(dispute)
    return payment.ledger_id if payment else Ledger.objects.values_list("pk", flat=True).order_by("pk")[0]


def suggested(dispute: Dispute, items: Sequence[Donation]) -> dict[str, str]:
    """What our rows say about a disputed payment, by Stripe's names of evidence: for a person to read and complete."""
    if not items:
        return {}
    first, event = items[0], items[0].event
    day = (first.received_at or first.created_at).astimezone(event.zone)
    receipt = [
        _("Receipt %(number)s of %(day)s") % {"number": first.payment_id, "day": f"{day:%Y-%m-%d}"},
        *(f"{target_name(item)}: {dollars(item.amount_cents)}" for item in items),
        *(f"{part.name}: {dollars(part.cents)}" for part in parts_of_items(items)),
    ]
    if cover := sum(item.cover_cents for item in items):
        receipt.append(_("Towards the card fee: %(sum)s") % {"sum": dollars(cover)})
    described = _(
        "A gift of %(sum)s to %(target)s, made on %(day)s on our website, at Stripe's own payment page. It goes whole"
        " to the organizations named in the receipt. The donor typed name, address and amount, and got the receipt by"
        " e-mail at once."
    )
    return {
        "product_description": described
        % {
            "sum": dollars(sum(item.total_cents for item in items)),
            "target": target_name(first),
            "day": f"{day:%Y-%m-%d}",
        },
        "customer_name": first.name,
        "customer_email_address": first.payment.email,
        "service_date": f"{day:%Y-%m-%d}",
        "refund_policy_disclosure": event.refund_policy.strip(),
        "uncategorized_text": "\n".join(receipt),
    }


@transaction.atomic
def keep_draft(*, dispute: Dispute, evidence: Mapping[str, str], by: User | None) -> DisputeAnswer:
    """Keeps evidence that is not sent yet; nobody but the desk sees it. Raises CannotAnswer."""
    dispute = _open(dispute)
    return _fresh(dispute, Kind.EVIDENCE, evidence, by)


@transaction.atomic
def ask(*, dispute: Dispute, kind: str, evidence: Mapping[str, str], by: User | None) -> DisputeAnswer:
    """Writes down that this is our answer: send it after the commit, with `send`.

    The same answer that waits already is that one. Raises CannotAnswer.
    """
    dispute = _open(dispute)
    if kind == Kind.ACCEPT and dispute.is_inquiry:
        raise CannotAnswer(_("The bank only asks, so there is nothing to give up. Refund the gift instead."))
    if known := dispute.answers.filter(state=State.WAITING).first():
        if (known.kind, known.evidence) == (kind, dict(evidence)):
            return known
        raise CannotAnswer(_("Another answer waits for Stripe already. Nothing was done."))
    answer = _fresh(dispute, kind, evidence, by)
    answer.state, answer.sent_at = State.WAITING, clock.now()
    answer.save(update_fields=["state", "sent_at"])
    return answer


def _open(dispute: Dispute) -> Dispute:
    """The dispute as it is under the ledger's lock. Raises CannotAnswer where Stripe takes no answer any more."""
    ledger.lock(_ledger_of(dispute))
    dispute = Dispute.objects.get(pk=dispute.pk)
    if not dispute.is_open:
        raise CannotAnswer(_("Stripe takes no answer to this dispute any more. Nothing was sent."))
    return dispute


def _fresh(dispute: Dispute, kind: str, evidence: Mapping[str, str], by: User | None) -> DisputeAnswer:
    """The draft of this dispute, with these words; the first one, too."""
    if dispute.answers.filter(state=State.WAITING).exists():
        raise CannotAnswer(_("Another answer waits for Stripe already. Nothing was done."))
    said = {"kind": kind, "evidence": dict(evidence), "by": by}
    draft, _created = DisputeAnswer.objects.update_or_create(dispute=dispute, state=State.DRAFT, defaults=said)
    return draft


def send(answer: DisputeAnswer) -> None:
    """Gives a waiting answer to Stripe and settles what it says. Safe to repeat: the same key is the same answer.

    Stripe away: it stays waiting, and the sweep sends it. Refused: it is over, with Stripe's reason.
    """
    if answer.state != State.WAITING:
        return
    book, name = _ledger_of(answer.dispute), answer.dispute_id
    still = DisputeAnswer.objects.filter(pk=answer.pk, state=State.WAITING)
    try:
        if answer.sent_at and clock.now() - answer.sent_at > KEY_LIVES:
            settle(book, gateway.look_up_dispute(name))
            answer.refresh_from_db()
            if answer.state != State.WAITING:
                return
        key = f"dispute-{answer.token}"
        if answer.kind == Kind.ACCEPT:
            facts = gateway.accept_dispute(name, idempotency_key=key)
        else:
            facts = gateway.answer_dispute(name, answer.evidence, idempotency_key=key)
        settle(book, facts)
        still.update(state=State.MADE)
    except gateway.Refused as error:
        still.update(state=State.REFUSED, error=str(error)[:300])
    except gateway.Unavailable:
        log.warning("the answer to dispute %s waits: Stripe is not available", name)
    answer.refresh_from_db()


def waiting(ledger_id: int, older_than: timedelta) -> list[DisputeAnswer]:
    """Answers that a crash or a silent Stripe left waiting."""
    rows = DisputeAnswer.objects.filter(state=State.WAITING, sent_at__lte=clock.now() - older_than)
    found = rows.select_related("dispute").order_by("pk")[:100]
    return [answer for answer in found if _ledger_of(answer.dispute) == ledger_id]


def long_open(ledger_id: int, age: timedelta) -> list[str]:
    """Disputes that began longer ago, and whose end we have not heard of."""
    before = clock.now() - age
    rows = Dispute.objects.filter(~Q(status__in=Dispute.ENDED), created_at__lt=before).order_by("created_at")[:100]
    return [dispute.pk for dispute in rows if _ledger_of(dispute) == ledger_id]
