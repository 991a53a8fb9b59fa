"""Gifts by cash, check and bank transfer: entered, come, taken to the bank, or gone back."""

from collections.abc import Callable
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
from desk.forms import ReasonForm
from desk.shell import MONEY, page_of, show
from donations.giving import offline
from donations.giving.models import Donation
from donations.giving.offline_forms import ArrivalForm, OfflineForm
from donations.giving.offline_queries import Stage, at_stage, offline_gifts, stage_of, sums_by_stage
from donations.giving.queries import target_name
from donations.payments.models import Charge, Payment, Refund
from events.models import Event
from events.queries import current_event

WAYS_BACK = {
    "bounced": gettext_lazy("The bank sent it back (it bounced)"),
    "never_banked": gettext_lazy("It was no good, and never went to the bank"),
    "handed_back": gettext_lazy("We handed it back to the donor"),
    "paid_back": gettext_lazy("We paid it back from the bank account"),
    "mistake": gettext_lazy("It was entered by mistake, or wrongly"),
}


class StageForm(forms.Form):
    state = forms.ChoiceField(choices=Stage.choices, required=False)

    def chosen(self) -> str:
        return str(self.cleaned_data["state"]) if self.is_valid() else ""


class BackForm(ReasonForm):
    """How a gift went back, and how much of it. Only what fits where the gift is can be chosen."""

    field_order = ("what", "amount", "reason")
    what = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happened to the gift.")},
    )
    amount = forms.CharField(
        label=gettext_lazy("How much of it"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter how much of it went back.")},
    )
    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, item: Donation, data: QueryDict | None = None) -> None:
        left = dollars(item.amount_cents - item.returned_cents)
        super().__init__(data, initial={"form_token": uuid4(), "amount": left})
        held = vars(item)["open_cents"] > 0
        fitting = {name for name, act in offline.ACTS.items() if act.from_bank or held}
        if item.payment.method == Payment.Method.CASH:
            fitting -= {"bounced", "never_banked"}
        ways = [(name, label) for name, label in WAYS_BACK.items() if name in fitting]
        self.fields["what"].choices = ways  # type: ignore[attr-defined]

    def clean_amount(self) -> int:
        return parse_amount(self.cleaned_data["amount"])


@require_safe
@desk_view(*MONEY)
def gifts(request: SignedInRequest) -> HttpResponse:
    event, stage = current_event(), StageForm(request.GET).chosen()
    found = page_of(request, at_stage(event, stage))
    rows = [(item, stage_of(item), target_name(item)) for item in found]
    context = {"event": event, "page_obj": found, "rows": rows, "stage": stage, "sums": sums_by_stage(event)}
    return show(request, "offline", "offline", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def new(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = OfflineForm(event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            item = _enter(request, event, form)
        except offline.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Gift %(number)s is entered.") % {"number": item.pk})
            return redirect("desk_offline_gift", item.pk)
    return show(request, "offline", "offline_new", {"event": event, "form": form}, 422 if form.errors else 200)


@transaction.atomic
def _enter(request: HttpRequest, event: Event, form: OfflineForm) -> Donation:
    token, gift = form.cleaned_data["form_token"], form.entered()
    pressed_before = Payment.objects.filter(form_token=token).exists()
    [item] = offline.enter(event=event, gifts={token: gift})
    if not pressed_before:
        verb = "entered a gift" if gift.received_at else "entered a pledge"
        record_act(request=request, verb=verb, target=_target(item))
    return item


def _target(item: Donation) -> str:
    return f"gift {item.pk}, {item.amount_cents} cents, {item.payment.method} {item.payment.detail}".strip()[:200]


def _gift_or_404(pk: int) -> Donation:
    return get_object_or_404(offline_gifts(current_event()), pk=pk)


@require_safe
@desk_view(*MONEY)
def gift(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _gift_or_404(pk)
    return _show_gift(request, item, BackForm(item), ArrivalForm(item.event, initial=_came_as(item)))


def _came_as(item: Donation) -> dict[str, str]:
    return {"method": item.payment.method, "detail": item.payment.detail}


def _show_gift(
    request: SignedInRequest, item: Donation, back: BackForm, arrival: ArrivalForm, status: int = 200
) -> HttpResponse:
    charges = Charge.objects.filter(payment=item.payment)
    refunds = Refund.objects.filter(charge_id__in=charges.values("pk")).order_by("created_at", "pk")
    context: dict[str, Any] = {
        "event": item.event,
        "donation": item,
        "payment": item.payment,
        "target_name": target_name(item),
        "stage": stage_of(item),
        "back": back,
        "arrival": arrival,
        # What the errors above the page are of.
        "form": back if back.errors else arrival,
        "refunds": [(refund, UUID(refund.pk.removeprefix("back:"))) for refund in refunds],
    }
    return show(request, "offline", "offline_gift", context, status)


@require_POST
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def came(request: SignedInRequest, pk: int) -> HttpResponse:
    """A pledge is here."""
    item = _gift_or_404(pk)
    form = ArrivalForm(item.event, request.POST)
    if not form.is_valid():
        return _show_gift(request, item, BackForm(item), form, 422)
    data = form.cleaned_data

    def act() -> bool:
        said = {"method": data["method"], "detail": data["detail"], "received_at": form.received_at()}
        return offline.receive(item=item, **said)

    return _do(request, item, act, "took in a pledge", _("It has come, and counts from now on."))


@require_POST
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def dropped(request: SignedInRequest, pk: int) -> HttpResponse:
    """A pledge will not come."""
    item = _gift_or_404(pk)
    return _do(request, item, lambda: offline.drop(item=item), "gave up a pledge", _("The pledge is given up."))


@require_POST
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def went_back(request: SignedInRequest, pk: int) -> HttpResponse:
    item = _gift_or_404(pk)
    form = BackForm(item, request.POST)
    if not form.is_valid():
        return _show_gift(request, item, form, ArrivalForm(item.event, initial=_came_as(item)), 422)
    data = form.cleaned_data
    token: UUID = data["form_token"]

    def act() -> bool:
        return offline.take_back(item=item, act=offline.ACTS[data["what"]], cents=data["amount"], token=token)

    verb = f"took back {data['amount']} cents: {data['what']}"
    return _do(request, item, act, verb, _("It is taken back. Totals and receipt have changed."), data["reason"])


@require_POST
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def good_after_all(request: SignedInRequest, pk: int, refund: UUID) -> HttpResponse:
    """Takes the word back that a gift went back."""
    item = _gift_or_404(pk)
    charges = Charge.objects.filter(payment=item.payment)
    row = get_object_or_404(Refund, pk=f"back:{refund}", charge_id__in=charges.values("pk"))
    said = _("The gift counts again. Totals and receipt have changed.")
    return _do(request, item, lambda: offline.take_back_undone(item=item, refund=row), "took a return back", said)


def _do(
    request: SignedInRequest, item: Donation, act: Callable[[], bool], verb: str, said: str, reason: str = ""
) -> HttpResponse:
    """Does it together with its line in the log, or says why it cannot be done."""
    try:
        with transaction.atomic():
            if act():
                record_act(request=request, verb=verb, target=_target(item), reason=reason)
    except offline.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("desk_offline_gift", item.pk)
