"""A file of gifts without Stripe: chosen, looked at row by row, then imported or thrown away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.money import dollars
from desk.files import takes_file
from desk.shell import page_of, show
from donations.giving import offline_imports
from donations.giving.models import Donation, GiftImport
from donations.giving.offline import Refused
from donations.giving.offline_csv import COLUMNS, MOST_BYTES, BadFile
from events.models import Event
from events.queries import current_event


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The file (CSV)"),
        help_text=gettext_lazy("Up to 500 gifts. Nothing is imported before you have looked at it."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 500 KB. Split it."))
        return file


class CommitForm(forms.Form):
    """Import or throw away, and which of the rows that may be there already are taken all the same."""

    what = forms.ChoiceField(choices=[("import", "import"), ("throw_away", "throw_away")])
    take = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, rows: list[offline_imports.Looked], data: Any) -> None:
        super().__init__(data)
        doubles = [(str(row.number), str(row.number)) for row in rows if row.is_double]
        self.fields["take"].choices = doubles  # type: ignore[attr-defined]


@takes_file("file", MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def imports(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = _keep(request, event, file)
        except BadFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("desk_offline_import", kept.pk)
    found = page_of(request, GiftImport.objects.filter(event=event).select_related("by"), 20)
    context = {"event": event, "form": form, "page_obj": found, "columns": COLUMNS}
    return show(request, "offline", "offline_imports", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, Role.TREASURER, fresh_mfa=True)
def one_import(request: SignedInRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(GiftImport.objects.select_related("event", "by"), pk=pk, event=current_event())
    rows = offline_imports.look_at(kept)
    if request.method == "POST":
        form = CommitForm(rows, request.POST)
        if form.is_valid():
            return _finish(request, kept, form.cleaned_data)
        messages.error(request, _("Somebody at the desk was faster. Nothing was done; look again."))
        return redirect("desk_offline_import", pk)
    context = {
        "event": kept.event,
        "kept": kept,
        "rows": rows,
        "wrong": sum(bool(row.errors) for row in rows),
        "doubles": sum(row.is_double for row in rows),
        "total_cents": sum(row.gift.line.amount_cents for row in rows if row.gift),
    }
    return show(request, "offline", "offline_import", context)


def _finish(request: SignedInRequest, kept: GiftImport, data: dict[str, Any]) -> HttpResponse:
    if data["what"] == "throw_away":
        if _throw_away(request, kept):
            messages.success(request, _("The file is thrown away. Nothing of it was imported."))
        return redirect("desk_offline_imports")
    try:
        made = _commit(request, kept, data["take"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_offline_import", kept.pk)
    if made:
        sum_ = dollars(sum(item.amount_cents for item in made))
        messages.success(request, _("%(gifts)s gifts, %(sum)s, are imported.") % {"gifts": len(made), "sum": sum_})
    else:
        messages.success(request, _("Nothing new was imported."))
    return redirect("desk_offline")


@transaction.atomic
def _keep(request: SignedInRequest, event: Event, file: "UploadedFile[Any]") -> GiftImport:
    kept = offline_imports.keep(event=event, name=file.name or "", content=file.read(), by=request.user)
    record_act(request=request, verb="chose a file of gifts", target=f"import {kept.pk}, {kept.count} rows")
    return kept


@transaction.atomic
def _throw_away(request: HttpRequest, kept: GiftImport) -> bool:
    target, gone = f"import {kept.pk}", offline_imports.throw_away(kept=kept)
    if gone:
        record_act(request=request, verb="threw a file of gifts away", target=target)
    return gone


@transaction.atomic
def _commit(request: HttpRequest, kept: GiftImport, take: list[int]) -> list[Donation]:
    waited = GiftImport.objects.filter(pk=kept.pk, committed_at=None).exists()
    made = offline_imports.commit(kept=kept, take=take)
    if waited:
        total = sum(item.amount_cents for item in made)
        record_act(request=request, verb="imported gifts", target=f"import {kept.pk}, {len(made)} gifts, {total} cents")
    return made
