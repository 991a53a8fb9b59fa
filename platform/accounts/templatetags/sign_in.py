from django import template
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_messages(context: Context) -> BaseStorage | list[object]:
    """What was said to this person on the page before, such as "The passkey was added."; shown once."""
    return get_messages(context["request"])
