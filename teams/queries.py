"""Teams as the public may see them, what their captains may see, and which names are free."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from common.lookalikes import skeleton
from common.odd_words import is_odd
from events.models import Event
from teams.models import Captain, Team, TeamGroup

RUNNERS_IN_A_GOAL = 4


def public_team(event: Event, slug: str) -> Team:
    """The team that everybody may see; a hidden one is 404 like one that never was."""
    team = public_teams(event).filter(slug=slug).first()
    if team is None:
        raise Http404
    team.event = event
    return team


def public_teams(event: Event) -> QuerySet[Team]:
    return Team.objects.filter(event=event, is_hidden=False).select_related("group")


def public_group(event: Event, slug: str) -> TeamGroup:
    return get_object_or_404(TeamGroup, event=event, slug=slug)


def groups_of(event: Event) -> QuerySet[TeamGroup]:
    """The groups of an event, with the number and the sum of their teams that everybody may see. Cents."""
    shown = Q(teams__is_hidden=False)
    found = TeamGroup.objects.filter(event=event).annotate(
        team_count=Count("teams", filter=shown), raised_cents=Sum("teams__raised_cents", filter=shown, default=0)
    )
    return found.order_by("name", "pk")


def team_of_captain(user: User, slug: str) -> Team:
    """The guard of a team's captains: the team of the current event, for them alone; 404 for everybody else.

    One that is hidden is not worked at: its captains find it at `led_team` only.
    """
    team = led_team(user, slug)
    if team.is_hidden:
        raise Http404
    return team


def led_team(user: User, slug: str) -> Team:
    """The same guard, hidden or not."""
    return get_object_or_404(teams_led_by(user).select_related("event", "group"), slug=slug)


def teams_led_by(user: User) -> QuerySet[Team]:
    """The person's teams of the current event, hidden ones, too."""
    return Team.objects.filter(captains__user=user, event__is_current=True).order_by("name")


def is_first_captain(team: Team, user: User) -> bool:
    return Captain.objects.filter(team=team, user=user, is_first=True).exists()


def usual_goal_cents(event: Event) -> int:
    """A team's goal until somebody sets another."""
    return event.default_goal_cents * RUNNERS_IN_A_GOAL


def look_of(name: str) -> str:
    """The skeleton that is kept beside a team's name."""
    return skeleton(name)[:160]


def team_that_looks_like(event: Event, name: str) -> Team | None:
    """The team whose name a reader would take for this one, hidden or not."""
    return Team.objects.filter(event=event, skeleton=look_of(name)).order_by("pk").first()


def name_problem(event: Event, name: str, *, own: Team | None = None) -> str:
    """Why a team may not be called this, as a sentence; empty where it may. `own` is the team that is renamed."""
    other = team_that_looks_like(event, name)
    if other and other != own:
        return _("There is a team with this name, or one that looks the same. Choose another, or join that team.")
    if is_odd(name):
        return _("A team cannot be called this: it names a way to reach somebody, or may hurt. Choose another.")
    taken = {event.name, *event.beneficiaries.values_list("name", flat=True)}
    if look_of(name) in {look_of(each) for each in taken}:
        return _("This is the name of the race or of an organization it runs for. Choose another.")
    return ""


def miscounted_teams() -> QuerySet[Team, Any]:
    """Teams whose number of members is not what it should be, with the `found_count` it should be."""
    found = Count("fundraisers", filter=Q(fundraisers__is_hidden=False))
    return Team.objects.annotate(found_count=found).exclude(found_count=F("member_count"))
