"""Making teams."""

from collections.abc import Iterable
from itertools import count

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.text import slugify

from events.models import Event
from events.services import public_edit
from teams.models import Team


def team_named(*, event: Event, name: str) -> Team:
    """The event's team of this name, made when it is new. Names that make the same address are different teams."""
    teams = Team.objects.filter(event=event)
    if team := teams.filter(name__iexact=name).first():
        return team
    slug = slugify(name)[:70] or "team"
    taken = set(teams.filter(slug__startswith=slug).values_list("slug", flat=True))
    free = slug if slug not in taken else next(each for n in count(2) if (each := f"{slug}-{n}") not in taken)
    return Team.objects.create(event=event, slug=free, name=name, moved=public_edit(event.pk))


def count_members(teams: Iterable[int | None], *, moved: int) -> None:
    """Counts who is on these teams, in the transaction of whatever made, moved, hid or showed a page of theirs.

    Takes the numbers of teams (None is no team) and what `public_edit` gave to that transaction.
    """
    shown = Count("fundraisers", filter=Q(fundraisers__is_hidden=False))
    members = Team.objects.filter(pk=OuterRef("pk")).values("pk").annotate(count=shown).values("count")
    numbers = sorted(number for number in set(teams) if number)
    Team.objects.filter(pk__in=numbers).update(member_count=Subquery(members), moved=moved)
