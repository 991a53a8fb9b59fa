"""The bank's files at the desk: added, looked at, and then kept. Nothing is kept before a person has seen it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common import clock
from common.uploads import OneFile
from desk.bank_forms import AlikeForm, ColumnsForm, UploadForm
from desk.shell import MONEY, page_of, show
from donations.bank import services
from donations.bank.formats import MOST_BYTES, form_of, read
from donations.bank.formats.table import Columns, table_of
from donations.bank.lines import BadStatement, Told, named
from donations.bank.models import Statement, Upload
from donations.bank.queries import agreement, alike_lines, columns_of, known_lines, refuse_stranger
from donations.ledger.services import ledger_of
from events.queries import current_event

SAMPLE, PREVIEW = 6, 40


@require_safe
@desk_view(*MONEY)
def statements(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    book = ledger_of(event)
    found = page_of(request, book.statements.select_related("by"))
    return show(request, "bank", "bank_statements", {"event": event, "page_obj": found, "agreement": agreement(book)})


# Django reads the whole form, file included, to find its token: what takes the file has to be there before.
@csrf_exempt
def upload(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        request.upload_handlers = [OneFile(request, "statement", MOST_BYTES)]
    return _upload(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def _upload(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["statement"]
        try:
            with transaction.atomic():
                kept = services.keep_upload(book=ledger_of(event), name=file.name, content=file.read(), by=request.user)
                record_act(request=request, verb="chose a statement", target=file.name[:200])
        except BadStatement as error:
            form.add_error("statement", str(error))
        else:
            return redirect("desk_uploaded", kept.pk)
    return show(request, "bank", "bank_upload", {"event": event, "form": form}, 422 if form.errors else 200)


vars(upload).update(roles=vars(_upload)["roles"], fresh_mfa=True)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def uploaded(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the file would add; a press keeps it."""
    event = current_event()
    waiting = Upload.objects.select_related("ledger").filter(pk=pk, ledger__code=event.ledger_code).first()
    if waiting is None:
        messages.warning(request, _("That file is kept already, or was left for more than a day."))
        return redirect("desk_bank")
    columns, problem, told, form = _columns_of(waiting), "", None, AlikeForm()
    if columns is None and form_of(waiting.file) == "csv":
        return redirect("desk_columns", pk)
    try:
        told = read(waiting.file, clock.now().astimezone(event.zone).date(), columns)
        refuse_stranger(waiting.ledger, told)
        asked = alike_lines(waiting.ledger, told)
        if request.method == "POST":
            form = AlikeForm(request.POST)
            if form.is_valid() or not asked:
                return _keep(request, waiting, told, form.cleaned_data.get("alike") != AlikeForm.SAME)
    except BadStatement as error:
        problem = str(error)
    context = {"event": event, "upload": waiting, "problem": problem, "told": told, "is_csv": columns is not None}
    if told and not problem:
        context |= {"form": form, **_preview(waiting, told)}
    return show(request, "bank", "bank_uploaded", context, 422 if problem or form.errors else 200)


def _columns_of(waiting: Upload) -> Columns | None:
    try:
        if form_of(waiting.file) == "csv":
            return columns_of(waiting.ledger, table_of(waiting.file).fingerprint)
    except BadStatement:
        return None
    return None


def _preview(waiting: Upload, told: Told) -> dict[str, Any]:
    known, alike = known_lines(waiting.ledger, told), alike_lines(waiting.ledger, told)
    states = [
        (line, "known" if reference in known else "alike" if reference in alike else "new")
        for reference, line in named(told.lines)
    ]
    new = [line for line, state in states if state != "known"]
    return {
        "lines": sorted(states, key=lambda pair: ("alike", "new", "known").index(pair[1]))[:PREVIEW],
        "all": len(states),
        "new": len(new),
        "known": len(known),
        "alike": len(alike),
        "in_cents": sum(line.cents for line in new if line.cents > 0),
        "out_cents": sum(line.cents for line in new if line.cents < 0),
        "first_on": told.lines[0].happened_on,
        "last_on": told.lines[-1].happened_on,
        "agreement": agreement(waiting.ledger),
    }


def _keep(request: SignedInRequest, waiting: Upload, told: Told, alike_are_new: bool) -> HttpResponse:
    with transaction.atomic():
        kept: Statement = services.keep_statement(
            book=waiting.ledger,
            told=told,
            name=waiting.name,
            content=waiting.file,
            by=request.user,
            alike_are_new=alike_are_new,
        )
        waiting.delete()
        target = f"statement {kept.pk} {kept.name}: {kept.new_lines} new, {kept.known_lines} known"
        record_act(request=request, verb="read a statement in", target=target[:200])
    said = ngettext(
        "%(new)d new line is here. Say what it is.", "%(new)d new lines are here. Say what they are.", kept.new_lines
    )
    messages.success(request, said % {"new": kept.new_lines})
    return redirect("desk_bank")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def columns(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the columns of a CSV hold: asked once for each heading, and again whenever somebody wants to."""
    event = current_event()
    waiting = get_object_or_404(Upload.objects.select_related("ledger"), pk=pk, ledger__code=event.ledger_code)
    try:
        table = table_of(waiting.file)
    except BadStatement as error:
        messages.error(request, str(error))
        return redirect("desk_upload")
    kept = columns_of(waiting.ledger, table.fingerprint)
    form = ColumnsForm(table, kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            read(waiting.file, clock.now().astimezone(event.zone).date(), form.columns())
        except BadStatement as error:
            form.add_error(None, str(error))
        else:
            _remember(request, waiting, table.fingerprint, form.columns())
            return redirect("desk_uploaded", pk)
    context = {"event": event, "upload": waiting, "form": form, "heading": table.heading, "rows": table.rows[:SAMPLE]}
    return show(request, "bank", "bank_columns", context, 422 if form.errors else 200)


@transaction.atomic
def _remember(request: SignedInRequest, waiting: Upload, fingerprint: str, chosen: Columns) -> None:
    services.remember_columns(book=waiting.ledger, fingerprint=fingerprint, columns=chosen)
    record_act(request=request, verb="said what a file's columns hold", target=waiting.name[:200])
