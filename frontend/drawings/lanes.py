"""Lanes: every amount of money is drawn as parallel lanes, one an organization, to one finish line."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.money import dollars
from frontend.drawings.parts import Part, colour, join, lane_goals, percent, permille

# Height of a lane and the gap below it, in px.
SIZES = {"s": (7, 3), "m": (12, 5), "l": (22, 6)}
CHECK = 6
NEAREST = 120
ENDS = (560, 480, 620)


def logo() -> SafeString:
    """Three short lanes, each a step ahead."""
    bars = [
        f'<rect class="lane {colour(place)}" x="{place * 5}" y="{place * 8 + 1}" width="20" height="6" rx="3"/>'
        for place in range(3)
    ]
    return join(['<svg class="logo" width="30" height="24" viewBox="0 0 30 24" aria-hidden="true">', *bars, "</svg>"])


def lanes(parts: Sequence[Part], goal_cents: int, size: str) -> SafeString:
    """To the finish line at the goal. Who is beyond the goal runs on behind it, and the line stands where it was."""
    thick, gap = SIZES[size]
    height = len(parts) * (thick + gap) - gap + 2 * CHECK
    reach = max(goal_cents, sum(part.cents for part in parts))
    # The line keeps clear of the start: a small goal that was passed many times must still look like one.
    line = max(permille(goal_cents, reach), NEAREST) if goal_cents > 0 else 1000
    pieces = [_opening("lanes", height, describe(parts, goal_cents))]
    for index, (part, target) in enumerate(zip(parts, lane_goals(parts, reach), strict=True)):
        pieces.append(lane(CHECK + index * (thick + gap), thick, permille(part.cents, target), colour(part.place)))
    pieces += [finish(0, height, line), "</svg>"]
    return join(pieces)


def split(parts: Sequence[Part]) -> SafeString:
    """An amount as it is dealt: the largest share reaches the finish line, the others run as far as they are big."""
    largest = max((part.cents for part in parts), default=0)
    thick, gap = SIZES["m"]
    height = len(parts) * (thick + gap) - gap + 2 * CHECK
    words = ", ".join(f"{part.name} {dollars(part.cents)}" for part in parts)
    pieces = [_opening("lanes", height, words)]
    for index, part in enumerate(parts):
        pieces.append(lane(CHECK + index * (thick + gap), thick, permille(part.cents, largest), colour(part.place)))
    return join([*pieces, finish(0, height), "</svg>"])


def arrived(place: int, cents: int, paid_cents: int, confirmed_cents: int) -> SafeString:
    """One organization's lane: all that was put aside for it, in it what was paid, and in that what it confirmed."""
    thick, _gap = SIZES["l"]
    css, radius = colour(place), thick / 2
    pieces = [f'<svg class="lanes" width="100%" height="{thick}" aria-hidden="true">', lane(0, thick, 0, css)]
    for kind, part in (("on-way", paid_cents), ("lane", confirmed_cents)):
        if run := permille(part, cents):
            pieces.append(f'<rect class="{kind} {css}" width="{percent(run)}" height="{thick}" rx="{radius:g}"/>')
    return join([*pieces, "</svg>"])


def lanes_end(places: Sequence[int]) -> SafeString:
    """Lanes that end, each somewhere else, before any finish line."""
    thick, gap = SIZES["l"]
    height = max(len(places), 1) * (thick + gap) - gap
    pieces = [f'<svg class="lanes-end" width="100%" height="{height}" aria-hidden="true">']
    for index, place in enumerate(places):
        top, run = index * (thick + gap), ENDS[index % len(ENDS)]
        middle = top + thick / 2
        # From the edge of the window; where the lane ends, only a line goes on.
        pieces.append(f'<line x1="{percent(run + 20)}" x2="100%" y1="{middle:g}" y2="{middle:g}"/>')
        pieces.append(f'<rect class="lane {colour(place)}" x="-60" y="{top}" width="60" height="{thick}"/>')
        pieces.append(f'<rect class="lane {colour(place)}" y="{top}" width="{percent(run)}" height="{thick}"/>')
    return join([*pieces, "</svg>"])


def describe(parts: Sequence[Part], goal_cents: int) -> str:
    shares = ", ".join(f"{part.name} {dollars(part.cents)}" for part in parts)
    total = sum(part.cents for part in parts)
    return _("%(total)s of %(goal)s: %(shares)s") % {
        "total": dollars(total),
        "goal": dollars(goal_cents),
        "shares": shares,
    }


def finish(top: int, height: int, at: int = 1000) -> str:
    """The checkered line, in thousandths of the width, whatever the width is."""
    return (
        f'<svg class="finish" x="{percent(at)}" overflow="visible">'
        f'<path class="finish-light" d="M-{CHECK} {top}v{height}" stroke-width="{2 * CHECK}"/>'
        f'<path d="M-{CHECK * 3 // 2} {top}v{height}" stroke-width="{CHECK}" stroke-dasharray="{CHECK}"/>'
        f'<path d="M-{CHECK // 2} {top}v{height}" stroke-width="{CHECK}" stroke-dasharray="{CHECK}"'
        f' stroke-dashoffset="{CHECK}"/></svg>'
    )


def _opening(css: str, height: int, label: str) -> str:
    return f'<svg class="{css}" width="100%" height="{height}" role="img" aria-label="{escape(label)}">'


def lane(top: int, thick: int, run: int, css: str) -> str:
    radius = thick / 2
    bed = f'<rect class="bed {css}" y="{top}" width="100%" height="{thick}" rx="{radius:g}"/>'
    if not run:
        return bed
    return bed + f'<rect class="lane {css}" y="{top}" width="{percent(run)}" height="{thick}" rx="{radius:g}"/>'
