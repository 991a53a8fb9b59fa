from django import template

from outreach.news.queries import State

register = template.Library()


@register.filter
def news_state(value: str) -> str:
    """How an address of the mailing list stands, in words."""
    return str(State(value).label)
