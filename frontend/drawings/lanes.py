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


def logo() -> SafeString:
    """Three short lanes, each a step ahead."""
    bars = [
        f'<rect class="lane {colour(place)}" x="{place * 5}" y="{place * 8 + 1}" width="20" height="6" rx="3"/>'
        for place in range(3)
    ]
    return join(['<svg class="logo" width="30" height="24" viewBox="0 0 30 24" aria-hidden="true">', *bars, "</svg>"])


def lanes(parts: Sequence[Part], goal_cents: int, size: str) -> SafeString:
    thick, gap = SIZES[size]
    height = len(parts) * (thick + gap) - gap + 2 * CHECK
    pieces = [_opening("lanes", height, describe(parts, goal_cents))]
    for index, (part, target) in enumerate(zip(parts, lane_goals(parts, goal_cents), strict=True)):
        run = permille(part.cents, target)
        pieces.append(_lane(CHECK + index * (thick + gap), thick, run, colour(part.place)))
    pieces += [finish(0, height), "</svg>"]
    return join(pieces)


def split(parts: Sequence[Part]) -> SafeString:
    """An amount as it is dealt: the largest share reaches the finish line, the others run as far as they are big."""
    largest = max((part.cents for part in parts), default=0)
    thick, gap = SIZES["m"]
    height = len(parts) * (thick + gap) - gap + 2 * CHECK
    words = ", ".join(f"{part.name} {dollars(part.cents)}" for part in parts)
    pieces = [_opening("lanes", height, words)]
    for index, part in enumerate(parts):
        pieces.append(_lane(CHECK + index * (thick + gap), thick, permille(part.cents, largest), colour(part.place)))
    return join([*pieces, finish(0, height), "</svg>"])


def racer(places: Sequence[int], share: float, bib: int) -> SafeString:
    """One row of the race from above: lanes as long as the share of the leader, the bib (0: none) at their head."""
    thick, gap = SIZES["s"]
    height = max(len(places) * (thick + gap) - gap, 26)
    top = (height - (len(places) * (thick + gap) - gap)) // 2
    run = permille(round(share * 1000), 1000)
    pieces = [f'<svg class="racer-lanes" width="100%" height="{height}" aria-hidden="true">']
    for index, place in enumerate(places):
        pieces.append(_lane(top + index * (thick + gap), thick, run, colour(place)))
    if bib:
        width = 16 + 9 * len(str(bib))
        pieces.append(
            f'<svg class="racer-bib" x="{percent(run)}" overflow="visible">'
            f'<rect x="-4" y="{height // 2 - 12}" width="{width}" height="24" rx="6"/>'
            f'<text x="{width / 2 - 4:g}" y="{height // 2 + 5}" text-anchor="middle">{bib}</text></svg>'
        )
    pieces.append("</svg>")
    return join(pieces)


def describe(parts: Sequence[Part], goal_cents: int) -> str:
    shares = ", ".join(f"{part.name} {dollars(part.cents)}" for part in parts)
    total = sum(part.cents for part in parts)
    return _("%(total)s of %(goal)s: %(shares)s") % {
        "total": dollars(total),
        "goal": dollars(goal_cents),
        "shares": shares,
    }


def finish(top: int, height: int) -> str:
    """The checkered line at the right end, whatever the width."""
    return (
        '<svg class="finish" x="100%" overflow="visible">'
        f'<path class="finish-light" d="M-{CHECK} {top}v{height}" stroke-width="{2 * CHECK}"/>'
        f'<path d="M-{CHECK * 3 // 2} {top}v{height}" stroke-width="{CHECK}" stroke-dasharray="{CHECK}"/>'
        f'<path d="M-{CHECK // 2} {top}v{height}" stroke-width="{CHECK}" stroke-dasharray="{CHECK}"'
        f' stroke-dashoffset="{CHECK}"/></svg>'
    )


def _opening(css: str, height: int, label: str) -> str:
    return f'<svg class="{css}" width="100%" height="{height}" role="img" aria-label="{escape(label)}">'


def _lane(top: int, thick: int, run: int, css: str) -> str:
    radius = thick / 2
    bed = f'<rect class="bed {css}" y="{top}" width="100%" height="{thick}" rx="{radius:g}"/>'
    if not run:
        return bed
    return bed + f'<rect class="lane {css}" y="{top}" width="{percent(run)}" height="{thick}" rx="{radius:g}"/>'
