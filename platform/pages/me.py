"""A person's own front: their pages, and for each its numbers and the one step that helps most now."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest, charity_slugs
from accounts.models import Role
from common import clock
from donations.giving.queries import gifts_of_page, gifts_to_thank_for, split_parts
from events.models import Event
from events.queries import current_event, lanes
from fundraisers.milestones import milestones
from fundraisers.models import Fundraiser
from fundraisers.queries import fundraiser_for_owner, fundraisers_of, unclaimed_pages
from fundraisers.sharing import share_sheet
from fundraisers.visits import WAYS
from pages.steps import next_step
from teams.queries import teams_led_by

DAYS_SHOWN, GIFTS_SHOWN = 14, 5


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: int


@never_cache
@require_safe
@login_required
def me(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    context = {
        "event": event,
        "lanes": lanes(event),
        "fundraisers": fundraisers_of(request.user),
        "unclaimed": unclaimed_pages(request.user),
        "teams": teams_led_by(request.user),
        "person": request.user,
        "confirms": bool(charity_slugs(request.user)),
        "works_here": request.user.staff_roles.exclude(role=Role.CHARITY).exists(),
    }
    return render(request, "me.html", context)


@never_cache
@require_safe
@login_required
def my_page(request: SignedInRequest, bib: int) -> HttpResponse:
    page = fundraiser_for_owner(request.user, bib)
    shown = lanes(page.event)
    by_source = sources_of(page)
    days, visits = days_of(page), sum(bar.count for bar in by_source)
    step = next_step(page, visits)
    context = {
        "event": page.event,
        "lanes": shown,
        "fundraiser": page,
        "person": request.user,
        "lane_money": split_parts(shown, page.raised_cents),
        "share": share_sheet(page, page.event, shown),
        "step": step,
        "share_open": step is not None and step.url == "#share",
        "visits": visits,
        "sources": by_source,
        "days": days,
        "day_counts": [day.count for day in days],
        "days_left": days_left(page.event),
        "milestones": milestones(page),
        "gifts": gifts_of_page(page)[:GIFTS_SHOWN],
        "unthanked": gifts_to_thank_for(page).count(),
    }
    return render(request, "my/page.html", context)


def sources_of(page: Fundraiser) -> list[Bar]:
    """Visits by the way that led to the page, most first."""
    sums = page.visits.order_by().values_list("source").annotate(count=Sum("count"))
    return [Bar(str(WAYS.get(source, source)), count) for source, count in sorted(sums, key=lambda row: -row[1])]


def days_left(event: Event) -> int | None:
    """Days on the event's calendar until the start; None once it is over, and where nothing takes place."""
    if event.state != Event.State.SCHEDULED:
        return None
    days = (event.starts_at.astimezone(event.zone).date() - clock.now().astimezone(event.zone).date()).days
    return days if days >= 0 else None


def days_of(page: Fundraiser) -> list[Bar]:
    """Visits on each of the last days of the event's calendar, the present one last."""
    today = clock.now().astimezone(page.event.zone).date()
    first = today - timedelta(days=DAYS_SHOWN - 1)
    counts = dict(page.visits.filter(day__gte=first).order_by().values_list("day").annotate(count=Sum("count")))
    days = (first + timedelta(days=number) for number in range(DAYS_SHOWN))
    return [Bar(day.isoformat(), counts.get(day, 0)) for day in days]
