"""The give form, and where Stripe sends the donor back to."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from donations.giving import checkout as checkouts
from donations.giving import gate, services
from donations.giving.forms import GiveForm
from donations.giving.models import Donation
from donations.giving.queries import parts_of_items, receipt_of_link
from donations.giving.receipts import back_name, legal_words, paid_by, returned_cents
from donations.payments import gateway
from donations.payments.models import Payment
from events.models import Event
from events.queries import current_event
from fundraisers.models import Fundraiser
from fundraisers.queries import Moved, public_fundraiser
from teams.models import Team
from teams.queries import public_team

Status = Payment.Status


def give(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    try:
        page = public_fundraiser(event, slug)
    except Moved as moved:
        return redirect("give", moved.slug)
    return _give(request, event, page, Donation.Kind.GIFT, _("Give to %(name)s's run") % {"name": page.first_name})


def give_team(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    team = public_team(event, slug)
    return _give(request, event, team, Donation.Kind.GIFT, _("Give to %(name)s") % {"name": team.name})


def give_event(request: HttpRequest) -> HttpResponse:
    event = current_event()
    return _give(request, event, None, Donation.Kind.GIFT, _("Give to %(event)s") % {"event": event.name})


def give_fees(request: HttpRequest) -> HttpResponse:
    """Sponsors pay the card fees, so that every gift arrives whole."""
    return _give(
        request, current_event(), None, Donation.Kind.FUNDING, _("Pay the card fees, so that gifts arrive whole")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _give(
    request: HttpRequest, event: Event, target: Fundraiser | Team | None, kind: Donation.Kind, heading: str
) -> HttpResponse:
    if request.method != "POST":
        wish = request.GET.get("amount", "")
        preset = wish if wish in map(str, event.presets_cents) else ""
        form = GiveForm(event, target, kind, initial={"preset": preset})
        return _draw(request, form, heading, 503 if gate.is_closed() else 200)
    form = GiveForm(event, target, kind, request.POST)
    if "change" in request.POST:
        return _draw(request, form, heading)
    if not form.is_valid():
        gate.note(form.suspicion)
        return _draw(request, form, heading, 422)
    return _send_on(request, form, heading)


def _send_on(request: HttpRequest, form: GiveForm, heading: str) -> HttpResponse:
    """To Stripe's page, or back to the form with a sentence."""
    comer = gate.comer_of(request, form.cleaned_data["code"])
    try:
        payment = checkouts.start_payment(order=form.order(), form_token=form.cleaned_data["form_token"], comer=comer)
        return redirect(checkouts.next_step(payment))
    except gate.Held as held:
        return _hold(request, form, heading, held)
    except gateway.Unavailable:
        form.add_error(
            None, _("We could not reach Stripe. Nothing was taken and your words are kept: please press again.")
        )
        return _draw(request, form, heading, 503)
    except gateway.Refused:
        form = form.anew()
        form.add_error(None, _("Stripe did not take this gift. Nothing was taken. Please check what you wrote."))
        return _draw(request, form, heading, 422)


def _draw(request: HttpRequest, form: GiveForm, heading: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "event": form.event, "target": form.page, "heading": heading, "kind": form.kind}
    return render(request, "give.html", {**context, "closed": status == 503 and not form.is_bound}, status=status)


def _hold(request: HttpRequest, form: GiveForm, heading: str, held: gate.Held) -> HttpResponse:
    """The gate did not let the donor in: the page that asks for the code, or the form with a sentence."""
    if not held.wants_code:
        form.add_error(None, held.sentences(form.event))
        return held.tell(_draw(request, form, heading))
    if held.reason == gate.Reason.WRONG:
        form.add_error("code", held.sentences(form.event))
    kept = [field.as_hidden() for field in form if field.name != "code"]
    context = {"form": form, "event": form.event, "email": form.cleaned_data["email"], "kept": kept}
    return render(request, "give_code.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def thanks(request: HttpRequest, token: UUID) -> HttpResponse:
    """Where Stripe sends the donor back to: asks Stripe once, settles, and shows the receipt."""
    receipt = receipt_of_link(token)
    unreachable = False
    if receipt.payment.status in (Status.NEW, Status.OPEN, Status.PROCESSING):
        try:
            services.look_up(receipt.payment)
        except (gateway.Unavailable, gateway.Refused):
            unreachable = True
        receipt = receipt_of_link(token)
    back = returned_cents(receipt)
    context = {
        "receipt": receipt,
        "back_cents": back,
        "back_name": back_name(receipt.payment),
        "legal": legal_words(receipt.first.event, receipt.items, back),
        "paid_by": paid_by(receipt.payment),
        "payment": receipt.payment,
        "received": receipt.is_received,
        "unreachable": unreachable,
        "came_back": "back" in request.GET,
        "parts": parts_of_items(receipt.items),
        "event": receipt.first.event,
    }
    response = render(request, "thanks.html", context)
    # The address is the donor's own: no other site hears of it.
    response["Referrer-Policy"] = "same-origin"
    return response
