"""Teams in public: all of them, one, and the groups they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from donations.giving.queries import received_gifts, split_parts
from events.queries import current_event, lanes
from fundraisers.models import Fundraiser
from fundraisers.sharing import team_share_sheet
from fundraisers.standings import Kind, board
from fundraisers.team_queries import captain_names, named_members, sources_of
from pages.cached import cached_list
from pages.previews import team_preview
from teams.queries import groups_of, public_group, public_team, public_teams

TEAMS_A_PAGE, MEMBERS_A_PAGE, GIFTS_SHOWN = 50, 50, 10


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a team's own board: what a member raised for this team; `share` is the part of the leader's, 0 to 1."""

    rank: int
    page: Fundraiser
    cents: int
    share: float


@cached_list
def teams(request: HttpRequest) -> HttpResponse:
    event = current_event()
    found = Paginator(public_teams(event).order_by("-raised_cents", "pk"), TEAMS_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = list(found.object_list)
    ranks = {
        place.holder.pk: place.rank
        for place in board(event, Kind.TEAMS).top(max(found.start_index() - 1, 0), len(shown))
    }
    rows = [(team, ranks.get(team.pk)) for team in shown]
    context = {"event": event, "lanes": lanes(event), "page_obj": found, "rows": rows, "groups": groups_of(event)}
    return render(request, "teams.html", context)


@cached_list
def team(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    shown, beneficiaries = public_team(event, slug), lanes(event)
    named, near = named_members(shown), board(event, Kind.TEAMS).around(shown, 0)
    members = Paginator(named, MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": event,
        "team": shown,
        "lanes": beneficiaries,
        "preview": team_preview(shown, event, beneficiaries),
        "share": team_share_sheet(shown, event, beneficiaries),
        "lane_money": split_parts(beneficiaries, shown.raised_cents),
        "captains": captain_names(shown),
        "page_obj": members,
        "members": _ranked(named, list(members.object_list)),
        "unnamed_count": shown.member_count - len(named),
        "sources": sources_of(shown),
        "place": near.own,
        "team_count": near.size,
        "donations": received_gifts(event)
        .filter(team=shown)
        .exclude(fundraiser__is_hidden=True)
        .exclude(fundraiser__is_listed=False)[:GIFTS_SHOWN],
        "presets_cents": event.presets_cents,
    }
    return render(request, "team.html", context)


def _ranked(everybody: Sequence[tuple[int, int]], shown: Sequence[tuple[int, int]]) -> list[Member]:
    """The rows that are shown, of everybody's sums from most to least; equal sums share a place."""
    sums, pages = [cents for _page, cents in everybody], Fundraiser.objects.in_bulk([page for page, _cents in shown])
    return [Member(sums.index(cents) + 1, pages[page], cents, max(cents, 0) / max(sums[0], 1)) for page, cents in shown]


@cached_list
def team_group(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    group = public_group(event, slug)
    found = public_teams(event).filter(group=group).order_by("-raised_cents", "pk")
    raised_cents = sum(found.values_list("raised_cents", flat=True))
    beneficiaries = lanes(event)
    context = {
        "event": event,
        "group": group,
        "lanes": beneficiaries,
        "lane_money": split_parts(beneficiaries, raised_cents),
        "raised_cents": raised_cents,
        "goal_cents": sum(found.values_list("goal_cents", flat=True)),
        "page_obj": Paginator(found, TEAMS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "team_group.html", context)
