"""Making teams."""

from itertools import count

from django.utils.text import slugify

from events.models import Event
from teams.models import Team


def team_named(*, event: Event, name: str) -> Team:
    """The event's team of this name, made when it is new. Names that make the same address are different teams."""
    teams = Team.objects.filter(event=event)
    if team := teams.filter(name__iexact=name).first():
        return team
    slug = slugify(name)[:70] or "team"
    taken = set(teams.filter(slug__startswith=slug).values_list("slug", flat=True))
    free = slug if slug not in taken else next(each for n in count(2) if (each := f"{slug}-{n}") not in taken)
    return Team.objects.create(event=event, slug=free, name=name)
