"""What shows a payment (a check's picture, the bank's page), and the statements that the organizations get."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from desk.files import takes_file
from desk.shell import MONEY, show
from donations.disbursements.evidence import MAX_BYTES, BadFile, file_answer, keep_evidence
from donations.disbursements.models import Disbursement, Evidence
from donations.disbursements.services import NotNow
from donations.disbursements.views import statement_of_request
from events.queries import current_event


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, JPEG or PNG, up to 5 MB. Cover numbers of accounts that nobody needs."),
        error_messages={"required": gettext_lazy("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )


@takes_file("file", MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER)
def evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    payments = Disbursement.objects.select_related("batch__event", "beneficiary__event").prefetch_related("files__by")
    payment = get_object_or_404(payments, pk=pk, batch__event=current_event())
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    if form.is_valid():
        try:
            with transaction.atomic():
                kept = keep_evidence(payment=payment, upload=form.cleaned_data["file"].file, by=request.user)
                record_act(request=request, verb="kept evidence", target=f"payment {payment.pk}, file {kept.pk}")
        except (BadFile, NotNow) as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The file is kept with the payment."))
            return redirect("desk_batch", payment.batch_id)
    context = {"event": payment.batch.event, "payment": payment, "form": form}
    return show(request, "disbursements", "evidence", context, 422 if form.errors else 200)


@require_safe
@desk_view(Role.TREASURER)
def evidence_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    return file_answer(get_object_or_404(Evidence, pk=pk, disbursement__batch__event=current_event()))


@require_safe
@desk_view(*MONEY)
def statement(request: SignedInRequest, slug: str) -> HttpResponseBase:
    event = current_event()
    found = statement_of_request(request, get_object_or_404(event.beneficiaries.select_related("event"), slug=slug))
    if isinstance(found, HttpResponseBase):
        return found
    return show(request, "disbursements", "statement_of", found, 422 if found["form"].errors else 200)
