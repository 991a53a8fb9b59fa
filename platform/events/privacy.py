"""What is kept about people who sent the campaign their story, and who are named as sponsors."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from common.privacy import Kept, Part, Purpose, Room, of_address
from events.models import Sponsor, Story
from events.services import public_edit

STORY = Purpose(
    Part.WRITE,
    gettext_lazy("A story that you send us: your words, the name you choose for it, and your e-mail address"),
    gettext_lazy("To ask you before it is shown, and so that you can take it back."),
    gettext_lazy("Until you take it back or ask us to delete it: then it is gone from the site at once."),
    gettext_lazy("Moderators; everybody, once you and we have agreed to show it. The address stays with us."),
)
SPONSOR = Purpose(
    Part.BOOKS,
    gettext_lazy("The name of a sponsor"),
    gettext_lazy("To say who pays the card fees, if the sponsor wants that."),
    gettext_lazy("As long as the sponsor wants it."),
    gettext_lazy("Everybody"),
)


def _take_back(stories: Sequence[Any]) -> None:
    for story in stories:
        public_edit(story.event_id)
        story.delete()


ROOM = Room(
    kept=(
        Kept(
            STORY,
            Story,
            ("title", "attribution", "lead", "text", "content_note", "slug", "email", "submitted", "consents"),
            lambda email: of_address(Story.objects.all(), email, "email"),
            _take_back,
            names=("email", "attribution"),
            also_told=("state", "created_at"),
            untold=("slug",),
        ),
        Kept(SPONSOR, Sponsor, ("name", "url", "logo")),
    ),
    not_personal="Event.slug Event.name Event.tagline Event.timezone Event.venue Event.address Event.city"
    " Event.presets_cents Event.default_story Event.hotlines Event.exit_url Event.postal_address Event.legal_name"
    " Event.contact_email Event.ein Event.legal_note Event.terms Event.refund_policy Event.statement_descriptor"
    " Event.shirt_sizes Event.state_note Event.ledger_code Beneficiary.slug Beneficiary.name Beneficiary.about"
    " Beneficiary.url EntryOption.slug EntryOption.name EntryOption.about Waiver.text Waiver.sha256"
    " HomeVersion.content HomeVersion.what VolunteerPhase.text",
)
