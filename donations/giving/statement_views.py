"""The receipts of a year: asked for with an e-mail address, opened by the link that comes to it."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from donations.giving import gate, statements
from donations.giving.shown import AddressForm
from events.models import Event
from events.queries import current_event
from outreach.tokens import Expired, carried_by


class AskForm(AddressForm):
    year = forms.TypedChoiceField(
        label=gettext_lazy("Year"),
        coerce=int,
        error_messages={
            "invalid_choice": gettext_lazy("Choose one of the years."),
            "required": gettext_lazy("Choose a year."),
        },
    )

    def __init__(self, event: Event, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["year"].choices = [(str(year), str(year)) for year in statements.years(event)]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    event = current_event()
    form = AskForm(event, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            statements.ask(event=event, address=gate.comer_of(request).address, **form.cleaned_data)
        except statements.TooMany:
            said = _("There were too many requests from where you are. Nothing was sent; please try again in an hour.")
            form.add_error(None, said)
            status = 429
        else:
            return redirect("year_sent")
    elif form.errors:
        status = 422
    return render(request, "year_ask.html", {"event": event, "form": form}, status=status)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not."""
    return render(request, "year_ask.html", {"event": current_event(), "sent": True})


@never_cache
@require_safe
def statement(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = _of_link(token)
    except Expired:
        return redirect("year_ask")
    context = {"event": found.event, "statement": found, "token": token}
    return _own(render(request, "year.html", context))


@never_cache
@require_safe
def statement_pdf(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = _of_link(token)
    except Expired:
        return redirect("year_ask")
    answer = HttpResponse(statements.statement_file(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="gifts-{found.year}.pdf"'
    return _own(answer)


def _of_link(token: str) -> statements.Statement:
    """The guard: who has the link reads what was given from its mailbox; 404 for everybody else. Raises Expired."""
    carried = carried_by(statements.PURPOSE, token, statements.LINK_LIFE)
    if not (isinstance(carried, list) and len(carried) == 2):
        raise Http404
    return statements.statement_of(current_event(), str(carried[0]), int(carried[1]))


def _own(response: HttpResponse) -> HttpResponse:
    """The address is the donor's own: no other site hears of it."""
    response["Referrer-Policy"] = "same-origin"
    return response
