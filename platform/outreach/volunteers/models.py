"""Who helps before, during and after the race: shifts with places, people, and what was said and done with each."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Event, VolunteerPhase


class Shift(models.Model):
    """Something to be done, at a place, from one hour to another, by so many people."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="shifts")
    phase = models.CharField(max_length=10, choices=VolunteerPhase.Phase)
    name = models.CharField(max_length=80)
    about = models.TextField(max_length=500, blank=True, help_text="What one does.")
    meeting_point = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField()
    min_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="On the day; empty: everybody.")
    # Counted up with every change of hours, place or state: calendars and mails tell an old word from a new one by it.
    edition = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["event", "starts_at"], name="shifts_by_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_later"),
        ]

    # Set by queries.with_taken: how many are on it.
    taken: int

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def is_to_come(self) -> bool:
        return self.starts_at > clock.now()

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.event.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.event.zone)


class Volunteer(models.Model):
    """Somebody who offered to help. No phone, no age, nothing but what a coordinator needs to answer."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        CONTACTED = "contacted", _("Contacted")
        PLACED = "placed", _("Placed")
        THANKED = "thanked", _("Thanked")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="volunteers")
    # The private link of who offered.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    email = models.EmailField(help_text="In small letters.")
    wish = models.CharField(max_length=500, blank=True, help_text="What they would like to help with.")
    # The shift whose link led them here; a place in it is taken behind the private link only.
    wished_shift = models.ForeignKey(Shift, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.NEW)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["event", "state", "-id"], name="volunteers_by_state")]
        constraints = [models.UniqueConstraint(fields=["event", "email"], name="volunteer_once")]

    def __str__(self) -> str:
        return self.name

    def mail_key(self, *about: object) -> str:
        """The key of a mail to them: each begins with their number, so that all of them go with their person."""
        return ":".join(["volunteer", str(self.pk), *map(str, about)])


class Placement(models.Model):
    """A place in a shift, as long as it is not given back."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="placements")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="placements")
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["shift__starts_at", "shift_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "shift"], condition=models.Q(ended_at=None), name="one_place_in_a_shift"
            ),
        ]


class Line(models.Model):
    """One line of what was said and done with a volunteer. Lines are only ever added; they go with their person."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("Offered to help")
        NOTE = "note", _("Note")
        MESSAGE = "message", _("Message")
        STATE = "state", _("State")
        PLACED = "placed", _("On a shift")
        ENDED = "ended", _("Off a shift")

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=7, choices=Kind)
    text = models.TextField(blank=True)
    subject = models.CharField(max_length=120, blank=True, help_text="Of a message.")
    shift = models.ForeignKey(Shift, null=True, on_delete=models.SET_NULL, related_name="+")
    was = models.CharField(max_length=9, choices=Volunteer.State, blank=True)
    became = models.CharField(max_length=9, choices=Volunteer.State, blank=True)
    # Empty: whoever has the private link, or the site itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
