"""Disputes at the desk: what the bank says, until when it takes an answer, and the answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Case, DateTimeField, F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common import clock
from desk.shell import MONEY, page_of, show
from donations.giving import disputes
from donations.giving.models import DisputeAnswer, Donation
from donations.giving.queries import target_name
from donations.payments.models import BalanceTransaction, Charge, Dispute
from events.queries import current_event

Kind, State = DisputeAnswer.Kind, DisputeAnswer.State
# Stripe's words for why and how it stands, in ours.
REASONS = {
    "fraudulent": gettext_lazy("The cardholder says they did not make this payment."),
    "unrecognized": gettext_lazy("The cardholder does not recognize this payment on the statement."),
    "duplicate": gettext_lazy("The cardholder says they paid twice for the same."),
    "product_not_received": gettext_lazy("The cardholder says they got nothing for it."),
    "product_unacceptable": gettext_lazy("The cardholder says it was not as described."),
    "subscription_canceled": gettext_lazy("The cardholder says they had ended a repeated payment."),
    "credit_not_processed": gettext_lazy("The cardholder says a refund was promised and has not come."),
    "debit_not_authorized": gettext_lazy("The account's owner says they did not permit this debit."),
    "insufficient_funds": gettext_lazy("There was not enough money in the account."),
    "incorrect_account_details": gettext_lazy("The account's number was not right."),
    "bank_cannot_process": gettext_lazy("The bank could not carry the debit out."),
}
UNNAMED = gettext_lazy("The bank gives no reason that has a name.")
STATUSES = {
    "needs_response": gettext_lazy("Waits for our answer"),
    "under_review": gettext_lazy("The bank reads our answer"),
    "won": gettext_lazy("Won: the money came back"),
    "lost": gettext_lazy("Lost"),
    "warning_needs_response": gettext_lazy("The bank asks; no money has moved"),
    "warning_under_review": gettext_lazy("The bank reads our answer; no money has moved"),
    "warning_closed": gettext_lazy("The bank asks no more; no money has moved"),
    "prevented": gettext_lazy("Ended before it began"),
}


class EvidenceForm(forms.Form):
    """What the bank is told, by Stripe's own names. Whatever is empty is not sent."""

    product_description = forms.CharField(label=gettext_lazy("What was paid for"))
    customer_name = forms.CharField(label=gettext_lazy("Name of the donor"), max_length=200)
    customer_email_address = forms.EmailField(label=gettext_lazy("E-mail of the donor"), max_length=254)
    service_date = forms.CharField(label=gettext_lazy("Day of the gift"), max_length=40)
    refund_policy_disclosure = forms.CharField(label=gettext_lazy("What we say about refunds"))
    refund_refusal_explanation = forms.CharField(label=gettext_lazy("Why it was not refunded"))
    uncategorized_text = forms.CharField(
        label=gettext_lazy("Receipt, and whatever else speaks for the gift"),
        help_text=gettext_lazy("A message the donor left, a thank-you they answered: what shows that it was meant."),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name, field in self.fields.items():
            field.required = False
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = 20_000
                field.widget = forms.Textarea(attrs={"rows": 8 if name == "uncategorized_text" else 5})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            self.add_error(None, _("Write at least one thing that speaks for the gift."))
        return data

    def evidence(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class AcceptForm(forms.Form):
    """Nothing is given up by a form that does not say so."""

    sure = forms.BooleanField(widget=forms.HiddenInput, initial=True)


def listed() -> QuerySet[Dispute]:
    """Those that wait for an answer by their deadline, then the others, newest first."""
    waits = When(status__in=Dispute.OPEN, then=F("due_at"))
    deadline = Case(waits, default=Value(None), output_field=DateTimeField())
    place = Case(When(status__in=Dispute.OPEN, then=Value(0)), default=Value(1))
    return Dispute.objects.alias(place=place, deadline=deadline).order_by(
        "place", F("deadline").asc(nulls_last=True), "-created_at", "pk"
    )


@require_safe
@desk_view(*MONEY)
def all_disputes(request: SignedInRequest) -> HttpResponse:
    found = page_of(request, listed())
    charges = Charge.objects.filter(pk__in=[dispute.charge_id for dispute in found]).select_related("payment")
    payments = {charge.pk: charge.payment for charge in charges}
    rows = [
        (dispute, payments.get(dispute.charge_id), STATUSES.get(dispute.status, dispute.status)) for dispute in found
    ]
    context = {"event": current_event(), "page_obj": found, "rows": rows, "now": clock.now()}
    return show(request, "disputes", "disputes", context)


@require_safe
@desk_view(*MONEY)
def dispute(request: SignedInRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(Dispute, pk=pk)
    draft = found.answers.filter(state__in=[State.DRAFT, State.REFUSED], kind=Kind.EVIDENCE).first()
    words = draft.evidence if draft else disputes.suggested(found, _items(found))
    return _show(request, found, EvidenceForm(initial=words))


def _items(found: Dispute) -> list[Donation]:
    payment = disputes.payment_of(found)
    if payment is None:
        return []
    items = payment.donations.order_by("pk").select_related("event", "payment", "fundraiser", "team")
    return list(items.select_related("participant__option"))


def _show(request: SignedInRequest, found: Dispute, form: EvidenceForm, status: int = 200) -> HttpResponse:
    items = _items(found)
    fees = BalanceTransaction.objects.in_bulk(list(found.moves))
    context: dict[str, Any] = {
        "event": items[0].event if items else current_event(),
        "dispute": found,
        "payment": items[0].payment if items else None,
        "items": [(item, target_name(item)) for item in items],
        "reason": REASONS.get(found.reason, UNNAMED),
        "status": STATUSES.get(found.status, found.status),
        "moves": [(number, cents, fees.get(number)) for number, cents in found.moves.items()],
        "answers": found.answers.exclude(state=State.DRAFT).select_related("by"),
        "waits": found.answers.filter(state=State.WAITING).exists(),
        "form": form,
        "now": clock.now(),
    }
    return show(request, "disputes", "dispute", context, status)


@require_POST
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def answer(request: SignedInRequest, pk: str) -> HttpResponse:
    """Keeps evidence as a draft, or sends it to the bank: which of the two, the pressed button says."""
    found, form = get_object_or_404(Dispute, pk=pk), EvidenceForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, 422)
    sends = "send" in request.POST
    try:
        written = _write(request, found, Kind.EVIDENCE, form.evidence(), sends=sends)
    except disputes.CannotAnswer as refusal:
        messages.error(request, str(refusal))
    else:
        if sends:
            disputes.send(written)
            _tell(request, written)
        else:
            messages.success(request, _("The draft is kept. Nothing was sent."))
    return redirect("desk_dispute", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def accept(request: SignedInRequest, pk: str) -> HttpResponse:
    """Gives a chargeback up, after one more question."""
    found = get_object_or_404(Dispute, pk=pk)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"event": current_event(), "dispute": found, "form": form}
        return show(request, "disputes", "dispute_accept", context, 422 if form.errors else 200)
    try:
        written = _write(request, found, Kind.ACCEPT, {}, sends=True)
    except disputes.CannotAnswer as refusal:
        messages.error(request, str(refusal))
    else:
        disputes.send(written)
        _tell(request, written)
    return redirect("desk_dispute", pk)


@transaction.atomic
def _write(
    request: SignedInRequest, found: Dispute, kind: str, evidence: dict[str, str], *, sends: bool
) -> DisputeAnswer:
    """The answer, with the line of the log that says who gave it. Raises disputes.CannotAnswer."""
    if not sends:
        _log(request, found, "drafted an answer to a dispute")
        return disputes.keep_draft(dispute=found, evidence=evidence, by=request.user)
    waited = found.answers.filter(state=State.WAITING).exists()
    written = disputes.ask(dispute=found, kind=kind, evidence=evidence, by=request.user)
    if not waited:
        _log(request, found, "accepted a dispute" if kind == Kind.ACCEPT else "answered a dispute")
    return written


def _log(request: HttpRequest, found: Dispute, verb: str) -> None:
    record_act(request=request, verb=verb, target=f"{found.pk}, {found.amount_cents} cents")


def _tell(request: HttpRequest, written: DisputeAnswer) -> None:
    """Says to the person at the desk what became of the answer."""
    if written.state == State.REFUSED:
        messages.error(request, _("Stripe refused: %(why)s Nothing was sent.") % {"why": written.error})
    elif written.state == State.WAITING:
        messages.warning(request, _("Stripe does not answer. What you wrote is kept and goes out by itself."))
    elif written.kind == Kind.ACCEPT:
        messages.success(request, _("The dispute is given up. The money stays with the cardholder."))
    else:
        messages.success(request, _("The evidence is sent. The bank decides, which may take two or three months."))
