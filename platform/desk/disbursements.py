"""Paying the organizations at the desk: how each is paid, what is proposed, approved, sent and came back."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.money import dollars, parse_amount
from common.text import one_line
from desk.shell import MONEY, page_of, show
from donations.disbursements import services
from donations.disbursements.models import Batch, Disbursement, Method, Payee
from donations.disbursements.queries import Purse, batches, proposal, purse_of, questioned
from donations.ledger.services import ledger_of
from donations.payments import gateway
from events.models import Beneficiary, Event
from events.queries import current_event

AWAY = gettext_lazy("Stripe does not answer. The payment is kept as being sent: press again, or it goes out by itself.")


class ProposeForm(forms.Form):
    """An amount for each organization; what is proposed fills it in."""

    note = forms.CharField(label=gettext_lazy("Note (optional)"), required=False, max_length=200, validators=[one_line])
    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, purse: Purse, data: QueryDict | None = None) -> None:
        wanted = proposal(purse)
        initial = {f"lane{number}": dollars(cents) for number, cents in wanted.items()}
        super().__init__(data, initial={"form_token": uuid4(), **initial})
        for lane in purse.lanes:
            self.fields[f"lane{lane.beneficiary.pk}"] = forms.CharField(
                label=lane.beneficiary.name,
                help_text=_("Up to %(free)s.") % {"free": dollars(lane.free_cents)},
                required=False,
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        self.order_fields([name for name in self.fields if name != "note"])

    @property
    def lanes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("lane")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["amounts"] = {}
        for name in [name for name in self.fields if name.startswith("lane")]:
            try:
                data["amounts"][int(name.removeprefix("lane"))] = parse_amount(data[name]) if data.get(name) else 0
            except forms.ValidationError as error:
                self.add_error(name, error)
        return data


class PayeeForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no parameter
    class Meta:
        model = Payee
        fields = ("method", "account")
        labels = {"method": gettext_lazy("How it is paid"), "account": gettext_lazy("Account")}
        help_texts = {
            "account": gettext_lazy(
                "For a check the address; for ACH the bank and the last four digits, never the whole number;"
                " for a Stripe transfer the account's id (acct_...)."
            )
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("method") == Method.TRANSFER and not str(data.get("account", "")).startswith("acct_"):
            self.add_error("account", _("Enter the id of the organization's Stripe account, like acct_1AbC."))
        return data


class SentForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("Number of the check, or trace of the ACH"),
        max_length=120,
        validators=[one_line],
        error_messages={
            "required": gettext_lazy("Enter the check's number or the ACH trace: it is how the bank's line is found.")
        },
    )


def _log(request: HttpRequest, verb: str, target: str, reason: str = "") -> None:
    record_act(request=request, verb=verb, target=target[:200], reason=reason)


@require_safe
@desk_view(*MONEY)
def disbursements(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    purse = purse_of(event, ledger_of(event))
    payees = {payee.beneficiary_id: payee for payee in Payee.objects.filter(beneficiary__event=event)}
    lanes = [(lane, payees.get(lane.beneficiary.pk)) for lane in purse.lanes]
    context = {
        "event": event,
        "purse": purse,
        "lanes": lanes,
        "questioned": questioned().select_related("beneficiary").prefetch_related("receipts__by")[:20],
        "page_obj": page_of(request, batches(event), 20),
    }
    return show(request, "disbursements", "disbursements", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def propose(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    purse = purse_of(event, ledger_of(event))
    form = ProposeForm(purse, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _propose(request, event, form.cleaned_data)
        except services.NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Proposed. Another person approves it now."))
            return redirect("desk_batch", batch.pk)
    context = {"event": event, "purse": purse, "form": form}
    return show(request, "disbursements", "propose", context, 422 if form.errors else 200)


@transaction.atomic
def _propose(request: SignedInRequest, event: Event, data: dict[str, Any]) -> Batch:
    token: UUID = data["form_token"]
    batch = services.propose(
        event=event, amounts=data["amounts"], by=request.user, token=token, note=data.get("note", "")
    )
    total = sum(payment.amount_cents for payment in batch.disbursements.all())
    _log(request, "proposed a batch", f"batch {batch.pk}, {total} cents", batch.note)
    return batch


@require_safe
@desk_view(*MONEY)
def batch(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(batches(current_event()), pk=pk)
    payments = found.disbursements.select_related("beneficiary").prefetch_related("receipts__by", "files")
    context = {
        "event": found.event,
        "batch": found,
        "payments": payments,
        "total_cents": sum(payment.amount_cents for payment in payments),
        "is_proposer": found.proposed_by_id == request.user.pk,
        "form": SentForm(),
    }
    return show(request, "disbursements", "batch", context)


@require_POST
@desk_view(Role.APPROVER, fresh_mfa=True)
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Batch, pk=pk, event=current_event())
    try:
        with transaction.atomic():
            services.approve(batch=found, by=request.user)
            _log(request, "approved a batch", f"batch {found.pk}")
    except services.NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. The treasurer can send it now."))
    return redirect("desk_batch", pk)


@require_POST
@desk_view(Role.TREASURER, Role.APPROVER, fresh_mfa=True)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Batch, pk=pk, event=current_event())
    try:
        with transaction.atomic():
            services.withdraw(batch=found, by=request.user)
            _log(request, "withdrew a batch", f"batch {found.pk}")
    except services.NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn. Nothing of it was paid."))
    return redirect("desk_batch", pk)


def _payment(pk: int) -> Disbursement:
    payments = Disbursement.objects.select_related("batch__event", "beneficiary__event")
    return get_object_or_404(payments, pk=pk, batch__event=current_event())


@require_POST
@desk_view(Role.TREASURER, fresh_mfa=True)
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    """A check or an ACH is out, or Stripe shall send its transfer."""
    payment, form = _payment(pk), SentForm(request.POST)
    is_transfer = payment.method == Method.TRANSFER
    if not is_transfer and not form.is_valid():
        messages.error(request, str(form.errors["evidence"][0]))
        return redirect("desk_batch", payment.batch_id)
    try:
        if is_transfer:
            _log(request, "sent a transfer", f"payment {payment.pk}, {payment.amount_cents} cents")
            services.send_transfer(payment=payment, by=request.user)
        else:
            with transaction.atomic():
                services.mark_sent(payment=payment, by=request.user, evidence=form.cleaned_data["evidence"])
                _log(request, "marked a payment as sent", f"payment {payment.pk}, {form.cleaned_data['evidence']}")
    except services.NotNow as error:
        messages.error(request, str(error))
    except gateway.Refused as error:
        messages.error(request, _("Stripe refused: %(why)s Nothing was paid.") % {"why": error})
    except gateway.Unavailable:
        messages.warning(request, AWAY)
    else:
        said = _("%(sum)s is on its way to %(name)s. They are asked to confirm it.")
        messages.success(request, said % {"sum": dollars(payment.amount_cents), "name": payment.beneficiary.name})
    return redirect("desk_batch", payment.batch_id)


@require_POST
@desk_view(Role.TREASURER, fresh_mfa=True)
def came_back(request: SignedInRequest, pk: int) -> HttpResponse:
    payment = _payment(pk)
    try:
        with transaction.atomic():
            services.mark_returned(payment=payment)
            _log(request, "marked a payment as returned", f"payment {payment.pk}, {payment.amount_cents} cents")
    except services.NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It came back, and the organization is owed it again."))
    return redirect("desk_batch", payment.batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def payee(request: SignedInRequest, pk: int) -> HttpResponse:
    beneficiary = get_object_or_404(Beneficiary.objects.select_related("event"), pk=pk, event=current_event())
    known = Payee.objects.filter(beneficiary=beneficiary).first()
    # Said before the form writes what was sent onto the row.
    before = f"{known.method} {known.account}" if known else "-"
    form = PayeeForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            services.set_payee(
                beneficiary=beneficiary,
                method=form.cleaned_data["method"],
                account=form.cleaned_data["account"],
                by=request.user,
            )
            after = f"{form.cleaned_data['method']} {form.cleaned_data['account']}"
            _log(request, "changed a payee", f"{beneficiary.slug}: {before} -> {after}")
        messages.success(request, _("Kept. Money can go there from three days after a change on."))
        return redirect("desk_disbursements")
    context = {"event": beneficiary.event, "beneficiary": beneficiary, "form": form, "payee": known}
    return show(request, "disbursements", "payee", context, 422 if form.errors else 200)
