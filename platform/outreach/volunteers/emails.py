"""The mails to volunteers."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from outreach.models import OutboxMail, Topic
from outreach.volunteers.models import Line, Placement, Shift, Volunteer


def received(volunteer: Volunteer, *, again: bool) -> OutboxMail:
    """The private link; again for who offers again, once a day: anybody may type the address."""
    day = [f"{clock.now():%y%m%d}"] if again else []
    wished = volunteer.wished_shift
    words = _shift_words(wished) if wished and not wished.cancelled_at else {}
    return _mail(volunteer, ["received", *day], _("You want to help: thank you"), "received", **words)


def placed(place: Placement) -> OutboxMail:
    shift = place.shift
    subject = _("You are in: %(shift)s") % {"shift": shift.name}
    return _mail(place.volunteer, ["placed", place.pk], subject, "placed", **_shift_words(shift))


def taken_off(place: Placement) -> OutboxMail:
    shift = place.shift
    subject = _("Not on this shift any more: %(shift)s") % {"shift": shift.name}
    return _mail(place.volunteer, ["off", place.pk], subject, "shift", kind="off", **_shift_words(shift))


def changed(shift: Shift, people: Iterable[Volunteer]) -> Iterable[OutboxMail]:
    subject = _("Your shift has changed: %(shift)s") % {"shift": shift.name}
    words = {"kind": "changed", **_shift_words(shift)}
    return [_mail(one, ["shift", shift.pk, shift.edition], subject, "shift", **words) for one in people]


def cancelled(shift: Shift, people: Iterable[Volunteer], text: str) -> Iterable[OutboxMail]:
    subject = _("This shift is cancelled: %(shift)s") % {"shift": shift.name}
    words = {"kind": "cancelled", "text": text, **_shift_words(shift)}
    return [_mail(one, ["shift", shift.pk, shift.edition], subject, "shift", **words) for one in people]


def message(line: Line) -> OutboxMail:
    """What a coordinator wrote: a volunteer can turn such mails off."""
    words = {"body": line.text}
    return _mail(line.volunteer, ["message", line.pk], line.subject, "message", topic=Topic.VOLUNTEERS, **words)


def thanks(line: Line, text: str) -> OutboxMail:
    words = {"body": text}
    return _mail(line.volunteer, ["thanks", line.pk], _("Thank you"), "thanks", topic=Topic.VOLUNTEERS, **words)


def day_before(place: Placement) -> OutboxMail:
    shift = place.shift
    subject = _("Your shift comes up: %(shift)s") % {"shift": shift.name}
    return _mail(place.volunteer, _reminder(place), subject, "day_before", **_shift_words(shift))


def reminder_key(place: Placement) -> str:
    return place.volunteer.mail_key(*_reminder(place))


def _reminder(place: Placement) -> list[Any]:
    """Once for each edition of a shift: one that was moved to another day is reminded of again."""
    return ["reminder", place.pk, place.shift.edition]


def _shift_words(shift: Shift) -> dict[str, Any]:
    """A shift as it is now: a mail that waits does not change with it."""
    return {
        "shift": shift.name,
        "about": shift.about,
        "meeting_point": shift.meeting_point,
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
    }


def own_url(volunteer: Volunteer) -> str:
    return settings.SITE_URL + reverse("volunteering", args=[volunteer.token])


def _mail(
    volunteer: Volunteer, key: list[Any], subject: str, template: str, topic: str = "", **words: Any
) -> OutboxMail:
    return OutboxMail(
        key=volunteer.mail_key(*key),
        to=volunteer.email,
        event=volunteer.event,
        subject=subject[:200],
        template=f"email/volunteer_{template}",
        topic=topic,
        context={"name": volunteer.name, "own_url": own_url(volunteer), **words},
    )
