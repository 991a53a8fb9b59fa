"""What becomes of the race: it takes place, it is postponed, it is cancelled. First a dry run, then one press."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common import clock
from common.money import dollars
from common.tasks import nudge
from desk.shell import show
from donations.giving import tasks
from donations.giving.decisions import Changed, Choice, decide, reword
from donations.giving.models import EventDecision
from donations.giving.plans import plan_of, progress_of
from events.models import Event
from events.queries import current_event

State = Event.State
# What can be decided next; a race that was cancelled stays so, since its entries and its money are gone.
NEXT = {
    State.SCHEDULED: (State.POSTPONED, State.CANCELLED),
    State.POSTPONED: (State.SCHEDULED, State.POSTPONED, State.CANCELLED),
    State.CANCELLED: (),
}
SHOWN = 5


class DecisionForm(forms.Form):
    """A decision with what belongs to its kind; `seen_…` are what the dry run showed."""

    GIFTS, BACK = "gifts", "back"
    kind = forms.CharField(widget=forms.HiddenInput)
    form_token = forms.UUIDField(widget=forms.HiddenInput)
    seen_people = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    seen_cents = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    new_day = forms.DateField(
        label=gettext_lazy("New date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Enter the new date."), "invalid": gettext_lazy("Enter a date.")},
    )
    new_time = forms.TimeField(
        label=gettext_lazy("Start"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Enter the new time."), "invalid": gettext_lazy("Enter a time.")},
    )
    refund_day = forms.DateField(
        label=gettext_lazy("Until when may people cancel and get the fee back?"),
        help_text=gettext_lazy("The last day. Nobody gets less time than the event's own rule gives."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Enter the last day."), "invalid": gettext_lazy("Enter a date.")},
    )
    fees = forms.ChoiceField(
        label=gettext_lazy("The entry fees"),
        choices=[(BACK, gettext_lazy("All go back")), (GIFTS, gettext_lazy("All stay, as gifts"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what becomes of the entry fees.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What people are told"),
        help_text=gettext_lazy("In public and in every mail. Why, and what happens next."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        error_messages={"required": gettext_lazy("Write what people are told.")},
    )
    ONLY = {State.POSTPONED: ("new_day", "new_time", "refund_day"), State.CANCELLED: ("fees",)}

    def __init__(self, event: Event, kind: str, data: QueryDict | None = None) -> None:
        local = event.starts_at.astimezone(event.zone)
        super().__init__(data, initial={"form_token": uuid4(), "kind": kind, "new_time": local.time()})
        self.event, self.state = event, kind
        for state, names in self.ONLY.items():
            if state != kind:
                for name in names:
                    del self.fields[name]
        if kind == State.SCHEDULED:
            del self.fields["text"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors or self.state != State.POSTPONED:
            return data
        data["new_start"] = datetime.combine(data["new_day"], data["new_time"], self.event.zone)
        data["refunds_until"] = datetime.combine(data["refund_day"], time(23, 59), self.event.zone)
        if data["new_start"] <= clock.now() or data["new_start"] == self.event.starts_at:
            self.add_error("new_day", _("Enter a date to come, other than the one there is."))
        elif not clock.now() < data["refunds_until"] < data["new_start"]:
            self.add_error("refund_day", _("Enter a day between today and the new date."))
        return data

    def choice(self) -> Choice:
        data = self.cleaned_data
        return Choice(
            kind=self.state,
            text=data.get("text", ""),
            new_start=data.get("new_start"),
            refunds_until=data.get("refunds_until"),
            refund=data.get("fees") == self.BACK,
        )

    def seen(self) -> tuple[int, int] | None:
        """The people and cents of the dry run that was agreed to; None before it was shown."""
        people, cents = self.cleaned_data["seen_people"], self.cleaned_data["seen_cents"]
        return None if people is None or cents is None else (people, cents)


class NoteForm(forms.Form):
    """What people are told, after it was decided."""

    text = forms.CharField(
        label=gettext_lazy("What people are told"),
        help_text=gettext_lazy("In public at once, and in mails that are not written yet. Nobody gets a second mail."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "6"}),
        error_messages={"required": gettext_lazy("Write what people are told.")},
    )


@transaction.atomic
def reword_at_desk(*, request: SignedInRequest, event: Event, text: str) -> None:
    """The new words with the line of the log, which keeps those before. Raises Changed."""
    before = event.state_note
    reword(event=event, text=text)
    record_act(request=request, verb="reworded the race's note", target=event.slug, reason=f"Before: {before}"[:500])


@transaction.atomic
def decide_at_desk(*, request: SignedInRequest, form: DecisionForm, seen: tuple[int, int]) -> EventDecision:
    """The decision with the line of the log. Raises Changed."""
    token, choice = form.cleaned_data["form_token"], form.choice()
    known = EventDecision.objects.filter(token=token).exists()
    decision = decide(event=form.event, choice=choice, seen=seen, by=request.user, token=token)
    if not known:
        target = f"{form.event.slug} {choice.kind}: {seen[0]} people, {seen[1]} cents"
        record_act(request=request, verb="decided about the race", target=target, reason=choice.text[:500])
    nudge(tasks.carry_out)
    return decision


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def event_state(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    posted = request.method == "POST"
    wish = request.POST.get("kind", "") if posted else request.GET.get("to", "")
    kind = next((state for state in NEXT[State(event.state)] if state == wish), None)
    if kind is None:
        return _overview(request, event, missed=posted)
    form = DecisionForm(event, kind, request.POST if posted else None)
    if not form.is_valid() or "change" in request.POST:
        status = 422 if form.errors else 200
        return show(request, "registrations", "decision", {"event": event, "form": form, "kind": kind}, status)
    seen, status = form.seen(), 200
    if seen and "confirm" in request.POST:
        try:
            decide_at_desk(request=request, form=form, seen=seen)
        except Changed:
            form.add_error(None, _("Somebody registered or cancelled meanwhile. Nothing was done: look once more."))
            status = 422
        else:
            messages.success(request, _("It is decided, and the public pages say so."))
            return redirect("desk_event_state")
    return _dry_run(request, form, status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def event_note(request: SignedInRequest) -> HttpResponse:
    """The words about a race that is cancelled or postponed; of one that takes place there are none."""
    event = current_event()
    if event.state == State.SCHEDULED:
        return redirect("desk_event_state")
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"text": event.state_note})
    if form.is_valid():
        try:
            reword_at_desk(request=request, event=event, text=form.cleaned_data["text"])
        except Changed:
            messages.error(request, _("The race stands otherwise than when you opened the form. Nothing was done."))
        else:
            messages.success(request, _("The public pages say so now."))
        return redirect("desk_event_state")
    context = {"event": event, "form": form}
    return show(request, "registrations", "event_note", context, 422 if form.errors else 200)


def _overview(request: SignedInRequest, event: Event, *, missed: bool) -> HttpResponse:
    """How the race stands, what was decided, and what can be. `missed`: a form came that fits nothing of it."""
    decisions = list(event.decisions.select_related("by")[:SHOWN])
    context = {
        "event": event,
        "next": NEXT[State(event.state)],
        "decisions": decisions,
        "progress": progress_of(decisions[0]) if decisions else None,
        "missed": missed,
    }
    return show(request, "registrations", "event_state", context, 422 if missed else 200)


def _dry_run(request: SignedInRequest, form: DecisionForm, status: int) -> HttpResponse:
    choice = form.choice()
    plan = plan_of(form.event, choice.kind, refund=choice.refund)
    kept = [field.as_hidden() for field in form if not field.name.startswith("seen_")]
    context = {"event": form.event, "form": form, "kind": form.state, "choice": choice, "plan": plan, "kept": kept}
    context["refund_sum"] = dollars(plan.refund_cents)
    return show(request, "registrations", "dry_run", context, status)
