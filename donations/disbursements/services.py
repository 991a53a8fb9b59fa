"""Paying the organizations: one proposes, another approves, it is sent, and who received it says so.

Every step that promises or moves money takes the ledger's lock first and reads the purse under it, so that two
treasurers at once cannot promise the same cent.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.money import dollars
from common.split import deal
from common.text import SENT_BEFORE
from donations.disbursements import emails
from donations.disbursements.models import Allocation, Batch, Disbursement, HoldBack, Method, Payee, Receipt
from donations.disbursements.queries import Purse, purse_of
from donations.ledger import services as ledger
from donations.ledger.entries import Chart, draft
from donations.ledger.models import Kind, Role
from donations.payments import gateway
from events.models import Beneficiary, Event
from events.services import public_edit
from outreach.services import queue

# How long a changed account waits before money goes there: time for the organization to say that it was not them.
COOLING = timedelta(hours=72)
State = Disbursement.State


class NotNow(Exception):
    """The step cannot be taken; the message is a sentence for the person who asked. Nothing was done."""


@transaction.atomic
def propose(*, event: Event, amounts: Mapping[int, int], by: User, token: UUID, note: str = "") -> Batch:
    """A batch of payments, beneficiary's number to cents, for another person to approve. The same token is one batch.

    Raises NotNow: more than an organization is owed and free, more than there is to pay from, not pro rata while
    there is less than is owed, or a payee that is unknown or still cooling.
    """
    book = ledger.ledger_of(event)
    ledger.lock(book.pk)
    if known := Batch.objects.filter(token=token).first():
        said = dict(known.disbursements.values_list("beneficiary_id", "amount_cents"))
        if said != {number: cents for number, cents in amounts.items() if cents} or known.note != note:
            raise NotNow(str(SENT_BEFORE))
        return known
    payees = {payee.beneficiary_id: payee for payee in Payee.objects.filter(beneficiary__in=amounts)}
    wanted = {number: cents for number, cents in amounts.items() if cents}
    if not wanted:
        raise NotNow(_("Enter what shall be paid to at least one organization."))
    purse = purse_of(event, book)
    _check_amounts(purse, wanted, payees)
    batch = Batch.objects.create(ledger=book, event=event, token=token, note=note, proposed_by=by)
    Disbursement.objects.bulk_create(
        Disbursement(
            batch=batch,
            beneficiary_id=number,
            amount_cents=cents,
            method=payees[number].method,
            account=payees[number].account,
        )
        for number, cents in sorted(wanted.items())
    )
    return batch


def _check_amounts(purse: Purse, wanted: Mapping[int, int], payees: Mapping[int, Payee]) -> None:
    lanes = {lane.beneficiary.pk: lane for lane in purse.lanes}
    from_stripe = from_bank = 0
    for number, cents in wanted.items():
        if number not in payees or number not in lanes:
            raise NotNow(_("Say first how this organization is paid."))
        name, free = lanes[number].beneficiary.name, lanes[number].free_cents
        _check_cooled(payees[number])
        if not 0 < cents <= free:
            raise NotNow(_("%(name)s can be paid %(free)s now.") % {"name": name, "free": dollars(free)})
        if payees[number].method == Method.TRANSFER:
            from_stripe += cents
        else:
            from_bank += cents
    if from_bank > max(purse.bank_cents, 0):
        raise NotNow(_("The bank has %(there)s to pay from now.") % {"there": dollars(max(purse.bank_cents, 0))})
    if from_stripe > max(purse.stripe_cents, 0):
        raise NotNow(_("Stripe has %(there)s to pay from now.") % {"there": dollars(max(purse.stripe_cents, 0))})
    if purse.is_short:
        _check_pro_rata({number: lane.free_cents for number, lane in lanes.items()}, wanted)


def _check_pro_rata(free: Mapping[int, int], wanted: Mapping[int, int]) -> None:
    """While there is less than is owed, nobody is paid before the others: each gets its share of the batch."""
    shares = deal(sum(wanted.values()), list(free.values()), 0)
    for number, share in zip(free, shares, strict=True):
        if abs(wanted.get(number, 0) - share) > 1:
            raise NotNow(
                _("There is less than is owed, so each organization is paid the same part of what it is owed.")
            )


def _check_cooled(payee: Payee) -> None:
    if clock.now() < payee.changed_at + COOLING:
        said = _("The account of %(name)s was changed; money can go there from %(when)s on.")
        when = (payee.changed_at + COOLING).astimezone(payee.beneficiary.event.zone)
        raise NotNow(said % {"name": payee.beneficiary.name, "when": f"{when:%B %-d, %H:%M}"})


@transaction.atomic
def approve(*, batch: Batch, by: User) -> None:
    """Another person's yes. Raises NotNow for the proposer, for what was decided, and when the purse has changed."""
    ledger.lock(batch.ledger_id)
    batch.refresh_from_db()
    if batch.state != Batch.State.PROPOSED:
        raise NotNow(_("This batch was decided already."))
    if is_proposer(batch, by):
        raise NotNow(_("Whoever proposed a batch cannot approve it: ask somebody else."))
    payments = list(batch.disbursements.select_related("beneficiary__payee"))
    purse = purse_of(batch.event, batch.ledger)
    for payment in payments:
        _check_still_there(purse, payment)
        _check_same_account(payment)
    if purse.is_short:
        mine = {payment.beneficiary_id: payment.amount_cents for payment in payments}
        free = {lane.beneficiary.pk: lane.free_cents + mine.get(lane.beneficiary.pk, 0) for lane in purse.lanes}
        _check_pro_rata(free, mine)
    decide(batch, Batch.State.APPROVED, by)


def _check_still_there(purse: Purse, payment: Disbursement) -> None:
    """Asked before each step that promises or moves: gifts may have gone back meanwhile."""
    lane = next(lane for lane in purse.lanes if lane.beneficiary.pk == payment.beneficiary_id)
    # Promises, this one among them, are off these already.
    left = purse.stripe_cents if payment.method == Method.TRANSFER else purse.bank_cents
    if left < 0 or lane.owed_cents < lane.promised_cents:
        raise NotNow(_("There is less than when this was proposed. Withdraw it and propose it anew."))


def _check_same_account(payment: Disbursement) -> None:
    payee = payment.beneficiary.payee
    if (payee.method, payee.account) != (payment.method, payment.account):
        said = _("The account of %(name)s has changed since. Withdraw the batch and propose it anew.")
        raise NotNow(said % {"name": payment.beneficiary.name})
    _check_cooled(payee)


@transaction.atomic
def withdraw(*, batch: Batch, by: User) -> None:
    """Takes a batch back while nothing of it was sent. Raises NotNow."""
    ledger.lock(batch.ledger_id)
    batch.refresh_from_db()
    if batch.state == Batch.State.WITHDRAWN or batch.disbursements.exclude(state=State.WAITING).exists():
        raise NotNow(_("Something of this batch was sent already, or it was withdrawn before."))
    batch.disbursements.update(state=State.WITHDRAWN)
    decide(batch, Batch.State.WITHDRAWN, by)


def is_proposer(proposal: Batch | Allocation, by: User) -> bool:
    """Whether this is who proposed it, under whatever account of the same address: approving takes somebody else."""
    return by.pk == proposal.proposed_by_id or by.email.lower() == proposal.proposed_by.email.lower()


def decide(proposal: Batch | Allocation, state: str, by: User) -> None:
    """Writes down who decided what, and when; the caller holds the ledger's lock and has asked whether it may be."""
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, clock.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])


@transaction.atomic
def mark_sent(*, payment: Disbursement, by: User, evidence: str) -> None:
    """A check was written or an ACH sent: it is in the books from now on, and under way until the bank says so.

    `evidence` is the check's number or the ACH trace. Raises NotNow when it is not approved, or was sent before.
    """
    ledger.lock(payment.batch.ledger_id)
    payment.refresh_from_db()
    if payment.method == Method.TRANSFER:
        raise NotNow(_("Stripe sends this one."))
    _check_sendable(payment, State.WAITING)
    _check_same_account(payment)
    _check_still_there(purse_of(payment.batch.event, payment.batch.ledger), payment)
    _book_sent(payment, by, evidence)


def _check_sendable(payment: Disbursement, state: str) -> None:
    payment.batch.refresh_from_db()
    if payment.batch.state != Batch.State.APPROVED or payment.state != state:
        raise NotNow(_("This payment is not approved, or it was sent already."))


def _book_sent(payment: Disbursement, by: User | None, evidence: str) -> None:
    now = clock.now()
    sent = {"state": State.SENT, "sent_by": by or payment.sent_by, "sent_at": now, "evidence": evidence}
    Disbursement.objects.filter(pk=payment.pk).update(**sent)
    _post(payment, payment.key, 1)
    payment.refresh_from_db()
    queue(emails.sent(payment))
    public_edit(payment.batch.event_id)


def _post(payment: Disbursement, reference: str, sign: int) -> None:
    chart: Chart = ledger.chart_of(payment.batch.ledger_id)
    role = Role.CLEARING if payment.method == Method.TRANSFER else Role.IN_TRANSIT
    cents = sign * payment.amount_cents
    legs = [chart.payable(payment.beneficiary_id, cents), chart.leg(role, -cents, payment.key)]
    ledger.post(payment.batch.ledger_id, [draft(Kind.DISBURSEMENT, reference, clock.now(), legs)])


def send_transfer(*, payment: Disbursement, by: User) -> None:
    """Has Stripe move the money to the organization's own account there. Safe to press again.

    The row says "being sent" before Stripe is asked, and Stripe is asked with the row's key: after a crash the sweep
    looks for what was made, and asks again. Raises NotNow, and gateway.Refused when Stripe will not (the payment waits
    again then).
    """
    with transaction.atomic():
        ledger.lock(payment.batch.ledger_id)
        payment.refresh_from_db()
        if payment.state == State.WAITING:
            _check_sendable(payment, State.WAITING)
            _check_same_account(payment)
            _check_still_there(purse_of(payment.batch.event, payment.batch.ledger), payment)
            payment.state, payment.sent_by = State.SENDING, by
            payment.save(update_fields=["state", "sent_by"])
        _check_sendable(payment, State.SENDING)
    ask_stripe(payment)


def ask_stripe(payment: Disbursement) -> None:
    """Sends a transfer that is being sent, once: what was made before is looked for, since Stripe forgets a key after
    a day. Raises Unavailable: it stays so, for the sweep.
    """
    try:
        transfer = gateway.find_transfer(payment.token) or gateway.create_transfer(
            payment.amount_cents,
            destination=payment.account,
            disbursement=payment.token,
            idempotency_key=f"disbursement-{payment.token}",
        )
    except gateway.Refused:
        Disbursement.objects.filter(pk=payment.pk, state=State.SENDING).update(state=State.WAITING)
        raise
    with transaction.atomic():
        ledger.lock(payment.batch.ledger_id)
        payment.refresh_from_db()
        if payment.state == State.SENDING:
            _book_sent(payment, None, transfer)


@transaction.atomic
def mark_returned(*, payment: Disbursement) -> None:
    """A check was voided or an ACH came back: the organization is owed it again.

    Raises NotNow when it is not out, or the organization says that it has it.
    """
    ledger.lock(payment.batch.ledger_id)
    payment.refresh_from_db()
    if payment.state != State.SENT:
        raise NotNow(_("This payment is not out, so it cannot come back."))
    word = payment.receipts.first()
    if word and word.kind == Receipt.Kind.CONFIRMED:
        raise NotNow(_("The organization says that it received this. Ask them first: their last word counts."))
    Disbursement.objects.filter(pk=payment.pk).update(state=State.RETURNED, returned_at=clock.now())
    _post(payment, f"{payment.key}/returned", -1)
    queue(emails.came_back(payment))
    public_edit(payment.batch.event_id)


@transaction.atomic
def tell_receipt(
    *, payment: Disbursement, by: User, kind: str, received_cents: int, received_on: date | None, note: str = ""
) -> Receipt:
    """The organization's own word: received so much on a day, or not as it says. Its last word counts.

    The same word again is the one that stands. Who pays hears of it when something is not as it was sent. Raises
    NotNow for a payment that is not out.
    """
    ledger.lock(payment.batch.ledger_id)
    payment.refresh_from_db()
    if payment.state != State.SENT:
        raise NotNow(_("This payment is not out, so there is nothing to confirm yet."))
    said = {"kind": kind, "received_cents": received_cents, "received_on": received_on, "note": note}
    last = payment.receipts.first()
    if last and all(getattr(last, name) == value for name, value in said.items()):
        return last
    public_edit(payment.batch.event_id)
    receipt = Receipt.objects.create(disbursement=payment, by=by, **said)
    if kind == Receipt.Kind.DISPUTED or received_cents != payment.amount_cents:
        queue(emails.questioned(receipt))
    return receipt


@transaction.atomic
def set_payee(*, beneficiary: Beneficiary, method: str, account: str, by: User) -> Payee:
    """Where an organization is paid from now on. A change cools for 72 hours before money goes there: the
    organization's people and the approvers are told, so that somebody can say that it was not them.
    """
    ledger.lock(ledger.ledger_of(beneficiary.event).pk)
    payee = Payee.objects.filter(beneficiary=beneficiary).first() or Payee(beneficiary=beneficiary)
    if (payee.method, payee.account) != (method, account) or payee.pk is None:
        payee.method, payee.account, payee.changed_by, payee.changed_at = method, account, by, clock.now()
        payee.save()
        queue(emails.payee_changed(payee))
    return payee


@transaction.atomic
def hold_back(*, event: Event, percent: int, days: int, by: User) -> HoldBack:
    """Keeps `percent` of what came in for late disputes, to the end of the event's day in so many days. The newest one
    holds, and one of nothing ends it.
    """
    public_edit(event.pk)
    day = clock.now().astimezone(event.zone).date() + timedelta(days=days)
    until = datetime.combine(day, time(23, 59, 59), event.zone)
    return HoldBack.objects.create(event=event, percent=percent, until=until, by=by)
