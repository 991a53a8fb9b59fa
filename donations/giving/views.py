"""The give form and the donor's private page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from donations.giving import services
from donations.giving.forms import GiveForm
from donations.giving.models import Donation
from donations.giving.queries import parts_of, payment_of_link, target_name
from donations.payments import gateway
from donations.payments.models import Payment
from events.models import Event
from events.queries import current_event
from fundraisers.models import Fundraiser
from fundraisers.queries import public_fundraiser

Status = Payment.Status


def give(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    page = public_fundraiser(event, slug)
    return _give(request, event, page, Donation.Kind.GIFT, _("Give to %(name)s's run") % {"name": page.first_name})


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
    request: HttpRequest, event: Event, page: Fundraiser | None, kind: Donation.Kind, heading: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form = GiveForm(event, page, kind, request.POST)
        if form.is_valid():
            payment = services.start_gift(gift=form.gift(), form_token=form.cleaned_data["form_token"])
            try:
                return redirect(_next_step(payment))
            except gateway.Unavailable:
                form.add_error(
                    None, _("We could not reach Stripe. Nothing was taken and your words are kept: please press again.")
                )
                status = 503
            except gateway.Refused:
                form = GiveForm(event, page, kind, _anew(request.POST))
                form.add_error(
                    None, _("Stripe did not take this gift. Nothing was taken. Please check what you wrote.")
                )
                status = 422
        else:
            status = 422
    else:
        wish = request.GET.get("amount", "")
        preset = wish if wish in map(str, event.presets_cents) else ""
        form = GiveForm(event, page, kind, initial={"preset": preset})
    context = {"form": form, "event": event, "target": page, "heading": heading, "kind": kind}
    return render(request, "give.html", context, status=status)


def _anew(posted: QueryDict) -> QueryDict:
    """What was posted, without the form's token: what comes next is another payment."""
    posted = posted.copy()
    posted.pop("form_token", None)
    return posted


def _next_step(payment: Payment) -> str:
    """Stripe's page while the gift can be paid there, else the donor's own page."""
    if payment.status not in (Status.NEW, Status.OPEN) or payment.expires_at <= clock.now():
        return reverse("thanks", args=[payment.token])
    return services.open_checkout(payment)


@never_cache
@require_safe
def thanks(request: HttpRequest, token: UUID) -> HttpResponse:
    """Where Stripe sends the donor back to: asks Stripe once, settles, and shows the receipt."""
    payment = payment_of_link(token)
    unreachable = False
    if payment.status in (Status.NEW, Status.OPEN, Status.PROCESSING):
        try:
            services.look_up(payment)
        except (gateway.Unavailable, gateway.Refused):
            unreachable = True
        payment.refresh_from_db()
    item = payment.donations.select_related("event", "fundraiser").get()
    # A page that was hidden since is not named here any more either.
    hidden = item.fundraiser is not None and item.fundraiser.is_hidden
    response = render(
        request,
        "thanks.html",
        {
            "payment": payment,
            "donation": item,
            "received": item.received_at is not None,
            "unreachable": unreachable,
            "came_back": "back" in request.GET,
            "parts": parts_of(item),
            "target": None if hidden else item.fundraiser,
            "target_name": item.event.name if hidden else target_name(item),
            "event": item.event,
        },
    )
    # The address is the donor's own: no other site hears of it.
    response["Referrer-Policy"] = "no-referrer"
    return response
