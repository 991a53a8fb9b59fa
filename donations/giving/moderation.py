"""Which words of a donor everybody may read at once, and which a moderator reads first.

Held are all words of a gift together: its name, message and dedication. On a protected page every word is held, since
a name can hurt whoever hides there. Elsewhere what a filter finds is held. It is made to find too much rather than to
be clever: a moderator decides within one click, and the gift itself counts at once.
"""

import re
import unicodedata
from hashlib import sha256
from typing import Protocol

from common.lookalikes import mixes_scripts
from donations.giving.models import Donation
from fundraisers.models import Fundraiser
from registration.models import Participant

State = Donation.MessageState

_REACH = re.compile(
    r"""
    https?:|www\.|\b[\w-]+\.(?:com|org|net|info|biz|io|co|us|ru|cn|xyz|top|site|online|shop|club|me|tv|app|link|ly|gg)\b
    |\w@\w|@\w{2}                               # an e-mail address or somebody's handle
    |(?:\d[\s().+-]*){7}                        # a telephone number
    |\b\d{1,5}\s+(?:\w+\.?\s+){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Beginnings of words. A name that is one of them by chance waits for a moderator, no more.
_ABUSE = re.compile(
    r"\b(?:fuck|motherf|shit|bullsh|cunt|bitch|whore|slut|hoe\b|hoes\b|skank|pimp|porn|nudes?\b|onlyfans|escort|"
    r"nigg|fagg?ot|fags?\b|tranny|retard|spics?\b|chink|kike|raghead|wetback|rape\b|rapist|pedo|paedo|"
    r"kys\b|kill (?:your|her|him|them)sel|hang yoursel|go die|should die|you deserved?\b|i know where|snitch|liar\b)"
)
# What stands for a letter in words that are meant to slip through.
_LETTERS = str.maketrans("0134578@$!", "oieastbasi")


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
    return sha256("\n".join(sorted(public_words(said))).encode()).hexdigest()[:16]


def is_odd(text: str) -> bool:
    """Whether these words name a way to reach somebody, or are among those that hurt."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if unicodedata.category(character) not in ("Mn", "Cf")
    ).casefold()
    spelled = re.sub(r"(.)\1{2,}", r"\1", plain.translate(_LETTERS))
    together = re.sub(r"(?<=\b\w)[\s.*_-]+(?=\w\b)", "", plain)
    return bool(_REACH.search(plain) or any(map(_ABUSE.search, (plain, spelled, together))) or mixes_scripts(text))


def _is_protected(said: Words) -> bool:
    page, person = said.fundraiser, said.participant
    return bool((page and page.is_protected) or (person and person.is_protected))
