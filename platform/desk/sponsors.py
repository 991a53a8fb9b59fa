"""Sponsors at the desk: who they are, whether they may be named, and their logo."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.images import MAX_BYTES, BadImage
from common.photos import remove_photo, store_photo
from common.text import one_line
from desk.files import takes_file
from desk.shell import show
from events.models import Event, Sponsor
from events.queries import current_event
from events.services import public_edit

KEEPERS = (Role.ORGANIZER, Role.TREASURER)


class SponsorForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no parameter
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Enter the sponsor's name.")},
    )
    url = forms.URLField(label=gettext_lazy("Address on the web (optional)"), required=False, assume_scheme="https")
    consent = forms.BooleanField(
        label=gettext_lazy("They agreed in writing to be named, with their logo"), required=False
    )
    logo_file = forms.FileField(
        label=gettext_lazy("Logo (optional)"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP, at least 320 by 240. It is cut to 4 by 3 around its middle, so leave room around it."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Sponsor
        fields = ("name", "url", "consent", "place")
        labels = {"place": gettext_lazy("Place in the list, from 0")}


@takes_file("logo_file", MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*KEEPERS)
def sponsors(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    return _edit(request, event, Sponsor(event=event, place=event.sponsors.count()))


@takes_file("logo_file", MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*KEEPERS)
def sponsor(request: SignedInRequest, pk: int) -> HttpResponse:
    event = current_event()
    return _edit(request, event, get_object_or_404(Sponsor, pk=pk, event=event))


def _edit(request: SignedInRequest, event: Event, row: Sponsor) -> HttpResponse:
    form = (
        SponsorForm(request.POST, request.FILES, instance=row)
        if request.method == "POST"
        else SponsorForm(instance=row)
    )
    if form.is_valid():
        try:
            _keep(request, form)
        except BadImage as error:
            form.add_error("logo_file", str(error))
        else:
            messages.success(request, _("The sponsor is kept. Without consent nobody sees it."))
            return redirect("desk_sponsors")
    context: dict[str, Any] = {"event": event, "form": form, "sponsor": row, "sponsors": event.sponsors.all()}
    return show(request, "sponsors", "sponsors", context, 422 if form.errors else 200)


def _keep(request: SignedInRequest, form: SponsorForm) -> None:
    """The logo is drawn anew and kept before the transaction that names it. Raises BadImage."""
    upload, row = form.cleaned_data.get("logo_file"), form.instance
    old, new = row.logo, store_photo(upload.file) if upload else row.logo
    with transaction.atomic():
        public_edit(row.event_id)
        row.logo = "" if "remove" in request.POST and not upload else new
        form.save()
        record_act(request=request, verb="kept a sponsor", target=f"{row.name}, consent {row.consent}"[:200])
        if old != row.logo:
            transaction.on_commit(lambda: remove_photo(old))
