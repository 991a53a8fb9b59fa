"""Stories at the desk: read, shortened with what was sent beside it, published, declined, answered."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.text import one_line
from desk.services import Changed
from desk.shell import CHANGED, page_of, show
from donations.giving.moderation import digest_of
from events.models import Event, Story
from events.queries import current_event
from outreach import stories as telling
from outreach.models import OutboxMail

MODERATORS = (Role.ORGANIZER, Role.MODERATOR)
State = Story.State
# What a moderator can make of a story; withdrawing is its author's.
CHOICES = [(State.PUBLISHED, State.PUBLISHED.label), (State.DECLINED, State.DECLINED.label), (State.WAITING, "")]
SAID = {
    State.PUBLISHED: gettext_lazy("It is published."),
    State.DECLINED: gettext_lazy("It is on no page of ours."),
    State.WAITING: gettext_lazy("It waits again."),
}


class WordsForm(forms.Form):
    """What everybody will read."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=80,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    attribution = forms.CharField(
        label=gettext_lazy("Name to show"),
        max_length=80,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Enter the name to show, or “Somebody”.")},
    )
    content_note = forms.CharField(
        label=gettext_lazy("Content note"),
        help_text=gettext_lazy(
            "What it speaks of, in a few words: it stands before the story, so that readers choose."
        ),
        max_length=200,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Say what it speaks of.")},
    )
    text = forms.CharField(
        label=gettext_lazy("The story"),
        help_text=gettext_lazy("Shorten it, and leave out what could put somebody in danger. Add no words."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": gettext_lazy("A story has words.")},
    )
    lead = forms.CharField(
        label=gettext_lazy("One sentence of it, to quote (optional)"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        lead, text = " ".join(data.get("lead", "").split()), " ".join(data.get("text", "").split())
        if lead and lead not in text:
            self.add_error("lead", _("Quote it exactly: these words do not stand in the story."))
        return {**data, "lead": lead}


class StateForm(forms.Form):
    """What becomes of the story, and which words were read."""

    state = forms.ChoiceField(choices=CHOICES)
    seen = forms.CharField(max_length=16)


class ListForm(forms.Form):
    state = forms.ChoiceField(choices=State.choices, required=False)

    def chosen(self) -> str:
        return (self.cleaned_data["state"] if self.is_valid() else "") or State.WAITING


class MailForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Write to its author"),
        help_text=gettext_lazy("They can answer by mail. The private link to withdraw goes along."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write something.")},
    )
    # How many such mails there were: the same press twice is one mail.
    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


# --- What a press does ---------------------------------------------------------------------------------------


@transaction.atomic
def decide(*, request: HttpRequest, story: Story, state: str, seen: str) -> None:
    """Publishes a story or takes it away. Raises Changed when others words than `seen` stand there now."""
    story = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    if words_of(story) != seen or story.state == State.WITHDRAWN:
        raise Changed
    telling.set_state(story=story, state=state)
    record_act(request=request, verb=f"set a story to {state}", target=f"story {story.pk}")


@transaction.atomic
def edit(*, request: HttpRequest, story: Story, words: dict[str, Any]) -> None:
    changed = sorted(name for name, value in words.items() if value != getattr(story, name))
    telling.edit(story=story, words=words)
    record_act(request=request, verb="edited a story", target=f"story {story.pk}: {', '.join(changed)}")


@transaction.atomic
def write(*, request: HttpRequest, story: Story, text: str, number: int) -> None:
    telling.write_to(story=story, text=text, number=number)
    record_act(request=request, verb="wrote to a story's author", target=f"story {story.pk}")


def words_of(story: Story) -> str:
    """A name for the words as they stand: a press carries it, so that nothing is published unread."""
    return digest_of([story.title, story.attribution, story.content_note, story.text, story.lead])


def changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """What was left out and what was put in, word by word: ("same" | "out" | "in", words)."""
    old, new = before.split(), after.split()
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(old[start:end])
            continue
        if end > start:
            yield "out", " ".join(old[start:end])
        if new_end > new_start:
            yield "in", " ".join(new[new_start:new_end])


# --- Pages ---------------------------------------------------------------------------------------------------


def _stories(event: Event) -> "QuerySet[Story]":
    """Oldest first: whoever waits longest is read first."""
    return event.stories.order_by("created_at", "pk")


@require_safe
@desk_view(*MODERATORS)
def stories(request: SignedInRequest) -> HttpResponse:
    event, state = current_event(), ListForm(request.GET).chosen()
    counts = dict(event.stories.order_by().values_list("state").annotate(Count("pk")))
    tabs = [(name, label, counts.get(name, 0)) for name, label in State.choices]
    found = page_of(request, _stories(event).filter(state=state))
    return show(request, "stories", "stories", {"event": event, "page_obj": found, "state": state, "tabs": tabs})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*MODERATORS)
def story(request: SignedInRequest, pk: int) -> HttpResponse:
    event = current_event()
    one = get_object_or_404(event.stories, pk=pk)
    was = {name: getattr(one, name) for name in WordsForm.base_fields}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=was)
    if form.is_valid():
        edit(request=request, story=one, words=form.cleaned_data)
        messages.success(request, _("Kept. Read it once more, then publish it."))
        return redirect("desk_story", pk)
    return _page(request, one, form=form)


@require_POST
@desk_view(*MODERATORS)
def set_state(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(current_event().stories, pk=pk)
    form = StateForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say what to do with the story. Nothing was done."))
    if form.cleaned_data["state"] == State.PUBLISHED and not one.content_note:
        messages.error(request, _("It has no content note yet. Write one, then publish it. Nothing was done."))
        return redirect("desk_story", pk)
    try:
        decide(request=request, story=one, **form.cleaned_data)
    except Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, SAID[State(form.cleaned_data["state"])])
    return redirect("desk_story", pk)


@require_POST
@desk_view(*MODERATORS)
def write_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(current_event().stories.exclude(email=""), pk=pk)
    form = MailForm(request.POST)
    if not form.is_valid():
        return _page(request, one, mail=form)
    write(request=request, story=one, **form.cleaned_data)
    messages.success(request, _("The mail is on its way."))
    return redirect("desk_story", pk)


def _page(
    request: SignedInRequest, one: Story, form: WordsForm | None = None, mail: MailForm | None = None
) -> HttpResponse:
    written = OutboxMail.objects.filter(key__startswith=f"story:{one.pk}:words:").count()
    initial, sent = {name: getattr(one, name) for name in WordsForm.base_fields}, mail or form
    context = {
        "event": one.event,
        "story": one,
        "words": form or WordsForm(initial=initial),
        "mail": mail or MailForm(initial={"number": written}),
        # The frame says what is wrong in the form that was sent.
        "form": sent,
        "seen": words_of(one),
        "changes": list(changes(one.submitted.get("text", ""), one.text)) if one.submitted else [],
    }
    return show(request, "stories", "story", context, 422 if sent and sent.errors else 200)
