"""For the matrix: a screen that is on, widgets by their addresses, and what the desk's forms send."""

from django import forms

from desk.screens import ScreenForm
from fundraisers.models import Fundraiser
from outreach.tokens import token_of
from screens.models import Screen
from screens.queries import PURPOSE, digest_of

WRITES = {
    "desk_screens": ("organizer", ScreenForm, {"name": "Finish line", "place": "Gate 34", "invites": "give"}),
    "desk_revoke_screen": ("organizer", forms.Form, {}),
}


def screens_and_widgets(page: Fundraiser) -> dict[str, object]:
    screen = Screen.objects.create(name="Stage", digest=digest_of("a key"))
    return {
        "screen": token_of(PURPOSE, "a key"),
        "desk_revoke_screen": screen.pk,
        "widget": "thermometer",
        "widget_of": ("thermometer", "r", page.slug),
        "widgets_of": ("r", page.slug),
    }
