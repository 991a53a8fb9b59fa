"""Pages as the public may see them, and their standings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from events.models import Event
from fundraisers.models import Fundraiser


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the leaderboard: equal totals share a rank; `share` is the part of the leader's total, 0 to 1."""

    rank: int
    fundraiser: Fundraiser
    raised_cents: int
    share: float


def public_fundraiser(event: Event, slug: str) -> Fundraiser:
    """The page that everybody may see; a hidden one is 404 like one that never was."""
    page = Fundraiser.objects.filter(event=event, slug=slug, is_hidden=False).select_related("team").first()
    if page is None:
        raise Http404
    page.event = event
    return page


def fundraisers_of(user: User) -> QuerySet[Fundraiser]:
    return Fundraiser.objects.filter(owner=user).order_by("bib")


def leaderboard(event: Event) -> QuerySet[Fundraiser]:
    """Listed pages, most raised first; equal totals in the order of their making."""
    listed = Fundraiser.objects.filter(event=event, is_hidden=False, is_listed=True)
    return listed.select_related("team").order_by("-raised_cents", "id")


def rank_of(page: Fundraiser) -> int | None:
    """1 and how many listed pages raised more; None for a page on no leaderboard."""
    if page.is_hidden or not page.is_listed:
        return None
    return leaderboard(page.event).filter(raised_cents__gt=page.raised_cents).count() + 1


def standings(event: Event, pages: Sequence[Fundraiser], first_place: int) -> list[Standing]:
    """Ranks for a slice of the leaderboard that begins at `first_place` (from 1)."""
    if not pages:
        return []
    top = leaderboard(event).values_list("raised_cents", flat=True)[:1]
    most = max(top[0], 1)
    rows: list[Standing] = []
    rank = rank_of(pages[0]) or first_place
    for place, page in enumerate(pages, start=first_place):
        if rows and page.raised_cents != rows[-1].raised_cents:
            rank = place
        rows.append(Standing(rank, page, page.raised_cents, max(page.raised_cents, 0) / most))
    return rows
