"""Making and hiding personal pages."""

import secrets

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from events.models import Event
from events.services import public_edit
from fundraisers.models import Fundraiser
from teams.models import Team

# Addresses that a page may not take, because a stranger would read something else into them.
RESERVED = frozenset({"admin", "api", "desk", "donate", "event", "give", "help", "money", "new", "register", "support"})


@transaction.atomic
def create_fundraiser(
    *,
    event: Event,
    name: str,
    team: Team | None = None,
    email: str = "",
    title: str = "",
    story: str = "",
    goal_cents: int | None = None,
    is_listed: bool = True,
) -> Fundraiser:
    """A page with the event's next bib number, complete without further work. Amounts in cents.

    The address of one that is not listed cannot be guessed from the runner's name.
    """
    Event.objects.select_for_update().get(pk=event.pk)
    public_edit(event.pk)
    last = Fundraiser.objects.filter(event=event).aggregate(bib=Max("bib"))["bib"] or 100
    return Fundraiser.objects.create(
        event=event,
        bib=last + 1,
        slug=_free_slug(event, name if is_listed else f"{name[:40]} {secrets.token_hex(5)}", last + 1),
        name=name,
        team=team,
        email=email,
        title=title,
        story=story,
        goal_cents=goal_cents or event.default_goal_cents,
        is_listed=is_listed,
    )


def _free_slug(event: Event, name: str, bib: int) -> str:
    """The name as an address, or with the bib behind it where that is taken or means something else."""
    plain = slugify(name)[:60]
    slug = plain if plain and plain not in RESERVED else f"{plain or 'runner'}-{bib}"
    while Fundraiser.objects.filter(event=event, slug=slug).exists():
        slug = f"{slug}-{bib}"
    return slug[:80]


@transaction.atomic
def set_hidden(*, fundraiser: Fundraiser, hidden: bool) -> None:
    """Takes a page away from every address of ours at once, or brings it back."""
    public_edit(fundraiser.event_id)
    Fundraiser.objects.filter(pk=fundraiser.pk).update(is_hidden=hidden)
