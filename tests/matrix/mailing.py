"""For the matrix: a mailing list with a letter and a file on their way, and what their forms send."""

from io import BytesIO
from typing import Any

from django import forms

from accounts.models import User
from common import clock
from common.stamps import stamp
from desk.addresses import CommitForm, FileForm
from desk.letters import ActForm, LetterForm, SendForm
from desk.newsletter import OffForm
from events.models import Event
from outreach.news import files, letters
from outreach.news.consent import NEWEST
from outreach.news.forms import SignUpForm
from outreach.news.models import NEWS_CONFIRM, NEWS_OFF, Subscriber
from outreach.news.subscribing import Reason, take_off
from outreach.tokens import token_of


class Again(BytesIO):
    """A file that can be sent more than once."""

    name = "readers.csv"

    def read(self, *size: int | None) -> bytes:
        self.seek(0)
        return super().read(*size)


def mailing_list(event: Event, by: User) -> dict[str, object]:
    """Two who confirmed, of whom one cannot be reached; a draft; a file that waits."""
    on, off = (
        Subscriber.objects.create(email=f"{name}@example.org", words=NEWEST, confirmed_at=clock.now())
        for name in ("reads", "bounces")
    )
    take_off(emails=[off.email], reason=Reason.BOUNCED)
    letter = letters.write(event=event, subject="Where it went", text="To the three.", by=by)
    kept = files.keep(name="a.csv", content=b"email\nnew@example.org\n", proof="At the race", by=by)
    drafts = ("desk_letter", *(f"desk_letter_{what}" for what in ("edit", "html", "test", "send", "act")))
    return {
        "news_confirm": token_of(NEWS_CONFIRM, [on.pk, clock.now().timestamp()]),
        "news_off": token_of(NEWS_OFF, on.pk),
        **dict.fromkeys(("desk_subscriber", "desk_subscriber_back"), off.pk),
        **dict.fromkeys(drafts, letter.pk),
        "desk_address_file": kept.pk,
    }


LETTER = {"subject": "News", "text": "It went to the three.", "edition": "1"}
SAID = {"source": "At the race", "said_on": "2026-01-01"}
WRITES: dict[str, tuple[str, type[forms.BaseForm], Any]] = {
    "newsletter_sign_up": ("anonymous", SignUpForm, {"email": "ana@example.org", "drawn": stamp()}),
    "desk_subscriber_back": ("organizer", forms.Form, {}),
    "desk_subscribers_off": ("organizer", OffForm, {"emails": "ana@example.org", "reason": "desk"}),
    "desk_address_files": ("organizer", FileForm, lambda _world: {"file": Again(b"email\nana@example.org\n"), **SAID}),
    "desk_address_file": ("organizer", CommitForm, {"what": "import", "new": "1"}),
    "desk_letter_new": ("organizer", LetterForm, LETTER),
    "desk_letter_edit": ("organizer", LetterForm, LETTER),
    "desk_letter_test": ("organizer", forms.Form, {}),
    "desk_letter_send": ("organizer", SendForm, {"gets": "1", "edition": "1"}),
    "desk_letter_act": ("organizer", ActForm, {"what": "throw_away"}),
}
