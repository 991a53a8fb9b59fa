"""Making teams."""

from django.utils.text import slugify

from events.models import Event
from teams.models import Team


def team_named(*, event: Event, name: str) -> Team:
    """The event's team of this name, made when it is new."""
    team, _created = Team.objects.get_or_create(event=event, slug=slugify(name)[:80] or "team", defaults={"name": name})
    return team
