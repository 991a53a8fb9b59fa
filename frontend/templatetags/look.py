"""The tags and filters of the look, built into every template: no {% load %} needed."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from common import money, text
from common.split import deal
from frontend.drawings import lanes as drawn
from frontend.drawings import race
from frontend.drawings.bars import bar as draw_bar
from frontend.drawings.bars import columns as draw_columns
from frontend.drawings.days import Column
from frontend.drawings.days import days as draw_days
from frontend.drawings.parts import Part, Share, colour, percent, permille
from frontend.drawings.river import river
from frontend.drawings.skyline import skyline as draw_skyline
from frontend.drawings.track import track as draw_track

register = template.Library()


# --- Amounts, times, words ---------------------------------------------------------------------------------


@register.filter
def dollars(cents: int | None) -> str:
    """`$1,234.50`; nothing for nothing."""
    return "" if cents is None else money.dollars(cents)


@register.filter
def short_dollars(cents: int | None) -> str:
    """`$1,234` where there are no cents."""
    return "" if cents is None else money.short_dollars(cents)


@register.filter
def event_time(value: datetime | None, event: Any) -> str:
    """`Saturday, December 9, 2017, 9:00 AM`, by the event's own clock."""
    return _local(value, event, "l, F j, Y, g:i A")


@register.filter
def event_day(value: datetime | None, event: Any) -> str:
    """`Saturday, December 9, 2017`, by the event's own calendar."""
    return _local(value, event, "l, F j, Y")


@register.filter
def event_moment(value: datetime | None, event: Any) -> str:
    """`December 9, 9:00 AM`: short, for notes of when something was checked."""
    return _local(value, event, "F j, g:i A")


@register.filter
def event_date(value: datetime | None, event: Any) -> str:
    """`December 9`."""
    return _local(value, event, "F j")


@register.filter
def event_date_iso(value: datetime | None, event: Any) -> str:
    """`2017-12-09`, for machines. The day only: the second would say who gave."""
    return _local(value, event, "Y-m-d")


def _local(value: datetime | None, event: Any, pattern: str) -> str:
    if value is None:
        return ""
    zone = getattr(event, "zone", None)
    return date_format(value.astimezone(zone) if zone else value, pattern)


@register.filter
def markdown(source: str | None, heading: int = 3) -> SafeString:
    return text.markdown(source or "", heading)


@register.filter
def sentences(source: str) -> list[str]:
    """A line's sentences, to set each on a line of its own."""
    return re.split(r"(?<=[.!?])\s+", source.strip())


@register.filter
def lane_class(place: int) -> str:
    return colour(place)


# --- Drawings ----------------------------------------------------------------------------------------------


@register.simple_tag
def logo() -> SafeString:
    return drawn.logo()


@register.simple_tag(name="lanes")
def draw_lanes(parts: Iterable[Part], goal_cents: int, size: str = "m") -> SafeString:
    """Lanes to one finish line at the goal. Sizes: s, m, l."""
    return drawn.lanes(list(parts), goal_cents, size)


@register.simple_tag
def track(parts: Iterable[Part], goal_cents: int) -> SafeString:
    """The home page's running track."""
    return draw_track(list(parts), goal_cents)


@register.simple_tag
def arrived(reached: Any) -> SafeString:
    """How much of what was put aside for an organization has reached it (pages.campaign.Reached)."""
    return drawn.arrived(reached.place, reached.cents, reached.paid_cents, reached.confirmed_cents)


@register.simple_tag(takes_context=True)
def lanes_end(context: Context) -> SafeString:
    """Lanes that end: the page for what is not there."""
    return drawn.lanes_end(_places(context))


@register.simple_tag
def split_lanes(parts: Iterable[Part]) -> SafeString:
    """The lanes of one amount that is dealt in full."""
    return drawn.split(list(parts))


@register.simple_tag(takes_context=True)
def racer(context: Context, share: float, bib: int, marks: Sequence[race.Mark] = ()) -> SafeString:
    """One row of the race, seen from above."""
    return race.racer(_places(context), share, bib, marks)


@register.simple_tag
def race_marks(score: int, share: float) -> list[race.Mark]:
    """Round distances on the way to the leader, told by anybody's score and their share of the leader's."""
    return race.marks(round(score / share)) if share > 0 else []


@register.simple_tag
def race_scale(marks: Sequence[race.Mark], are_dollars: bool = True) -> SafeString:
    """What the marks stand for: dollars, or a count."""
    return race.scale(marks, [money.short_dollars(mark.value) if are_dollars else f"{mark.value:,}" for mark in marks])


@register.simple_tag(takes_context=True)
def skyline(context: Context, number: int) -> SafeString:
    """A dawn for a bib number."""
    return draw_skyline(number, _places(context))


@register.simple_tag
def bar(count: int, most: int) -> SafeString:
    """A count as a bar, beside the longest of its list."""
    return draw_bar(count, most)


@register.simple_tag
def day_columns(days: Sequence[Column], title: str, words: str, line_cents: int | None) -> SafeString:
    """Sums by day, today at the end, and the line that the goal asks for."""
    return draw_days(days, title=title, words=words, line_cents=line_cents)


@register.simple_tag
def columns(counts: Iterable[int]) -> SafeString:
    """Counts of days that follow one another."""
    return draw_columns(list(counts))


@register.inclusion_tag("components/legend.html")
def legend(parts: Iterable[Part], amounts: bool = True) -> dict[str, Any]:
    """The names of the lanes, with their colours and amounts."""
    return {"parts": parts, "amounts": amounts}


@register.inclusion_tag("components/progress.html", takes_context=True)
def progress(context: Context, raised_cents: int, goal_cents: int, parts: Iterable[Part]) -> dict[str, Any]:
    """Raised, goal, lanes and legend of a page."""
    return {"raised_cents": raised_cents, "goal_cents": goal_cents, "parts": list(parts), "rank": context.get("rank")}


@register.inclusion_tag("components/bib.html", takes_context=True)
def bib(context: Context, fundraiser: Any) -> dict[str, Any]:
    """The race bib of a runner."""
    return {"fundraiser": fundraiser, "event": context.get("event"), "places": _places(context)}


@register.inclusion_tag("components/money_flow.html", takes_context=True)
def money_flow(context: Context, summary: Any) -> dict[str, Any]:
    """The river of the money page, with its labels."""
    parts = [Share(lane.name, lane.place, lane.allocated_cents) for lane in summary.lanes]
    picture = river(
        parts, [lane.paid_cents for lane in summary.lanes], [lane.confirmed_cents for lane in summary.lanes]
    )
    return {"summary": summary, "picture": picture, "event": context.get("event")}


@register.inclusion_tag("components/pool_flow.html", takes_context=True)
def pool_flow(context: Context, summary: Any) -> dict[str, Any]:
    """The fee pool: what came in, what was taken from it, what is left."""
    filled = summary.funded_cents + summary.cover_cents + max(summary.mended_cents, 0)
    return {"summary": summary, "spent": percent(permille(filled - summary.fee_pool_cents, filled))}


@register.simple_tag(takes_context=True)
def split_of(context: Context, cents: int) -> list[Share]:
    """What each organization would get of an amount, by the event's weights, odd cents from the first lane on."""
    beneficiaries = list(context.get("lanes") or [])
    if not beneficiaries:
        return []
    weights = [beneficiary.weight for beneficiary in beneficiaries]
    # A page stands below zero when a refund came before its gift: there is nothing to deal then.
    dealt = deal(max(cents, 0), weights, 0)
    return [Share(one.name, one.place, part, one.weight) for one, part in zip(beneficiaries, dealt, strict=True)]


def _places(context: Context) -> list[int]:
    return [beneficiary.place for beneficiary in context.get("lanes") or []]


@register.simple_tag(takes_context=True)
def gift_state(context: Context) -> str:
    """Where a donor's gift is, for the page that says so: received, processing, ended or checking."""
    status = context["payment"].status
    if context["received"]:
        return "received"
    if status == "processing":
        return "processing"
    left = context.get("came_back") and status in ("new", "open")
    return "ended" if left or status in ("failed", "expired") else "checking"


# --- Forms and lists ---------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "") -> dict[str, Any]:
    """A label, the help text, the error and the control, in this order."""
    return {"field": bound, "label": label or bound.label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page_obj: "Page[Any]") -> dict[str, Any]:
    """Previous and next; the rest of the query string stays."""
    return {"page_obj": page_obj, "request": context.get("request")}
