"""Signing up for the run: a household in one cart, its participants, promo codes and the wait list."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import EntryOption, Event, Waiver

ADULT = 18


class PromoCode(models.Model):
    """Takes a part off the price of entries. Codes are kept and compared in capitals."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="promo_codes")
    code = models.CharField(max_length=20)
    percent_off = models.PositiveSmallIntegerField(default=0)
    cents_off = models.PositiveBigIntegerField(default=0)
    max_uses = models.PositiveIntegerField(null=True, blank=True, help_text="Participants; empty: no limit.")
    valid_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    promised_to = models.OneToOneField(
        "Registration",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="promise",
        help_text="Whose deferred entries it stands for; nobody else is told the code.",
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["event", "code"], name="promo_code"),
            models.CheckConstraint(condition=models.Q(percent_off__lte=100), name="promo_percent"),
        ]

    def __str__(self) -> str:
        return self.code


class Registration(models.Model):
    """One household's sign-up, paid in one payment. While it can be paid, its places are held."""

    class Status(models.TextChoices):
        CART = "cart", _("Being filled in")
        HELD = "held", _("Waiting for the payment")
        CONFIRMED = "confirmed", _("Confirmed")
        RELEASED = "released", _("Not paid; the places were given back")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    # The private link of who registers.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    promo_code = models.ForeignKey(
        PromoCode, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    # The place that is handed on to who registers here: it has been paid for, and goes on counting once.
    takes_over = models.OneToOneField(
        "Participant", null=True, blank=True, on_delete=models.PROTECT, related_name="handed_to"
    )
    # A first gift to the page of the first participant, in the same payment.
    gift_cents = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.CART)
    held_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # What the periodic work looks through: sign-ups that are not finished.
            models.Index(
                fields=["status", "id"],
                condition=~models.Q(status="confirmed"),
                name="registration_unfinished",
            ),
        ]


class Participant(models.Model):
    """A person in a registration, with what race day needs to know of them."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Takes part")
        CANCELLED = "cancelled", _("Cancelled")
        DEFERRED = "deferred", _("Deferred to the next edition")
        TRANSFERRED = "transferred", _("Handed on to somebody else")
        REMOVED = "removed", _("Taken out of the cart again")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="participants")
    option = models.ForeignKey(EntryOption, on_delete=models.PROTECT, related_name="participants")
    status = models.CharField(max_length=11, choices=Status, default=Status.ACTIVE)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True, help_text="Empty: who registered gets their mail.")
    age = models.PositiveSmallIntegerField(help_text="On race day.")
    guardian = models.CharField(max_length=80, blank=True, help_text="The grown-up who answers for a minor.")
    shirt_size = models.CharField(max_length=10, blank=True)
    emergency_name = models.CharField(max_length=80)
    emergency_phone = models.CharField(max_length=30)
    photo_consent = models.BooleanField(default=False)
    waiver = models.ForeignKey(Waiver, null=True, on_delete=models.PROTECT, related_name="participants")
    signed_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    # What the page shall be, and the team: the rooms above make them when the place is confirmed.
    page_name = models.CharField(max_length=80, help_text="As the runner wants to be called.")
    is_protected = models.BooleanField(default=False)
    team = models.CharField(max_length=80, blank=True, help_text="The slug of a team, or the name of a new one.")
    # Frozen when the places are held.
    price_cents = models.PositiveBigIntegerField(default=0)
    discount_cents = models.PositiveBigIntegerField(default=0)
    fair_value_cents = models.PositiveBigIntegerField(
        null=True, help_text="What a runner gets for the fee, as it was said then. A charity's receipt says it."
    )
    # Frozen when the place is cancelled: what of the fee is to go back.
    refund_due_cents = models.PositiveBigIntegerField(default=0)
    # Set on race day, when the bib is handed out.
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def due_cents(self) -> int:
        return self.price_cents - self.discount_cents

    @property
    def is_minor(self) -> bool:
        return self.age < ADULT


class ParticipantChange(models.Model):
    """What became of somebody's place after it was confirmed; rows are only ever added, and hold no names."""

    class What(models.TextChoices):
        CANCELLED = "cancelled", _("Cancelled")
        OFFERED_ON = "offered_on", _("Offered to somebody else")
        KEPT = "kept", _("Not handed on after all")
        TRANSFERRED = "transferred", _("Handed on")
        DEFERRED = "deferred", _("Deferred to the next edition")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=11, choices=What)
    was = models.CharField(max_length=40, blank=True, help_text="The status, or the participant's number, before.")
    became = models.CharField(max_length=40, blank=True)
    # Empty: whoever has the private link.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]


class WaitListEntry(models.Model):
    """Somebody who waits for a place. No money before a place is offered; an offered place counts as taken."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits")
        OFFERED = "offered", _("A place is offered")
        USED = "used", _("Took the place")
        OVER = "over", _("The offer ended")
        LEFT = "left", _("Left the list")

    option = models.ForeignKey(EntryOption, on_delete=models.PROTECT, related_name="wait_list")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    email = models.EmailField()
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(default=clock.now)
    offered_at = models.DateTimeField(null=True)
    offer_ends_at = models.DateTimeField(null=True)
    # The registration that came of the offer.
    registration = models.ForeignKey(
        Registration, null=True, on_delete=models.SET_NULL, related_name="wait_list_entries"
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["option", "id"],
                condition=models.Q(status__in=["waiting", "offered"]),
                name="wait_list_open",
            ),
        ]
