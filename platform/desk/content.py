"""The home page at the desk: sections, figures and questions are changed in a new version, looked at, and published.

Every change adds a version and carries the number of the one it was made from, so that two organizers never overwrite
each other, and whatever was there can be had back (docs/decisions/0017).
"""

from copy import deepcopy
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from desk.shell import CHANGED, page_of, show
from events import content
from events.forms import PARTS
from events.home import KINDS, MOST_ROWS, WORDS
from events.models import Event, HomeVersion
from events.queries import current_event

ROOM = "home"
PART_NAMES = {
    "sections": gettext_lazy("Section"),
    "facts": gettext_lazy("Figure"),
    "questions": gettext_lazy("Question"),
}
ACTS = {
    "up": gettext_lazy("moved up"),
    "down": gettext_lazy("moved down"),
    "show": gettext_lazy("shown"),
    "hide": gettext_lazy("hidden"),
    "remove": gettext_lazy("removed"),
}


class SeenForm(forms.Form):
    """Which version was looked at."""

    seen = forms.IntegerField(min_value=1)


class ActForm(SeenForm):
    what = forms.ChoiceField(choices=list(ACTS.items()))


# --- What a press does ---------------------------------------------------------------------------------------


@transaction.atomic
def change(*, request: SignedInRequest, event: Event, seen: int, rows: dict[str, Any], what: str) -> HomeVersion:
    """A new version with these contents, and the line of the log. Raises content.Changed."""
    version = content.change(event=event, seen=seen, content=rows, what=what, by=request.user)
    record_act(request=request, verb="changed the home page", target=f"version {version.number}: {what}"[:200])
    return version


@transaction.atomic
def publish(*, request: HttpRequest, event: Event, seen: int) -> HomeVersion:
    """Everybody sees the newest version from now on. Raises content.Changed."""
    version = content.publish(event=event, seen=seen)
    record_act(request=request, verb="published the home page", target=f"version {version.number}")
    return version


def moved(rows: list[dict[str, Any]], at: int, what: str) -> list[dict[str, Any]]:
    """The rows after one of them was moved, shown, hidden or removed."""
    rows = deepcopy(rows)
    row = rows.pop(at)
    if what == "remove":
        return rows
    if what in ("show", "hide"):
        row["visible"] = what == "show"
    rows.insert({"up": max(at - 1, 0), "down": at + 1}.get(what, at), row)
    return rows


def name_of(part: str, row: dict[str, Any]) -> str:
    """What a row is called at the desk."""
    if part == "sections":
        return str(row["heading"] or KINDS[row["kind"]])
    return str(row["figure"] if part == "facts" else row["question"])


# --- Pages ---------------------------------------------------------------------------------------------------


@require_safe
@desk_view(Role.ORGANIZER)
def home(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    version = _newest(event)
    parts = [(part, [(at, row, name_of(part, row)) for at, row in enumerate(version.content[part])]) for part in PARTS]
    context = {"event": event, "version": version, "parts": dict(parts), "kinds": KINDS, "words": WORDS}
    return show(request, ROOM, "home", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def edit(request: SignedInRequest, part: str, at: int) -> HttpResponse:
    event = current_event()
    version = _newest(event)
    row = _row(version, part, at)
    form = PARTS[part](request.POST if request.method == "POST" else None, initial=row)
    if form.is_valid():
        rows = deepcopy(version.content)
        rows[part][at] |= form.cleaned_data
        if answer := _written(request, event, rows, f"{name_of(part, rows[part][at])}: {_('edited')}", form):
            return answer
    return _form(request, event, version, part, form, name_of(part, row))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def add(request: SignedInRequest, part: str) -> HttpResponse:
    event = current_event()
    version = _newest(event)
    if part not in PARTS:
        raise Http404
    form = PARTS[part](request.POST if request.method == "POST" else None)
    if form.is_valid() and part == "sections" and not (form.cleaned_data["heading"] and form.cleaned_data["text"]):
        form.add_error(None, _("A section of your own has a heading and words."))
    if form.is_valid() and len(version.content[part]) >= MOST_ROWS:
        form.add_error(None, _("There are enough of them. Remove one first."))
    if form.is_valid():
        rows = deepcopy(version.content)
        fixed = {"kind": WORDS, "visible": True} if part == "sections" else {}
        rows[part].append({**fixed, **form.cleaned_data})
        if answer := _written(request, event, rows, f"{name_of(part, rows[part][-1])}: {_('added')}", form):
            return answer
    return _form(request, event, version, part, form, "")


@require_POST
@desk_view(Role.ORGANIZER)
def act(request: SignedInRequest, part: str, at: int) -> HttpResponse:
    """Moves a row, shows or hides a section, or removes what was added."""
    event = current_event()
    version = _newest(event)
    row = _row(version, part, at)
    form = ActForm(request.POST)
    if not form.is_valid() or not _fits(part, row, form.cleaned_data["what"]):
        return HttpResponseBadRequest(_("The form did not say what to do with it. Nothing was done."))
    what = form.cleaned_data["what"]
    rows = {**version.content, part: moved(version.content[part], at, what)}
    return _written(request, event, rows, f"{name_of(part, row)}: {ACTS[what]}") or redirect("desk_home")


@require_POST
@desk_view(Role.ORGANIZER)
def publish_home(request: SignedInRequest) -> HttpResponse:
    form = SeenForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say which version. Nothing was done."))
    try:
        version = publish(request=request, event=current_event(), seen=form.cleaned_data["seen"])
    except content.Changed:
        messages.error(request, CHANGED)
    else:
        said = _("Version %(number)s is what everybody sees now.")
        messages.success(request, said % {"number": version.number})
    return redirect("desk_home")


@require_safe
@desk_view(Role.ORGANIZER)
def history(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    found = event.home_versions.select_related("by").defer("content")
    context = {"event": event, "page_obj": page_of(request, found), "newest": _newest(event)}
    return show(request, ROOM, "home_history", context)


@require_POST
@desk_view(Role.ORGANIZER)
def restore(request: SignedInRequest, number: int) -> HttpResponse:
    """A new version that says what this one said. It is not public before it is published."""
    event = current_event()
    version = get_object_or_404(event.home_versions, number=number)
    what = _("Version %(number)s again") % {"number": number}
    return _written(request, event, version.content, what) or redirect("desk_home")


# --- What they share -----------------------------------------------------------------------------------------


def _newest(event: Event) -> HomeVersion:
    version = event.home_versions.first()
    if version is None:
        raise Http404
    return version


def _row(version: HomeVersion, part: str, at: int) -> dict[str, Any]:
    rows = version.content[part] if part in PARTS else []
    if at >= len(rows):
        raise Http404
    row: dict[str, Any] = rows[at]
    return row


def _fits(part: str, row: dict[str, Any], what: str) -> bool:
    """Sections that come with the page are hidden, not removed; figures and questions are removed, not hidden."""
    if what == "remove":
        return part != "sections" or row["kind"] == WORDS
    return part == "sections" or what not in ("show", "hide")


def _form(
    request: SignedInRequest, event: Event, version: HomeVersion, part: str, form: forms.Form, name: str
) -> HttpResponse:
    # What was open keeps the number of the version that it was opened from.
    seen = request.POST.get("seen") or version.number
    context = {"event": event, "form": form, "part": PART_NAMES[part], "name": name, "seen": seen}
    return show(request, ROOM, "home_edit", context, 422 if form.errors else 200)


def _written(
    request: SignedInRequest, event: Event, rows: dict[str, Any], what: str, form: forms.Form | None = None
) -> HttpResponse | None:
    """The answer to a press. None: somebody was faster, which the form says, with all that was typed still in it."""
    seen = SeenForm(request.POST)
    if not seen.is_valid():
        return HttpResponseBadRequest(_("The form did not say which version. Nothing was done."))
    try:
        change(request=request, event=event, seen=seen.cleaned_data["seen"], rows=rows, what=what)
    except content.Changed:
        if form:
            form.add_error(None, _("Somebody at the desk was faster. Copy your words, and open the page anew."))
        else:
            messages.error(request, CHANGED)
        return None
    messages.success(request, _("Kept. Look at it, then publish it."))
    return redirect("desk_home")
