"""Promo codes at the desk: made, switched off and on, with how often each was used."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.money import parse_amount
from desk.entrants import codes_with_uses
from desk.shell import page_of, show
from desk.undo import offered
from events.models import Event
from events.queries import current_event
from registration.codes import create_promo_code, set_active
from registration.models import PromoCode

NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class PromoCodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Letters and figures. People may type it in any case."),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the code that people type.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    percent_off = forms.IntegerField(
        label=gettext_lazy("Percent off the price (optional)"),
        required=False,
        min_value=1,
        max_value=100,
        widget=forms.TextInput(attrs=NUMBER),
    )
    amount_off = forms.CharField(
        label=gettext_lazy("Dollars off the price (optional)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    max_uses = forms.IntegerField(
        label=gettext_lazy("For so many people (optional)"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs=NUMBER),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day (optional)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_amount_off(self) -> int:
        return parse_amount(self.cleaned_data["amount_off"]) if self.cleaned_data["amount_off"] else 0

    def values(self, event: Event) -> dict[str, Any]:
        """What the service takes: the last day ends at midnight of the event's own clock."""
        data = self.cleaned_data
        day = data["last_day"]
        return {
            "code": data["code"],
            "percent_off": data["percent_off"] or 0,
            "cents_off": data["amount_off"],
            "max_uses": data["max_uses"],
            "valid_until": datetime.combine(day, time.max, event.zone) if day else None,
        }


class SwitchForm(forms.Form):
    """Nothing is switched by a form that does not say which way."""

    active = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


@transaction.atomic
def make(*, request: HttpRequest, event: Event, form: PromoCodeForm) -> PromoCode:
    """Raises ValidationError for a code that exists or takes nothing off."""
    code = create_promo_code(event=event, **form.values(event))
    record_act(request=request, verb="made a promo code", target=f"code {code.code}")
    return code


@transaction.atomic
def switch_to(*, request: HttpRequest, code: PromoCode, active: bool) -> None:
    set_active(promo_code=code, active=active)
    verb = "switched on a promo code" if active else "switched off a promo code"
    record_act(request=request, verb=verb, target=f"code {code.code}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def promo_codes(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = PromoCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            code = make(request=request, event=event, form=form)
        except ValidationError as error:
            _place(form, error)
        else:
            messages.success(request, _("The code %(code)s can be used.") % {"code": code})
            return redirect("desk_promo_codes")
    context = {"event": event, "form": form, "page_obj": page_of(request, codes_with_uses(event))}
    return show(request, "registrations", "promo_codes", context, 422 if form.errors else 200)


def _place(form: PromoCodeForm, error: ValidationError) -> None:
    """Each sentence beside the field that it is about."""
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in told.items():
        form.add_error(name if name in form.fields else None, sentences)


@require_POST
@desk_view(Role.ORGANIZER)
def switch(request: SignedInRequest, pk: int) -> HttpResponse:
    code = get_object_or_404(PromoCode, pk=pk, event=current_event())
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say whether to switch on or off. Nothing was done."))
    said = _("The code %(code)s can be used.") if form.cleaned_data["active"] else _("The code %(code)s is off.")
    with offered(request, "code", code.pk, said % {"code": code}):
        switch_to(request=request, code=code, active=form.cleaned_data["active"])
    return redirect("desk_promo_codes")
