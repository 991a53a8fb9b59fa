"""What a share card says, its address, and the card itself, drawn once for each address.

The address is a digest of everything that the card shows: a gift, a new photo or another drawing makes a new one, and
a messenger that keeps pictures for weeks shows the right one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.core.cache import caches
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import skyline
from common.money import short_dollars
from common.photos import read_photo
from events.models import Beneficiary, Event
from fundraisers import card_drawing, palette
from fundraisers.card_drawing import Face, Lane
from fundraisers.models import Fundraiser
from fundraisers.palette import drawable
from teams.models import Team

KEPT_SECONDS = 3600
PHOTO_WIDTH = 1200


@dataclass(frozen=True)
class Card:
    face: Face
    photo: str = ""

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(repr((_drawing(), self)).encode()).hexdigest()[:24]

    def jpeg(self) -> bytes:
        """The card of this digest, drawn where nobody has asked for it lately."""
        key = f"card:{self.digest}"
        kept = caches["cards"].get(key)
        if isinstance(kept, bytes):
            return kept
        drawn = card_drawing.draw(self.face, read_photo(self.photo, PHOTO_WIDTH) if self.photo else None)
        caches["cards"].set(key, drawn, KEPT_SECONDS)
        return drawn


def runner_card(page: Fundraiser, event: Event, lanes: Sequence[Beneficiary]) -> Card:
    """Of a protected page it says nothing but the event: a card travels further than its page."""
    if page.is_protected:
        return neutral_card(event, lanes)
    team = page.team.name if page.team and not page.team.is_hidden else ""
    face = _face(event, lanes, page.bib, page.name, team, page.raised_cents, page.goal_cents, number=str(page.bib))
    return Card(face, page.photo)


def team_card(team: Team, event: Event, lanes: Sequence[Beneficiary]) -> Card:
    words = ngettext("A team of %(count)s runner", "A team of %(count)s runners", team.member_count)
    under = words % {"count": team.member_count}
    return Card(_face(event, lanes, -team.pk, team.name, under, team.raised_cents, team.goal_cents), team.photo)


def event_card(event: Event, lanes: Sequence[Beneficiary]) -> Card:
    return Card(_face(event, lanes, 0, event.name, event.tagline, event.raised_cents, event.goal_cents))


def neutral_card(event: Event, lanes: Sequence[Beneficiary]) -> Card:
    """The event without a person and without an amount."""
    return Card(_face(event, lanes, 0, event.name, event.tagline, None, 0))


def _face(
    event: Event,
    lanes: Sequence[Beneficiary],
    morning: int,
    name: str,
    under: str,
    raised_cents: int | None,
    goal_cents: int,
    number: str = "",
) -> Face:
    """An amount of None shows a sentence; without a goal the lanes are full."""
    amount = _("Fifty dollars is fifty dollars.") if raised_cents is None else short_dollars(raised_cents)
    run, beside = 1000, ""
    if raised_cents is not None and goal_cents:
        run = max(0, min(1000, raised_cents * 1000 // goal_cents))
        beside = _("of %(goal)s") % {"goal": short_dollars(goal_cents)}
    return Face(
        morning=morning,
        head=drawable(f"{event.name} · {when_and_where(event)}"),
        number=number,
        name=drawable(name),
        under=drawable(under),
        amount=amount,
        beside=beside,
        lanes=tuple(Lane(drawable(lane.name), lane.place, run) for lane in lanes if lane.weight),
    )


def when_and_where(event: Event) -> str:
    """`December 9, Minneapolis`; for a race that does not take place then, what became of it."""
    if event.state != Event.State.SCHEDULED:
        return str(event.get_state_display())
    return f"{date_format(event.starts_at.astimezone(event.zone), 'F j')}, {event.city}"


@cache
def _drawing() -> str:
    """Another drawing makes other cards, with nobody having to think of it."""
    sources = (card_drawing.__file__, palette.__file__, skyline.__file__)
    return hashlib.sha256(b"".join(Path(source).read_bytes() for source in sources)).hexdigest()
