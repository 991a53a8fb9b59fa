"""Which words of a donor everybody may read at once, and which a moderator reads first.

Held are all words of a gift together: its name, message and dedication. On a protected page every word is held, since
a name can hurt whoever hides there. Elsewhere what a filter finds is held. The gift itself counts at once.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol

from common.odd_words import is_odd
from donations.giving.models import Donation
from fundraisers.models import Fundraiser
from registration.models import Participant

State = Donation.MessageState


class Words(Protocol):
    """What a donor wrote, in an order or in a gift."""

    @property
    def kind(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def alias(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def dedicated_to(self) -> str: ...
    @property
    def fundraiser(self) -> Fundraiser | None: ...
    @property
    def participant(self) -> Participant | None: ...


def public_words(said: Words) -> frozenset[str]:
    """The words of a donor that strangers would read."""
    names = {Donation.Shown.ANONYMOUS: "", Donation.Shown.ALIAS: said.alias}
    name = names.get(Donation.Shown(said.shown), said.name)
    return frozenset(filter(None, (name, said.message, said.dedicated_to)))


def state_of(said: Words) -> Donation.MessageState:
    """Whether these words are shown at once or wait for a moderator. Only gifts are shown to anybody."""
    words = public_words(said) if said.kind == Donation.Kind.GIFT else frozenset()
    return State.WAITING if words and (_is_protected(said) or any(map(is_odd, words))) else State.SHOWN


def state_after(said: Words, before: frozenset[str], state: str) -> Donation.MessageState:
    """The state of words that were changed: what a moderator has judged stays judged, and nothing new slips through."""
    words = public_words(said)
    if words == before or (state == State.SHOWN and words < before):
        return State(state)
    return State.WAITING if words and state == State.REFUSED else state_of(said)


def digest(said: Words) -> str:
    """Stands for the words that somebody has read: what was changed since has another one."""
    return digest_of(public_words(said))


def digest_of(words: Iterable[str]) -> str:
    """Stands for words like those; of the runner's own words, too."""
    return sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]


def _is_protected(said: Words) -> bool:
    page, person = said.fundraiser, said.participant
    return bool((page and page.is_protected) or (person and person.is_protected))
