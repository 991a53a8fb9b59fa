"""What is behind a donor's private link beside the receipt: its paper, how the gift is shown, its address."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations.giving import corrections
from donations.giving.queries import receipt_of_link
from donations.giving.receipts import receipt_file
from donations.giving.shown import ASKED, AddressForm, ShownForm


def _own(response: HttpResponse) -> HttpResponse:
    """The address is the donor's own: no other site hears of it."""
    response["Referrer-Policy"] = "same-origin"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest, token: UUID) -> HttpResponse:
    receipt = receipt_of_link(token)
    item = receipt.gift
    if item is None:
        raise Http404
    now = {name: getattr(item, name) for name in ASKED}
    form = ShownForm(request.POST if request.method == "POST" else None, initial=now)
    if not (item.fundraiser or item.team):
        form.without_message()
    if form.is_valid():
        item = corrections.change_shown(item=item, asked=form.cleaned_data)
        if item.may_be_read:
            messages.success(request, _("It is shown as you chose, everywhere on this site."))
        else:
            messages.success(request, _("Kept. A moderator reads the words first; until then they are not shown."))
        return redirect("thanks", token)
    context = {"form": form, "event": item.event, "receipt": receipt, "donation": item}
    return _own(render(request, "thanks_shown.html", context, status=422 if form.errors else 200))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest, token: UUID) -> HttpResponse:
    receipt = receipt_of_link(token)
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": receipt.payment.email})
    if form.is_valid():
        try:
            payment = corrections.correct_email(receipt=receipt, email=form.cleaned_data["email"])
        except corrections.TooOften:
            contact = receipt.first.event.contact_email
            said = _("It was corrected three times already. Nothing has changed; write to %(contact)s for another.")
            form.add_error("email", said % {"contact": contact})
        else:
            messages.success(request, _("Mail goes to %(email)s from now on.") % {"email": payment.email})
            return redirect("thanks", payment.link)
    context = {"form": form, "event": receipt.first.event, "receipt": receipt}
    return _own(render(request, "thanks_email.html", context, status=422 if form.errors else 200))


@never_cache
@require_POST
def receipt_again(request: HttpRequest, token: UUID) -> HttpResponse:
    receipt = receipt_of_link(token)
    if not receipt.is_received:
        raise Http404
    try:
        corrections.send_receipt_again(receipt=receipt)
    except corrections.TooOften:
        messages.error(request, _("We have sent it just now, or five times today. Look among the spam, or wait a bit."))
    else:
        messages.success(request, _("The receipt goes to %(email)s again.") % {"email": receipt.payment.email})
    return redirect("thanks", token)


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, token: UUID) -> HttpResponse:
    receipt = receipt_of_link(token)
    if not receipt.is_received:
        raise Http404
    answer = HttpResponse(receipt_file(receipt), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="receipt-{receipt.payment.pk}.pdf"'
    return _own(answer)
