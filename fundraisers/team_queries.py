"""Who is on a team, as far as each reader may see it, and what they raised for it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from fundraisers.models import Fundraiser, JoinRequest
from teams.models import Captain, Team


def members_of(team: Team) -> QuerySet[Fundraiser]:
    """All pages on a team, for its captains and the desk, by name."""
    return Fundraiser.objects.filter(team=team).select_related("owner").order_by("name", "bib")


def named_members(team: Team) -> list[tuple[int, int]]:
    """Members whom strangers may see, as (number of the page, cents credited to page and team). Most first."""
    for_team = Coalesce(Sum("credits__cents", filter=Q(credits__team=team)), 0)
    shown = Fundraiser.objects.filter(team=team, is_hidden=False, is_listed=True)
    return list(shown.annotate(cents=for_team).order_by("-cents", "pk").values_list("pk", "cents"))


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a team's total comes from, so that its board adds up. Cents."""

    named_cents: int
    itself_cents: int
    total_cents: int

    @property
    def others_cents(self) -> int:
        """Of runners who have left, and of those who are not named."""
        return self.total_cents - self.named_cents - self.itself_cents


def sources_of(team: Team) -> Sources:
    rows = team.credits.order_by()
    named = rows.filter(fundraiser__team=team, fundraiser__is_hidden=False, fundraiser__is_listed=True)
    itself = rows.filter(fundraiser=None)
    return Sources(
        named_cents=named.aggregate(sum=Sum("cents", default=0))["sum"],
        itself_cents=itself.aggregate(sum=Sum("cents", default=0))["sum"],
        total_cents=team.raised_cents,
    )


def captain_names(team: Team) -> list[str]:
    """First names of the captains as their own pages show them; who is not listed is not named here either."""
    leading = {captain.user_id: place for place, captain in enumerate(team.captains.all())}
    pages = Fundraiser.objects.filter(event=team.event_id, owner__in=leading, is_hidden=False, is_listed=True)
    first = {page.owner_id: page.first_name for page in pages.order_by("-pk")}
    return [first[user] for user in sorted(first, key=lambda user: leading[user or 0])]


@dataclass(frozen=True, slots=True)
class Leader:
    """A captain as the other captains see them: by their page on the team, else by their own name."""

    captain: Captain
    name: str


def leaders_of(team: Team) -> list[Leader]:
    names = {page.owner_id: page.name for page in members_of(team).exclude(owner=None)}
    captains = team.captains.select_related("user")
    return [
        Leader(each, names.get(each.user_id) or each.user.name or _("Somebody without a page")) for each in captains
    ]


def may_lead(team: Team) -> QuerySet[Fundraiser]:
    """Members who could become co-captains: their pages are claimed, and they are none yet."""
    return members_of(team).exclude(owner=None).exclude(owner__in=team.captains.values("user"))


def name_for_mail(team: Team, user: User) -> str:
    """Under which name a captain invites."""
    page = Fundraiser.objects.filter(event=team.event_id, owner=user, is_hidden=False, is_listed=True).first()
    return page.name if page else _("A captain of %(team)s") % {"team": team.name}


def counted_for(page: Fundraiser, team: Team) -> int:
    """What of a page's gifts counts for this team, in cents."""
    return int(page.credits.filter(team=team).aggregate(sum=Sum("cents", default=0))["sum"])


def requests_of(team: Team) -> QuerySet[JoinRequest]:
    return team.join_requests.select_related("fundraiser").order_by("pk")


def pages_to_join(user: User, team: Team) -> list[Fundraiser]:
    """The person's pages that are not on the team yet."""
    own = Fundraiser.objects.filter(owner=user, event=team.event_id).select_related("team", "join_request__team")
    return list(own.exclude(team=team).order_by("bib"))


def pages_to_leave(user: User, team: Team) -> list[Fundraiser]:
    """The person's pages that are on the team, or wait to be."""
    own = Fundraiser.objects.filter(owner=user, event=team.event_id).select_related("team", "join_request__team")
    return list(own.filter(Q(team=team) | Q(join_request__team=team)).order_by("bib"))
