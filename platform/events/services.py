"""Loads an event from its file. Loading it again brings the rows up to the file and leaves the money alone."""

import tomllib
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import F, Model

from common import clock
from common.money import MIN_GIFT_CENTS
from events.home import content_of
from events.models import (
    Beneficiary,
    EntryOption,
    Event,
    HomeVersion,
    PriceTier,
    Story,
    VolunteerPhase,
    Waiver,
)


class BadEventFile(Exception):
    """The file cannot be loaded; the message says why. Nothing was changed."""


def load_event(path: Path, *, coming: bool = False, home: bool = False) -> Event:
    """The event of a TOML file, written in one transaction, and made the current one.

    `coming` moves the date to its next return (the demo does, and says so). `home` shows the file's home page although
    the desk has edited it. Raises BadEventFile.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadEventFile(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadEventFile(f"{path} is not TOML: {error}.") from error
    try:
        return _write(data, coming, home)
    except ValidationError as error:
        raise BadEventFile(f"{path} says what cannot be: {' '.join(error.messages)} Nothing was changed.") from error
    except (KeyError, TypeError, ValueError, AttributeError, DatabaseError) as error:
        raise BadEventFile(f"{path} lacks or misspells something: {error!r}. Nothing was changed.") from error


def public_edit(event_id: int) -> int:
    """Says that something the public sees has changed, in the same transaction: kept pages are drawn anew.

    Call it before the change: it locks the event, and whoever locks more does so after it. Returns the number of the
    edit. A page or team that comes onto a board, leaves it or counts differently there keeps it as `moved`.
    """
    Event.objects.filter(pk=event_id).update(edits=F("edits") + 1)
    return Event.objects.values_list("edits", flat=True).get(pk=event_id)


@transaction.atomic
def _write(data: dict[str, Any], coming: bool, home: bool) -> Event:
    fields = dict(data["event"])
    slug, call = fields.pop("slug"), fields.pop("call")
    planned = _moment(fields["starts_at"], fields["timezone"], coming)
    fields["hotlines"] = data.get("hotlines", [])
    Event.objects.exclude(slug=slug).filter(is_current=True).update(is_current=False)
    event = Event.objects.filter(slug=slug).first() or Event(slug=slug)
    # A new date that was decided at the desk stands, whatever the file says.
    fields["starts_at"] = event.moved_to or planned
    _save(event, {**fields, "slug": slug, "is_current": True})
    if others := Event.objects.exclude(ledger_code=event.ledger_code).values_list("ledger_code", flat=True):
        raise ValidationError(f"A site has one Stripe account, and so one ledger: it is {others[0]!r} here.")
    if not all(isinstance(cents, int) and cents >= MIN_GIFT_CENTS for cents in event.presets_cents):
        raise ValidationError(f"Presets are amounts in cents, from {MIN_GIFT_CENTS} on.")
    _keep_beneficiaries(event, data["beneficiaries"])
    _keep_home(event, content_of(data, call), home)
    _keep_stories(event, data.get("stories", []))
    _keep(VolunteerPhase, event, data.get("volunteer_phases", []), "phase")
    _keep_options(event, data.get("options", []), planned)
    if event.legal_mode == Event.LegalMode.CHARITY and event.options.filter(fair_value_cents=None).exists():
        raise ValidationError("The receipts of a charity say what an entry is worth: an option lacks fair_value_cents.")
    _keep_waiver(event, data.get("waiver", {}).get("text", ""))
    public_edit(event.pk)
    return event


def _moment(local: datetime, zone: str, coming: bool) -> datetime:
    """The file's local time as UTC; with `coming`, the same day of the year in the future."""
    moment = local.replace(tzinfo=ZoneInfo(zone))
    while coming and moment < clock.now():
        moment = moment.replace(year=moment.year + 1)
    return moment.astimezone(UTC)


def _save(row: Model, values: dict[str, Any]) -> None:
    """Brings a row up to the file. Raises ValidationError for what it lacks, and for what the row cannot hold."""
    fields = {field.name: field for field in row._meta.fields if field.editable and not field.is_relation}
    optional = {name: field.get_default() for name, field in fields.items() if field.blank or field.has_default()}
    if unknown := sorted(set(values) - set(fields)):
        raise ValidationError(f"{row._meta.verbose_name} has no {', '.join(unknown)}.")
    if absent := sorted(set(fields) - set(values) - set(optional)):
        raise ValidationError(f"{row._meta.verbose_name} lacks {', '.join(absent)}.")
    for name, value in {**optional, **values}.items():
        if not fields[name].primary_key:
            setattr(row, name, value)
    # Empty lists are right: no hotline, no preset.
    lists = {name for name, field in fields.items() if field.get_internal_type() == "JSONField"}
    if strange := sorted(name for name in lists if not isinstance(getattr(row, name), list)):
        raise ValidationError(f"{', '.join(strange)} must be a list.")
    try:
        row.full_clean(exclude=lists)
    except ValidationError as error:
        wrong = [f"{row._meta.verbose_name}, {name}: {' '.join(some)}" for name, some in error.message_dict.items()]
        raise ValidationError(wrong) from error
    # Only what the file says: totals may move meanwhile.
    row.save(update_fields=None if row._state.adding else sorted({*optional, *values} - {row._meta.pk.name}))


def _keep(
    model: type[Model], event: Event, rows: list[dict[str, Any]], name: str, remove: bool = True, **more: Any
) -> list[Any]:
    """Brings the rows of one kind up to the file, those that are like `more`; returns their names."""
    names: list[Any] = []
    for place, told in enumerate(rows):
        values = {"place": place, **told}
        names.append(values.pop(name))
        known = {"event": event, name: names[-1], **more}
        _save(model._default_manager.filter(**known).first() or model(**known), {**values, name: names[-1]})
    if len(set(names)) < len(names):
        raise ValidationError(f"Two of {model._meta.verbose_name_plural} have the same {name}.")
    if remove:
        model._default_manager.filter(event=event, **more).exclude(**{f"{name}__in": names}).delete()
    return names


def _keep_beneficiaries(event: Event, rows: list[dict[str, Any]]) -> None:
    """Organizations are never removed, since money may be owed to them: one that the file has left out gets no more."""
    if not sum(row.get("weight", 1) for row in rows):
        raise ValidationError("There must be an organization that the money goes to.")
    # Each place is taken once, so all step aside before they change places.
    event.beneficiaries.update(place=F("place") + 10_000)
    slugs = _keep(Beneficiary, event, rows, "slug", remove=False)
    for place, lane in enumerate(event.beneficiaries.exclude(slug__in=slugs), start=len(slugs)):
        Beneficiary.objects.filter(pk=lane.pk).update(place=place, weight=0)


def edited_at_desk(event: Event) -> HomeVersion | None:
    """The newest version of the home page that a person wrote: from then on the file leaves it alone."""
    return event.home_versions.exclude(by=None).first()


def _keep_home(event: Event, content: dict[str, Any], home: bool) -> None:
    """The file's home page is a version like any other, so that whatever it replaces can be had back."""
    newest = event.home_versions.first()
    if (newest and newest.content == content and event.home_id) or (edited_at_desk(event) and not home):
        return
    number = newest.number + 1 if newest else 1
    event.home = HomeVersion.objects.create(event=event, number=number, content=content, what="The event's file")
    event.save(update_fields=["home"])


def _keep_stories(event: Event, rows: list[dict[str, Any]]) -> None:
    """The file's own stories: not those that people sent, nor those that the desk has edited."""
    theirs = set(event.stories.filter(from_file=False).values_list("slug", flat=True))
    told = [
        {"place": place, **row, "text": row["text"].strip()}
        for place, row in enumerate(rows)
        if row["slug"] not in theirs
    ]
    _keep(Story, event, told, "slug", from_file=True, state=Story.State.PUBLISHED, may_quote=True)


def _keep_options(event: Event, rows: list[dict[str, Any]], planned: datetime) -> None:
    """Prices count back from the day that the file names: they stay as they were told when the race is postponed."""
    _keep(EntryOption, event, [{k: v for k, v in row.items() if k != "tiers"} for row in rows], "slug")
    for row in rows:
        option = event.options.get(slug=row["slug"])
        option.tiers.all().delete()
        PriceTier.objects.bulk_create(
            PriceTier(option=option, cents=tier["cents"], until=planned - timedelta(days=tier["days_before"]))
            for tier in row["tiers"]
        )


def _keep_waiver(event: Event, text: str) -> None:
    """A text that changed is a new version: what people signed stays as it was."""
    digest, newest = sha256(text.encode()).hexdigest(), event.waivers.first()
    if text and (newest is None or newest.sha256 != digest):
        version = newest.version + 1 if newest else 1
        Waiver.objects.create(event=event, version=version, text=text, sha256=digest)
