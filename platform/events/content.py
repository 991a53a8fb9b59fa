"""Versions of the home page: every change is a new one, and one of them is public (docs/decisions/0017)."""

from typing import Any

from django.db import transaction

from accounts.models import User
from events.models import Event, HomeVersion
from events.services import public_edit


class Changed(Exception):
    """Somebody was faster: the newest version is not the one that was looked at. Nothing was done."""


@transaction.atomic
def change(*, event: Event, seen: int, content: dict[str, Any], what: str, by: User) -> HomeVersion:
    """Adds a version after number `seen`, for the desk to look at. Raises Changed when there is a newer one."""
    _at(event, seen)
    return HomeVersion.objects.create(event=event, number=seen + 1, content=content, what=what[:200], by=by)


@transaction.atomic
def publish(*, event: Event, seen: int) -> HomeVersion:
    """Shows the newest version to everybody. Raises Changed when that is not number `seen` any more."""
    version = _at(event, seen)
    public_edit(event.pk)
    Event.objects.filter(pk=event.pk).update(home=version)
    return version


def _at(event: Event, seen: int) -> HomeVersion:
    """The newest version, when it is number `seen`; others wait until this transaction is over."""
    Event.objects.select_for_update().get(pk=event.pk)
    newest = event.home_versions.first()
    if newest is None or newest.number != seen:
        raise Changed
    return newest
