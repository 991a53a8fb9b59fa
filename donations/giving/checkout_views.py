"""Where a registration goes on to be paid, and back from there to be changed."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from donations.giving import checkout as checkouts
from donations.giving import entries, gate
from donations.giving.forms import code_field
from donations.payments import gateway
from registration.models import Registration
from registration.queries import registration_of_link


class CodeForm(forms.Form):
    code = code_field()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest, token: UUID) -> HttpResponse:
    """Where a registration whose places are held goes on to be paid; a free one is confirmed here."""
    registration = registration_of_link(token)
    if registration.status != registration.Status.HELD:
        return redirect("registration", token)
    form = CodeForm(request.POST if request.method == "POST" else None)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        payment = entries.start(registration, gate.comer_of(request, code))
        return redirect(checkouts.next_step(payment) if payment else reverse("registration", args=[token]))
    except gate.Held as held:
        return _hold_registration(request, form, registration, held)
    except entries.NotHeld:
        return redirect("registration", token)
    except (gateway.Unavailable, gateway.Refused):
        context = {"event": registration.event, "registration": registration}
        return render(request, "registration/no_checkout.html", context, status=503)


def _hold_registration(
    request: HttpRequest, form: CodeForm, registration: Registration, held: gate.Held
) -> HttpResponse:
    context: dict[str, object] = {"event": registration.event, "registration": registration}
    if not held.wants_code:
        sentences = held.sentences(registration.event)
        return held.tell(render(request, "registration/no_checkout.html", {**context, "sentences": sentences}))
    if held.reason == gate.Reason.WRONG:
        form.add_error("code", held.sentences(registration.event))
    context |= {"form": form, "email": registration.email}
    return render(request, "give_code.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def change_registration(request: HttpRequest, token: UUID) -> HttpResponse:
    """Back from Stripe's page to the cart: its session is closed first, so that nobody pays for the old one."""
    registration = registration_of_link(token)
    if not entries.change(registration):
        messages.warning(
            request,
            _("It cannot be changed just now: it is being paid (a bank can take days), or Stripe does not answer."),
        )
    return redirect("registration", token)
