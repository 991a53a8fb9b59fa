"""Loads an event from its file. Loading it again brings the rows up to the file and leaves the money alone."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Model

from common import clock
from events.models import (
    Beneficiary,
    EntryOption,
    Event,
    NeedFact,
    PriceTier,
    Story,
    VolunteerPhase,
)


class BadEventFile(Exception):
    """The file cannot be loaded; the message says why. Nothing was changed."""


def load_event(path: Path, *, coming: bool = False) -> Event:
    """The event of a TOML file, written in one transaction, and made the current one.

    `coming` moves the date to its next return (the demo does, and says so). Raises BadEventFile.
    """
    try:
        data = tomllib.loads(path.read_text())
    except OSError as error:
        raise BadEventFile(f"{path} cannot be read: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadEventFile(f"{path} is not TOML: {error}.") from error
    try:
        return _write(data, coming)
    except (KeyError, TypeError, ValueError) as error:
        raise BadEventFile(f"{path} lacks or misspells something: {error!r}. Nothing was changed.") from error


def public_edit(event_id: int) -> None:
    """Says that something the public sees has changed: kept pages are drawn anew. Called in the change's transaction."""
    Event.objects.filter(pk=event_id).update(edits=F("edits") + 1)


@transaction.atomic
def _write(data: dict[str, Any], coming: bool) -> Event:
    fields = dict(data["event"])
    slug = fields.pop("slug")
    fields["starts_at"] = _moment(fields["starts_at"], fields["timezone"], coming)
    fields["hotlines"] = data.get("hotlines", [])
    Event.objects.exclude(slug=slug).filter(is_current=True).update(is_current=False)
    event, _created = Event.objects.update_or_create(slug=slug, defaults={**fields, "is_current": True})
    _keep(Beneficiary, event, data["beneficiaries"], "slug", remove=False)
    _keep(NeedFact, event, data.get("facts", []), "place")
    _keep(Story, event, data.get("stories", []), "slug")
    _keep(VolunteerPhase, event, data.get("volunteer_phases", []), "phase")
    _keep_options(event, data.get("options", []))
    public_edit(event.pk)
    return event


def _moment(local: datetime, zone: str, coming: bool) -> datetime:
    """The file's local time as UTC; with `coming`, the same day of the year in the future."""
    moment = local.replace(tzinfo=ZoneInfo(zone))
    while coming and moment < clock.now():
        moment = moment.replace(year=moment.year + 1)
    return moment.astimezone(UTC)


def _keep(model: type[Model], event: Event, rows: list[dict[str, Any]], name: str, remove: bool = True) -> None:
    """Brings the rows of one kind up to the file. Organizations are never removed: money may be owed to them."""
    names = []
    for place, row in enumerate(rows):
        values = {"place": place, **row}
        names.append(values.pop(name))
        model._default_manager.update_or_create(event=event, **{name: names[-1]}, defaults=values)
    if remove:
        model._default_manager.filter(event=event).exclude(**{f"{name}__in": names}).delete()


def _keep_options(event: Event, rows: list[dict[str, Any]]) -> None:
    _keep(EntryOption, event, [{k: v for k, v in row.items() if k != "tiers"} for row in rows], "slug")
    for row in rows:
        option = event.options.get(slug=row["slug"])
        option.tiers.all().delete()
        PriceTier.objects.bulk_create(
            PriceTier(option=option, cents=tier["cents"], until=event.starts_at - timedelta(days=tier["days_before"]))
            for tier in row["tiers"]
        )
