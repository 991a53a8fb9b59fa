"""Letters to the mailing list: written, looked at as they will arrive, counted, sent off, paused."""

from collections.abc import Callable

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.text import one_line
from desk.shell import CHANGED, show
from events.models import Event
from events.queries import current_event
from outreach.emails import html_of, text_of
from outreach.news import letters
from outreach.news.consent import MOST_A_MONTH
from outreach.news.emails import sample
from outreach.news.letters import Changed
from outreach.news.models import Letter
from outreach.news.queries import odd_links, progress_of

# Gmail cuts a mail off at 102 KB; ours stay well below, all around the text included.
MOST_BYTES = 60_000
READER = "reader@example.org"


class LetterForm(forms.Form):
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("What it is about, in a few honest words."),
        max_length=120,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Write a subject.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("Markdown: **bold**, lists with -, headings with ##, [a link](/money)."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": gettext_lazy("Write the letter.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if odd := odd_links(text):
            said = _("A link in a mail is written in full, or begins with / for our own pages: %(odd)s.")
            raise forms.ValidationError(said % {"odd": ", ".join(odd)[:200]})
        return text


class SendForm(forms.Form):
    """What the dry run showed."""

    gets = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    edition = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def _letter(pk: int) -> Letter:
    return get_object_or_404(Letter.objects.select_related("event", "by"), pk=pk, event=current_event())


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def new(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = LetterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = _write(request, event, form.cleaned_data["subject"], form.cleaned_data["text"])
        return redirect("desk_letter", made.pk)
    return show(request, "newsletter", "newsletter/write", {"event": event, "form": form}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    draft = _letter(pk)
    if draft.state != Letter.State.DRAFT:
        messages.error(request, _("It was sent off: its words stay."))
        return redirect("desk_letter", pk)
    now = {"subject": draft.subject, "text": draft.text, "edition": draft.edition}
    form = LetterForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        try:
            _rewrite(request, draft, form.cleaned_data)
        except Changed:
            form.add_error(None, _("Somebody else changed this letter meanwhile. Your words are here, and not kept."))
        else:
            return redirect("desk_letter", pk)
    context = {"event": draft.event, "form": form, "letter": draft}
    return show(request, "newsletter", "newsletter/write", context, 422 if form.errors else 200)


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
@require_safe
@desk_view(Role.ORGANIZER)
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The letter as it arrives, what can be done with it, and how far it has got."""
    found = _letter(pk)
    mail = sample(found, READER, "preview")
    draft = found.state == Letter.State.DRAFT
    context = {
        "event": found.event,
        "letter": found,
        "text": text_of(mail),
        "progress": None if draft else progress_of(found),
        "is_long": len(html_of(mail).encode()) > MOST_BYTES,
        "goes_at": found.pressed_at + letters.GRACE if found.pressed_at else None,
    }
    return show(request, "newsletter", "newsletter/letter", context)


@csp_replace({"default-src": [NONE], "style-src": ["'unsafe-inline'"], "frame-ancestors": [SELF]})  # type: ignore[arg-type]
@xframe_options_sameorigin
@require_safe
@desk_view(Role.ORGANIZER)
def letter_html(request: SignedInRequest, pk: int) -> HttpResponse:
    """A mail's styles are inline by nature; nothing of it may run or load."""
    return HttpResponse(html_of(sample(_letter(pk), READER, "preview")))


@require_POST
@desk_view(Role.ORGANIZER)
def test(request: SignedInRequest, pk: int) -> HttpResponse:
    _test(request, _letter(pk))
    messages.success(request, _("A test is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("desk_letter", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    """The dry run; a press with what it showed sends the letter off."""
    draft, status, changed = _letter(pk), 200, False
    if draft.state != Letter.State.DRAFT:
        return redirect("desk_letter", pk)
    hindrance = _hindrance(draft)
    if request.method == "POST":
        form = SendForm(request.POST)
        if form.is_valid() and not hindrance:
            try:
                _send_off(request, draft, form.cleaned_data["gets"], form.cleaned_data["edition"])
            except Changed:
                changed = True
                draft.refresh_from_db()
            else:
                return redirect("desk_letter", pk)
        status = 422
    plan = letters.plan()
    context = {"event": draft.event, "letter": draft, "plan": plan, "hindrance": hindrance, "changed": changed}
    context |= {"states": list(plan.states.items()), "often": plan.lately >= MOST_A_MONTH}
    context["minutes"] = int(letters.GRACE.total_seconds() // 60)
    return show(request, "newsletter", "newsletter/send", context, status)


def _hindrance(draft: Letter) -> str:
    """Why a letter may not go out, as a sentence; empty when it may."""
    if not draft.event.postal_address:
        return _("A newsletter has to name the postal address of its sender. Write it into the event's file first.")
    if len(html_of(sample(draft, READER, "preview")).encode()) > MOST_BYTES:
        return _("The letter is larger than 60 KB, and mail programs would cut it off. Make it shorter first.")
    return ""


# What a press does, by the word that it sends.
ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "back": (letters.take_back, "took a letter back"),
    "pause": (letters.pause, "paused a letter"),
    "go_on": (letters.go_on, "let a letter go on"),
    "throw_away": (letters.throw_away, "threw a draft away"),
}


class ActForm(forms.Form):
    what = forms.ChoiceField(choices=[(name, name) for name in ACTS])


@require_POST
@desk_view(Role.ORGANIZER)
def act(request: SignedInRequest, pk: int) -> HttpResponse:
    found, form = _letter(pk), ActForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    what = form.cleaned_data["what"]
    try:
        _act(request, found, what)
    except Changed:
        messages.error(request, CHANGED)
    return redirect("desk_newsletter") if what == "throw_away" else redirect("desk_letter", pk)


# --- Each act with its line of the log ----------------------------------------------------------------------


@transaction.atomic
def _write(request: SignedInRequest, event: Event, subject: str, text: str) -> Letter:
    made = letters.write(event=event, subject=subject, text=text, by=request.user)
    record_act(request=request, verb="wrote a letter", target=f"letter {made.pk}")
    return made


@transaction.atomic
def _rewrite(request: SignedInRequest, draft: Letter, data: dict[str, str]) -> None:
    letters.rewrite(letter=draft, subject=data["subject"], text=data["text"], edition=int(data["edition"] or 0))
    record_act(request=request, verb="changed a letter", target=f"letter {draft.pk}")


@transaction.atomic
def _test(request: SignedInRequest, draft: Letter) -> None:
    letters.send_sample(letter=draft, to=request.user.email)
    record_act(request=request, verb="sent a test of a letter", target=f"letter {draft.pk}")


@transaction.atomic
def _send_off(request: SignedInRequest, draft: Letter, gets: int, edition: int) -> None:
    letters.send_off(letter=draft, gets=gets, edition=edition)
    record_act(request=request, verb="sent a letter off", target=f"letter {draft.pk} to {gets} addresses")


@transaction.atomic
def _act(request: SignedInRequest, found: Letter, what: str) -> None:
    service, verb = ACTS[what]
    target = f"letter {found.pk}"
    service(letter=found)
    record_act(request=request, verb=verb, target=target)
