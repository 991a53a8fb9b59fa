"""The organizations' own pages: what they are owed and were paid, what they say they received, their statements."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest, charity_slugs, desk_view
from accounts.models import Role
from accounts.services import record_act
from donations.disbursements import services
from donations.disbursements.evidence import file_answer
from donations.disbursements.forms import PeriodForm, ReceiptForm
from donations.disbursements.models import Disbursement
from donations.disbursements.queries import (
    beneficiary_of,
    disbursement_of,
    disbursements_of,
    evidence_of,
    purse_of,
)
from donations.disbursements.statement_paper import as_pdf
from donations.disbursements.statements import Statement, as_csv, last_day, months_of, statement_of
from donations.ledger.services import ledger_of
from events.models import Beneficiary
from events.queries import current_event

PAYMENTS_A_PAGE, MONTHS_SHOWN = 20, 12


@require_safe
@desk_view(Role.CHARITY)
def front(request: SignedInRequest) -> HttpResponse:
    event, slugs = current_event(), charity_slugs(request.user)
    purse = purse_of(event, ledger_of(event))
    mine = [lane for lane in purse.lanes if lane.beneficiary.slug in slugs]
    context = {
        "event": event,
        "person": request.user,
        "lanes": [(lane, months(lane.beneficiary)) for lane in mine],
        "hold_back": purse.hold_back,
        "page_obj": Paginator(disbursements_of(slugs), PAYMENTS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "charity/front.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.CHARITY)
def payment(request: SignedInRequest, pk: int) -> HttpResponse:
    """One payment: what was said of it, and what its organization says now. It moves no money, so the second factor of
    the session is enough, and a later word takes the place of this one.
    """
    found = disbursement_of(charity_slugs(request.user), pk)
    form = ReceiptForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _tell(request, found, form.cleaned_data)
        except services.NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. We have written down what you say, and everybody can count on it."))
            return redirect("charity_payment", pk)
    context = {"event": found.beneficiary.event, "person": request.user, "payment": found, "form": form}
    return render(request, "charity/payment.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _tell(request: SignedInRequest, found: Disbursement, data: dict[str, Any]) -> None:
    said = {"received_cents": data["amount"], "received_on": data["received_on"], "note": data["note"]}
    receipt = services.tell_receipt(payment=found, by=request.user, kind=data["kind"], **said)
    target = f"payment {found.pk}, {receipt.received_cents} cents"
    record_act(request=request, verb=f"{receipt.kind} a payment", target=target, reason=receipt.note)


@require_safe
@desk_view(Role.CHARITY)
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    return file_answer(evidence_of(charity_slugs(request.user), pk))


@require_safe
@desk_view(Role.CHARITY)
def statement(request: SignedInRequest, slug: str) -> HttpResponseBase:
    found = statement_of_request(request, beneficiary_of(charity_slugs(request.user), slug, current_event()))
    if isinstance(found, HttpResponseBase):
        return found
    context = found | {"person": request.user}
    return render(request, "charity/statement.html", context, status=422 if found["form"].errors else 200)


def statement_of_request(request: HttpRequest, beneficiary: Beneficiary) -> HttpResponseBase | dict[str, Any]:
    """A statement as the file that `as` asks for, or what its page shows; the form's errors, where the days make no
    sense.
    """
    form = PeriodForm(beneficiary.event, request.GET)
    found: dict[str, Any] = {"event": beneficiary.event, "beneficiary": beneficiary, "form": form}
    if form.days is None:
        return found
    made, kind = statement_of(beneficiary, *form.days), request.GET.get("as")
    if kind in ("csv", "pdf"):
        return _file(made, kind)
    return found | {"statement": made, "months": months(beneficiary)}


def _file(made: Statement, kind: str) -> HttpResponseBase:
    name = f"{made.beneficiary.slug}-{made.first.isoformat()}-{made.last.isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind == "pdf":
        return HttpResponse(as_pdf(made), content_type="application/pdf", headers=headers)
    return StreamingHttpResponse(as_csv(made), content_type="text/csv; charset=utf-8", headers=headers)


def months(beneficiary: Beneficiary) -> list[tuple[Any, Any]]:
    """The first and last day of each month that has a statement, newest first."""
    return [(month, last_day(month)) for month in months_of(beneficiary)[:MONTHS_SHOWN]]
