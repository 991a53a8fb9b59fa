"""A file of addresses for the mailing list: chosen, looked at, then its people are asked, or it is thrown away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common import clock
from common.text import one_line
from desk.files import takes_file
from desk.shell import CHANGED, ROWS, page_of, show
from events.queries import current_event
from outreach.news import files
from outreach.news.models import AddressFile


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The file (CSV)"),
        help_text=gettext_lazy(
            "A column with the heading email; source and date may stand beside it. Up to 2,000 rows."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Where did these people say that they want news?"),
        help_text=gettext_lazy("They read this in the mail, for example: at the sign-up table of last year's race."),
        max_length=120,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Say where they said so. Without that nobody may be written to.")},
    )
    said_on = forms.DateField(
        label=gettext_lazy("When?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter a date.")},
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > files.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 300 KB. Split it."))
        return file

    def clean_said_on(self) -> Any:
        day = self.cleaned_data["said_on"]
        if day > clock.now().date():
            raise forms.ValidationError(_("Enter a day that has been."))
        return day

    def proof(self) -> str:
        return f"{self.cleaned_data['source']}, {self.cleaned_data['said_on']:%Y-%m-%d}"


class CommitForm(forms.Form):
    """Ask the new ones, of whom the page showed so many, or throw the file away."""

    what = forms.ChoiceField(choices=[("import", "import"), ("throw_away", "throw_away")])
    new = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


@takes_file("file", files.MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def imports(request: SignedInRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        try:
            kept = _keep(request, form)
        except files.BadFile as error:
            form.add_error("file", str(error))
        else:
            return redirect("desk_address_file", kept.pk)
    found = page_of(request, AddressFile.objects.select_related("by"), 20)
    context = {"event": current_event(), "form": form, "page_obj": found}
    return show(request, "newsletter", "newsletter/imports", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def one_import(request: SignedInRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(AddressFile.objects.select_related("by"), pk=pk, committed_at=None)
    rows = files.look_at(kept)
    tally = [(verdict, sum(row.verdict == verdict for row in rows)) for verdict in files.Verdict]
    new = tally[0][1]
    if request.method == "POST":
        form = CommitForm(request.POST)
        if form.is_valid() and form.cleaned_data["what"] == "throw_away":
            return _thrown_away(request, kept)
        if form.is_valid() and form.cleaned_data["new"] == new:
            return _committed(request, kept)
        messages.error(request, _("The list is not as it was shown any more. Nothing was done; look again."))
        return redirect("desk_address_file", pk)
    # What is not asked comes first: it is what a person may have to mend.
    rows.sort(key=lambda row: row.verdict == files.Verdict.NEW)
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"event": current_event(), "kept": kept, "tally": tally, "new": new, "page_obj": found}
    return show(request, "newsletter", "newsletter/import", context)


def _thrown_away(request: SignedInRequest, kept: AddressFile) -> HttpResponse:
    if _throw_away(request, kept):
        messages.success(request, _("The file is thrown away. Nobody was written to."))
    else:
        messages.error(request, CHANGED)
    return redirect("desk_address_files")


def _committed(request: SignedInRequest, kept: AddressFile) -> HttpResponse:
    asked = _commit(request, kept)
    said = ngettext("%(asked)s address is asked to confirm.", "%(asked)s addresses are asked to confirm.", asked)
    messages.success(request, said % {"asked": asked})
    return redirect("desk_newsletter")


@transaction.atomic
def _keep(request: SignedInRequest, form: FileForm) -> AddressFile:
    file = form.cleaned_data["file"]
    kept = files.keep(name=file.name or "", content=file.read(), proof=form.proof(), by=request.user)
    record_act(request=request, verb="chose a file of addresses", target=f"file {kept.pk}, {kept.count} rows")
    return kept


@transaction.atomic
def _throw_away(request: SignedInRequest, kept: AddressFile) -> bool:
    target, gone = f"file {kept.pk}", files.throw_away(kept=kept)
    if gone:
        record_act(request=request, verb="threw a file of addresses away", target=target)
    return gone


@transaction.atomic
def _commit(request: SignedInRequest, kept: AddressFile) -> int:
    asked = files.commit(kept=kept, event=current_event())
    record_act(request=request, verb="imported addresses", target=f"file {kept.pk}, {asked} asked to confirm")
    return asked
