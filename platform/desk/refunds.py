"""Giving money back: what of a payment, how much of it, and why."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.money import dollars, parse_amount
from desk.forms import ReasonForm
from desk.shell import show
from donations.giving import refunds
from donations.giving.models import Donation, RefundRequest
from donations.giving.queries import target_name
from donations.payments.models import Payment


class RefundForm(ReasonForm):
    """An amount for each item of the payment; an empty one stays as it is."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, left: list[refunds.Left], data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"form_token": uuid4()})
        self.left = left
        for row in left:
            self._add(row.item.reference, row.amount_cents, target_name(row.item))
            self._add(row.item.cover_reference, row.cover_cents, _("What was added for the card fee"))
        self.order_fields([name for name in self.fields if name != "reason"])

    def _add(self, name: str, cents: int, label: str) -> None:
        if cents:
            self.fields[name] = forms.CharField(
                label=label,
                help_text=gettext_lazy("Up to %(left)s.") % {"left": dollars(cents)},
                required=False,
                max_length=20,
                initial="",
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["parts"] = {}
        for name in [name for name in self.fields if name.startswith("item:")]:
            try:
                if data.get(name):
                    data["parts"][name] = parse_amount(data[name])
            except forms.ValidationError as error:
                self.add_error(name, error)
        if not any(data["parts"].values()) and not self.errors:
            self.add_error(None, _("Enter what shall go back of at least one item."))
        return data


@transaction.atomic
def ask(*, request: HttpRequest, payment: Payment, parts: dict[str, int], reason: str, token: UUID) -> RefundRequest:
    """Writes the request down with the line of the log that says who asked, and why. Raises refunds.TooMuch."""
    by = request.user if request.user.is_authenticated else None
    asked = refunds.ask(payment=payment, parts=parts, reason=reason, by=by, token=token)
    target = f"payment {payment.pk}, {asked.amount_cents} cents"
    record_act(request=request, verb="refunded", target=target, reason=reason)
    return asked


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def refund(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Donation.objects.select_related("payment", "event"), pk=pk)
    if item.payment.is_offline:
        return redirect("desk_offline_gift", pk)
    form = RefundForm(refunds.left_of(item.payment), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask(
                request=request,
                payment=item.payment,
                parts=form.cleaned_data["parts"],
                reason=form.cleaned_data["reason"],
                token=form.cleaned_data["form_token"],
            )
        except refunds.TooMuch as error:
            form.add_error(None, str(error))
        else:
            refunds.send(asked)
            tell(request, asked)
            return redirect("desk_gift", pk)
    context = {"event": item.event, "donation": item, "form": form, "fields": _amounts(form)}
    return show(request, "gifts", "refund", context, status=422 if form.errors else 200)


def _amounts(form: RefundForm) -> list[forms.BoundField]:
    return [form[name] for name in form.fields if name.startswith("item:")]


def tell(request: HttpRequest, asked: RefundRequest) -> None:
    """Says to the person at the desk what became of a request."""
    sum_ = dollars(asked.amount_cents)
    if asked.state == RefundRequest.State.REFUSED:
        said = _("Stripe refused to give %(sum)s back: %(why)s Nothing has moved.")
        messages.error(request, said % {"sum": sum_, "why": asked.error})
    elif asked.state == RefundRequest.State.WAITING:
        said = _("Stripe does not answer. The refund of %(sum)s is kept and goes out by itself.")
        messages.warning(request, said % {"sum": sum_})
    else:
        messages.success(request, _("%(sum)s goes back. Totals and receipts have changed.") % {"sum": sum_})
