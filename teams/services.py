"""Making and changing teams, and who leads them."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common.photos import remove_photo
from events.models import Event
from events.services import public_edit
from outreach.services import queue
from teams import emails
from teams.models import Captain, Team, TeamGroup
from teams.queries import look_of, name_problem, team_that_looks_like, usual_goal_cents


class Refused(Exception):
    """Nothing was changed; the message is a sentence for the person who asked."""


@transaction.atomic
def create_team(
    *,
    event: Event,
    name: str,
    captain: User | None = None,
    goal_cents: int | None = None,
    story: str = "",
    joining: str = Team.Joining.OPEN,
    group: TeamGroup | None = None,
) -> Team:
    """A team with an address of its own; `captain` leads it. The goal is in cents, None for the usual one.

    Raises Refused when the name is taken, or looks like one that is.
    """
    moved = public_edit(event.pk)
    if problem := name_problem(event, name):
        raise Refused(problem)
    team = _create(event, name, moved)
    team.goal_cents = goal_cents or team.goal_cents
    team.story, team.joining, team.group = story, joining, group
    team.save(update_fields=["goal_cents", "story", "joining", "group"])
    if captain:
        Captain.objects.create(team=team, user=captain, is_first=True)
    return team


@transaction.atomic
def team_named(*, event: Event, name: str) -> Team:
    """The event's team of this name or one that looks the same, made when it is new; nobody leads a new one yet."""
    moved = public_edit(event.pk)
    return team_that_looks_like(event, name) or _create(event, name, moved)


def _create(event: Event, name: str, moved: int) -> Team:
    return Team.objects.create(
        event=event,
        slug=_free_slug(Team.objects.filter(event=event), name),
        name=name,
        skeleton=look_of(name),
        goal_cents=usual_goal_cents(event),
        moved=moved,
    )


def _free_slug(rows: QuerySet[Any], name: str) -> str:
    """The name as an address. Different names that make the same one are told apart by a number."""
    slug = slugify(name)[:70] or "team"
    # /me/teams/new is where teams are started.
    taken = {"new"} | set(rows.filter(slug__startswith=slug).values_list("slug", flat=True))
    return slug if slug not in taken else next(each for n in count(2) if (each := f"{slug}-{n}") not in taken)


@transaction.atomic
def edit_team(*, team: Team, name: str, goal_cents: int, story: str, joining: str, group: TeamGroup | None) -> Team:
    """What captains change. The address stays, so that links keep working. Raises Refused for a name that is taken."""
    public_edit(team.event_id)
    if problem := name_problem(team.event, name, own=team):
        raise Refused(problem)
    team.name, team.skeleton, team.goal_cents = name, look_of(name), goal_cents
    team.story, team.joining, team.group = story, joining, group
    team.save(update_fields=["name", "skeleton", "goal_cents", "story", "joining", "group"])
    return team


@transaction.atomic
def set_team_hidden(*, team: Team, hidden: bool, by: str = Team.HiddenBy.STAFF) -> None:
    """Takes a team and its name away from every address of ours at once, or brings it back. Its members' pages stay.

    What the organizers have hidden, only they show again: Refused for its captains.
    """
    moved = public_edit(team.event_id)
    teams = Team.objects.filter(pk=team.pk)
    if by == Team.HiddenBy.CAPTAIN:
        teams = teams.filter(Q(is_hidden=False) | Q(hidden_by=by))
    if not teams.update(is_hidden=hidden, hidden_by=by if hidden else "", moved=moved):
        raise Refused(_("The organizers have hidden this team. Nothing was changed. Please write to them."))


@transaction.atomic
def set_team_photo(*, team: Team, name: str) -> None:
    """Shows a stored photo by its name, or none for ""; the one before is deleted."""
    public_edit(team.event_id)
    old = Team.objects.values_list("photo", flat=True).get(pk=team.pk)
    Team.objects.filter(pk=team.pk).update(photo=name)
    transaction.on_commit(lambda: remove_photo(old))


@transaction.atomic
def assign_group(*, team: Team, group: TeamGroup | None) -> None:
    public_edit(team.event_id)
    Team.objects.filter(pk=team.pk).update(group=group)


@transaction.atomic
def create_group(*, event: Event, name: str) -> TeamGroup:
    """A company, school or church that groups teams. Raises Refused when there is one of this name."""
    public_edit(event.pk)
    if TeamGroup.objects.filter(event=event, name__iexact=name).exists():
        raise Refused(_("There is a group of this name."))
    return TeamGroup.objects.create(event=event, slug=_free_slug(event.team_groups.all(), name), name=name)


@transaction.atomic
def add_captain(*, team: Team, user: User) -> None:
    """Makes a person a co-captain; one who is captain already stays what they are."""
    public_edit(team.event_id)
    Captain.objects.get_or_create(team=team, user=user)


@transaction.atomic
def remove_captain(*, team: Team, user: User) -> None:
    """A co-captain leads no longer. The captain stays: the captaincy is handed over, never taken."""
    public_edit(team.event_id)
    Captain.objects.filter(team=team, user=user, is_first=False).delete()


@transaction.atomic
def hand_over(*, team: Team, to: User) -> None:
    """Makes `to` the captain, and tells them; who was it becomes a co-captain."""
    edit = public_edit(team.event_id)
    Captain.objects.filter(team=team, is_first=True).update(is_first=False)
    Captain.objects.update_or_create(team=team, user=to, defaults={"is_first": True})
    queue([emails.made_captain(team, to.email, edit)])


def count_members(teams: Iterable[int | None], *, moved: int) -> None:
    """Counts who is on these teams, in the transaction of whatever made, moved, hid or showed a page of theirs.

    Takes the numbers of teams (None is no team) and what `public_edit` gave to that transaction.
    """
    _count(Team.objects.filter(pk__in=sorted(number for number in set(teams) if number)), moved)


@transaction.atomic
def recount_members(*, event: Event) -> None:
    """Counts the members of all teams of an event anew."""
    _count(Team.objects.filter(event=event), public_edit(event.pk))


def _count(teams: QuerySet[Team], moved: int) -> None:
    shown = Count("fundraisers", filter=Q(fundraisers__is_hidden=False))
    members = Team.objects.filter(pk=OuterRef("pk")).values("pk").annotate(count=shown).values("count")
    teams.update(member_count=Subquery(members), moved=moved)
