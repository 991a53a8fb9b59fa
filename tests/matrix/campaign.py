"""For the matrix: a home page with a version that waits, a story that waits, and what their forms send."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms

from accounts.models import User
from common.stamps import stamp
from desk.content import ActForm, SeenForm
from desk.stories import MailForm, StateForm, WordsForm, words_of
from events import content
from events.forms import FactForm
from events.models import Event, Story
from outreach import stories
from outreach.tokens import token_of
from pages.stories import StoryForm

TOKEN = UUID("8d5f0c1e-5d0a-4ad3-9f0e-0f5c1f6f3a55")
FACT = {"figure": "213", "text": "Girls, each month.", "source": "A study", "year": "2010", "seen": "2"}
WORDS = {"title": "Ana's story", "attribution": "Ana", "content_note": "Fear.", "text": "I ran.", "lead": "I ran."}
STORY = {"text": "I ran.", "name": "Ana", "email": "ana@example.org", "content_note": "Fear."}
STORY |= {"mine": "on", "grown": "on", "publish": "on", "form_token": str(TOKEN).replace("8d5f", "9d5f")}


def a_story(event: Event, **more: Any) -> Story:
    """One that somebody has sent, and nobody has read."""
    told = {"text": "I ran.", "name": "Ana", "email": "ana@example.org", "content_note": "Fear.", "may_quote": True}
    given = stories.Told(**{**told, "consents": ["This is my own story."], **more})
    return stories.submit(event=event, told=given, form_token=TOKEN)


def campaign(event: Event, by: User) -> tuple[dict[str, object], dict[str, object]]:
    """What staff and everybody fills into the addresses, and what only a story's author knows."""
    event.refresh_from_db()
    assert event.home
    content.change(event=event, seen=event.home.number, content=event.home.content, what="Nothing", by=by)
    story = a_story(event)
    # So that the next one has an address of its own although the tests' secrets repeat.
    Story.objects.filter(pk=story.pk).update(slug="told-first")
    return {
        "story": "kaiya",
        "desk_home_preview": 2,
        "desk_home_restore": 1,
        "desk_home_add": "facts",
        **dict.fromkeys(("desk_home_edit", "desk_home_act"), ("facts", 0)),
        **dict.fromkeys(("desk_story", "desk_story_state", "desk_story_mail"), story.pk),
    }, {"story_own": token_of(stories.LINK, story.pk)}


def a_press(_world: Any) -> dict[str, str]:
    return {"state": "published", "seen": words_of(Story.objects.get(form_token=TOKEN))}


Write = tuple[str, type[forms.BaseForm], dict[str, Any] | Callable[[Any], dict[str, Any]]]
WRITES: dict[str, Write] = {
    "desk_home_publish": ("organizer", SeenForm, {"seen": "2"}),
    "desk_home_restore": ("organizer", SeenForm, {"seen": "2"}),
    "desk_home_add": ("organizer", FactForm, FACT),
    "desk_home_edit": ("organizer", FactForm, FACT),
    "desk_home_act": ("organizer", ActForm, {"what": "down", "seen": "2"}),
    "desk_story": ("moderator", WordsForm, WORDS),
    "desk_story_state": ("moderator", StateForm, a_press),
    "desk_story_mail": ("moderator", MailForm, {"text": "May we shorten it?", "number": "0"}),
    "story_tell": ("anonymous", StoryForm, STORY | {"drawn": stamp()}),
    "story_own": ("donor", forms.Form, {}),
}
