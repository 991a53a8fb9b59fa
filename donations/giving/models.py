"""Gifts, and their attribution to pages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from donations.ledger.models import Entry
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from registration.models import Participant
from teams.models import Team


class Donation(models.Model):
    """One item of a payment: a gift to a page, a team or the event, an entry fee, or a contribution to the card fees.

    Entry fees are proceeds like gifts, but on no page and no leaderboard.
    """

    class Kind(models.TextChoices):
        GIFT = "gift", _("Gift")
        REGISTRATION = "registration", _("Entry fee")
        FUNDING = "funding", _("For the card fees")

    class MessageState(models.TextChoices):
        SHOWN = "shown", _("Shown")
        WAITING = "waiting", _("Waits for a moderator")
        REFUSED = "refused", _("Not shown")

    class Dedication(models.TextChoices):
        HONOUR = "honour", _("In honour of")
        MEMORY = "memory", _("In memory of")

    class Shown(models.TextChoices):
        FULL = "full", _("My full name")
        FIRST = "first", _("My first name")
        ALIAS = "alias", _("Another name")
        ANONYMOUS = "anonymous", _("No name")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="donations")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.GIFT)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="donations")
    fundraiser = models.ForeignKey(Fundraiser, null=True, on_delete=models.PROTECT, related_name="donations")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="donations")
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.PROTECT, related_name="fees", help_text="Whose entry fee it is."
    )
    amount_cents = models.PositiveBigIntegerField()
    cover_cents = models.PositiveBigIntegerField(default=0, help_text="Towards the card fee, by the donor's tick.")
    # Frozen at creation: pairs of beneficiary id and weight in lane order, and the lane where odd cents start.
    weights = models.JSONField()
    start = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    message = models.CharField(max_length=500, blank=True)
    message_state = models.CharField(max_length=7, choices=MessageState, default=MessageState.SHOWN)
    dedication = models.CharField(max_length=6, choices=Dedication, blank=True)
    dedicated_to = models.CharField(max_length=80, blank=True)
    shown = models.CharField(max_length=9, choices=Shown, default=Shown.FULL)
    alias = models.CharField(max_length=80, blank=True)
    amount_hidden = models.BooleanField(default=False)
    # The runner's own thanks, once a gift.
    thanks = models.CharField(max_length=500, blank=True)
    thanked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    # Derived: set with the gift's entry, so that lists can be drawn without the ledger.
    received_at = models.DateTimeField(null=True, db_index=True)
    # Derived: what went back of the amount, kept by donations.giving.credits and checked by check_books.
    returned_cents = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["fundraiser", "-received_at"],
                condition=models.Q(received_at__isnull=False),
                name="donation_of_page",
            ),
        ]

    @property
    def reference(self) -> str:
        return f"item:{self.pk}"

    @property
    def total_cents(self) -> int:
        return self.amount_cents + self.cover_cents

    @property
    def public_name(self) -> str:
        """The only place that decides which name strangers see."""
        if self.shown == self.Shown.ANONYMOUS:
            return str(_("Somebody"))
        if self.shown == self.Shown.ALIAS:
            return self.alias
        return self.name.split()[0] if self.shown == self.Shown.FIRST else self.name

    @property
    def public_message(self) -> str:
        """The message strangers see."""
        return self.message if self.message_state == self.MessageState.SHOWN else ""

    @property
    def public_cents(self) -> int | None:
        """The amount strangers see, less what went back, or None where the donor hides it."""
        return None if self.amount_hidden else self.amount_cents - self.returned_cents


class Credit(models.Model):
    """Attribution of an item's money to a page and a team; rows are only ever added."""

    class Reason(models.TextChoices):
        GIFT = "gift", _("Given")
        RETURNED = "returned", _("Went back")
        MOVED = "moved", _("Moved")

    donation = models.ForeignKey(Donation, on_delete=models.PROTECT, related_name="credits")
    fundraiser = models.ForeignKey(Fundraiser, null=True, on_delete=models.PROTECT, related_name="credits")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="credits")
    cents = models.BigIntegerField()
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="credits")
    reason = models.CharField(max_length=8, choices=Reason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="credits")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            # One gift row an item, one returned row an item and entry: what runs twice has one effect.
            models.UniqueConstraint(
                fields=["donation", "entry", "reason"],
                condition=models.Q(entry__isnull=False),
                name="credit_once",
            ),
        ]
