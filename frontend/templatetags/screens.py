"""Tags of the big screen."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.money import short_dollars
from frontend.drawings import arena as drawn
from frontend.drawings.parts import Part

register = template.Library()


@register.filter
def big_dollars(cents: int) -> SafeString:
    """`$1,234.56` with its cents as a small part: to the cent, and read from afar."""
    whole, point, small = short_dollars(cents).partition(".")
    return format_html("{}<small>{}{}</small>", whole, point, small) if small else format_html("{}", whole)


@register.filter
def whole_length(cents: int) -> int:
    """How many characters the dollars have, for the size of the letters."""
    return len(short_dollars(cents).partition(".")[0])


@register.simple_tag
def arena(parts: Iterable[Part], goal_cents: int) -> SafeString:
    """The race around the whole screen."""
    return drawn.arena(list(parts), goal_cents)


@register.simple_tag(takes_context=True)
def heat(context: Context, share: float) -> SafeString:
    """The lanes of one row: `share` is the part of the leader's score, 0 to 1."""
    return drawn.heat([beneficiary.place for beneficiary in context.get("lanes") or []], share)
