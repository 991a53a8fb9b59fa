"""Taking back what is not money: one press after the act, while nothing has changed since.

Nothing is kept for it. The button carries what was there before, signed, for the person who acted and for an hour; the
log shows both acts. Only what can be brought back exactly is offered. What brings it back is in desk.taking_back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404

from accounts.guards import SignedInRequest
from desk.services import Changed
from donations.giving.models import Donation
from donations.giving.moderation import digest
from fundraisers.models import Fundraiser, Update
from registration.models import Participant, PromoCode
from teams.models import Team

SALT, SECONDS = "desk.undo", 3600
ENTRY = ("name", "shirt_size", "emergency_name", "emergency_phone")
State = list[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an act may change of a row, and whether what was there can be brought back exactly."""

    model: Any
    state: Callable[[Any], State]
    is_exact: Callable[[State], bool] = lambda _was: True


def _hidden(page: Fundraiser | Team) -> State:
    return [page.is_hidden, page.hidden_by]


# Who hid a page themselves did so for good: staff that hides it again would do something else.
KINDS = {
    "page": Kept(Fundraiser, _hidden, lambda was: was[1] != Fundraiser.HiddenBy.OWNER),
    "team": Kept(Team, _hidden, lambda was: was[1] != Team.HiddenBy.CAPTAIN),
    "news": Kept(Update, lambda update: [update.is_hidden, update.waits], lambda was: not was[1]),
    "words": Kept(Donation, lambda gift: [gift.message_state, digest(gift)]),
    "entry": Kept(Participant, lambda person: [getattr(person, name) for name in ENTRY]),
    "code": Kept(PromoCode, lambda code: [code.is_active]),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One act that is to be taken back: its row, which is locked, and what was there before."""

    kind: str
    row: Any
    was: State


@contextmanager
def offered(request: SignedInRequest, kind: str, number: int, said: str) -> Iterator[None]:
    """Around an act: says that it is done, with a button that takes it back where that is exact."""
    kept = KINDS[kind]
    with transaction.atomic():
        was = kept.state(_locked(kind, number))
        yield
        became = kept.state(_locked(kind, number))
    token = ""
    if was != became and kept.is_exact(was):
        token = signing.dumps([kind, number, was, became, request.user.pk], salt=SALT, compress=True)
    messages.success(request, said, extra_tags=token)


def step_of(request: SignedInRequest, token: str) -> Step:
    """What a button stands for, in a transaction. Raises Changed when something else happened since, or when it was
    pressed too late; 404 for the button of somebody else.
    """
    try:
        kind, number, was, became, person = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        raise Changed from None
    if person != request.user.pk:
        raise Http404
    row = _locked(kind, number)
    if KINDS[kind].state(row) != became:
        raise Changed
    return Step(kind, row, was)


def _locked(kind: str, number: int) -> Any:
    row = KINDS[kind].model.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise Changed
    return row
