"""Stories that people send: read by a person before anybody sees them, and taken back by their author at any time."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import Event, Story
from events.services import public_edit
from outreach.models import OutboxMail
from outreach.privacy import silence
from outreach.services import queue

State = Story.State
LINK = "story_token"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has sent: their words, the name to show with them or none, and what they agreed to."""

    text: str
    name: str
    email: str
    content_note: str
    may_quote: bool
    consents: list[str]


@transaction.atomic
def submit(*, event: Event, told: Told, form_token: UUID) -> Story:
    """Keeps a story for a moderator, and mails its author the private link. The same token again is a no-op."""
    # One after the other: a second press at the same moment finds the first one's story.
    Event.objects.select_for_update().get(pk=event.pk)
    found = Story.objects.filter(form_token=form_token).first()
    if found:
        return found
    name = told.name or _("Somebody")
    story = Story.objects.create(
        event=event,
        slug=f"told-{secrets.token_hex(5)}",
        title=_("%(name)s's story") % {"name": told.name} if told.name else _("A story without a name"),
        attribution=name,
        text=told.text,
        content_note=told.content_note,
        place=(event.stories.aggregate(last=Max("place"))["last"] or 0) + 1,
        may_quote=told.may_quote,
        email=told.email,
        submitted={"name": told.name, "text": told.text, "content_note": told.content_note},
        consents=told.consents,
        form_token=form_token,
    )
    queue([_mail(story, "received")])
    return story


@transaction.atomic
def set_state(*, story: Story, state: str) -> None:
    """Publishes a story or takes it away, everywhere at once; its author hears once that it is public, or is not.

    The words of one that its author has withdrawn are gone: nothing brings them back, and this does nothing.
    """
    public_edit(story.event_id)
    rows = Story.objects.filter(pk=story.pk).exclude(state__in=(state, State.WITHDRAWN))
    if not rows.update(state=state, from_file=False):
        return
    story.refresh_from_db()
    if state in (State.PUBLISHED, State.DECLINED):
        queue([_mail(story, state)])


@transaction.atomic
def edit(*, story: Story, words: dict[str, Any]) -> None:
    """The title, name, lead, text and content note as the desk has them. What was sent stays beside it."""
    public_edit(story.event_id)
    Story.objects.filter(pk=story.pk).exclude(state=State.WITHDRAWN).update(**words, from_file=False)


@transaction.atomic
def withdraw(*, story: Story) -> None:
    """At once, for good: the words leave our database, not only the page. The row stays, to say that it was so."""
    public_edit(story.event_id)
    rows = Story.objects.select_for_update().filter(pk=story.pk).exclude(state=State.WITHDRAWN)
    if found := rows.first():
        told = OutboxMail.objects.filter(key__startswith=f"story:{found.pk}:")
        silence(list(told.values_list("key", flat=True)))
        told.update(to="")
        queue([_mail(found, "withdrawn")])
        blank: dict[str, Any] = dict.fromkeys(("lead", "text", "content_note", "email"), "")
        title = _("A story that was withdrawn")
        rows.update(**blank, title=title, attribution=_("Somebody"), submitted={}, state=State.WITHDRAWN)


def write_to(*, story: Story, text: str, number: int) -> None:
    """A moderator's own words to the author, once for each `number`."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    queue([_mail(story, f"words:{number}", _("About the story you sent us"), paragraphs)])


def _mail(story: Story, kind: str, heading: str = "", text: list[str] | None = None) -> OutboxMail:
    if text is None:
        heading, text = _said(story, kind)
    context: dict[str, Any] = {"heading": heading, "text": text}
    if kind != "withdrawn":
        context[LINK] = story.pk
    if kind == State.PUBLISHED:
        context["url"] = settings.SITE_URL + reverse("story", args=[story.slug])
    key = f"story:{story.pk}:{kind}"
    return OutboxMail(
        key=key, to=story.email, event=story.event, subject=heading, template="email/story", context=context
    )


def _said(story: Story, kind: str) -> tuple[str, list[str]]:
    """The heading and the paragraphs of a mail."""
    return {
        "received": (
            _("We have your story"),
            [
                _("Thank you for trusting us with it. A person reads it before anybody else sees it."),
                _("We may shorten it, or leave out what could put somebody in danger. We add no words to yours."),
                _("With the link below you can see how it stands, and withdraw it at any time, without a reason."),
            ],
        ),
        State.PUBLISHED: (
            _("Your story is published"),
            [_("You can withdraw it at any time, with one press: it is gone from our pages within seconds.")],
        ),
        State.DECLINED: (
            _("Your story is not on our pages"),
            [_("That says nothing about its worth. If you want to talk about it, answer this mail.")],
        ),
        "withdrawn": (
            _("Your story is withdrawn"),
            [_("It is gone from our pages, and its words are deleted from our files. Thank you for all you did.")],
        ),
    }[kind]
