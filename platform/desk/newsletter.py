"""The mailing list at the desk: who is on it, who has to come off, and the list as a file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.tables import csv_lines
from desk.shell import CHANGED, page_of, show
from events.models import Event
from events.queries import current_event
from outreach.models import Suppression
from outreach.news import subscribing
from outreach.news.consent import CONSENT
from outreach.news.models import Letter, Subscriber
from outreach.news.queries import State, counts, subscribers, subscribers_matching

Reason = Suppression.Reason
MOST_OFF = 200


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=120)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *State.choices]
    )

    def wish(self) -> tuple[str, str]:
        """The words and the state looked for; what makes no sense is not looked for."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("state", "")


class OffForm(forms.Form):
    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses, one a line"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter at least one e-mail address.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            (Reason.DESK, gettext_lazy("They asked us to, by mail or by telephone")),
            (Reason.BOUNCED, gettext_lazy("Mails to them come back")),
            (Reason.COMPLAINED, gettext_lazy("They reported us as spam")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say why.")},
    )

    def clean_emails(self) -> list[str]:
        found = [line.strip().lower() for line in self.cleaned_data["emails"].splitlines() if line.strip()]
        for email in found:
            try:
                validate_email(email)
            except forms.ValidationError as error:
                said = _("“%(email)s” is no e-mail address. Nobody was taken off.") % {"email": email[:80]}
                raise forms.ValidationError(said) from error
        if len(found) > MOST_OFF:
            raise forms.ValidationError(_("Enter at most %(most)s addresses at once.") % {"most": MOST_OFF})
        return found


@require_safe
@desk_view(Role.ORGANIZER)
def newsletter(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    found = page_of(request, Letter.objects.filter(event=event).select_related("by"), 20)
    states = [(state, count) for state, count in counts().items()]
    return show(request, "newsletter", "newsletter/front", {"event": event, "page_obj": found, "states": states})


@require_safe
@desk_view(Role.ORGANIZER)
def all_subscribers(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words, state = form.wish()
    context = {"event": current_event(), "filters": form, "query": words, "state": state}
    context["page_obj"] = page_of(request, subscribers_matching(words, state))
    return show(request, "newsletter", "newsletter/subscribers", context)


@require_safe
@desk_view(Role.ORGANIZER)
def subscriber(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(subscribers(), pk=pk)
    context = {
        "event": current_event(),
        "person": person,
        "consent": CONSENT.get(person.words, ""),
        "can_return": person.why in (Reason.DESK, Reason.BOUNCED),
    }
    return show(request, "newsletter", "newsletter/subscriber", context)


@require_POST
@desk_view(Role.ORGANIZER)
def put_back(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Subscriber, pk=pk)
    if _put_back(request, person):
        messages.success(request, _("The address gets news again."))
    else:
        messages.error(request, CHANGED)
    return redirect("desk_subscriber", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def take_off(request: SignedInRequest) -> HttpResponse:
    form = OffForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        off = _take_off(request, form.cleaned_data["emails"], Reason(form.cleaned_data["reason"]))
        said = ngettext("%(off)s address gets no more news.", "%(off)s addresses get no more news.", off)
        messages.success(request, said % {"off": off})
        return redirect("desk_subscribers")
    context = {"event": current_event(), "form": form}
    return show(request, "newsletter", "newsletter/take_off", context, 422 if form.errors else 200)


@require_safe
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """It leaves the desk, so the log says who took it."""
    event = current_event()
    record_act(request=request, verb="exported", target=f"subscribers.csv of {event.slug}")
    answer = StreamingHttpResponse(subscribers_csv(event), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{event.slug}-subscribers.csv"'
    return answer


def subscribers_csv(event: Event) -> Iterator[str]:
    """Every address with its state and its proof of consent."""
    head = [_("E-mail"), _("State"), _("Came by"), _("Proof"), _("Asked"), _("Confirmed"), _("Left"), _("Agreed to")]
    return csv_lines(head, (_row(person, event) for person in subscribers().iterator(chunk_size=1000)))


def _row(person: Any, event: Event) -> list[object]:
    moments = (person.asked_at, person.confirmed_at, person.off_at)
    days = [f"{moment.astimezone(event.zone):%Y-%m-%d %H:%M}" if moment else "" for moment in moments]
    state = State(person.state).label
    return [person.email, state, person.get_source_display(), person.proof, *days, CONSENT.get(person.words, "")]


@transaction.atomic
def _put_back(request: SignedInRequest, person: Subscriber) -> bool:
    done = subscribing.put_back(person=person)
    if done:
        record_act(request=request, verb="put back on the mailing list", target=f"subscriber {person.pk}")
    return done


@transaction.atomic
def _take_off(request: SignedInRequest, emails: list[str], reason: Reason) -> int:
    off = subscribing.take_off(emails=emails, reason=reason)
    record_act(request=request, verb="took off the mailing list", target=f"{off} addresses", reason=str(reason.label))
    return off
