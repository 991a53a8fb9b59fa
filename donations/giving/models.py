"""Gifts, their attribution to pages, what is asked to go back, and the gate before the give forms."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from donations.ledger.models import Entry
from donations.payments.models import Charge, Dispute, Payment
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
    thanks_state = models.CharField(max_length=7, choices=MessageState, default=MessageState.SHOWN)
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
            # Sums by day, and gifts of an amount, are read off these.
            models.Index(fields=["event", "kind", "received_at", "amount_cents"], name="donation_by_day"),
            models.Index(fields=["event", "amount_cents", "-id"], name="donation_by_amount"),
            # Words that wait for a moderator.
            models.Index(
                fields=["received_at"], condition=models.Q(message_state="waiting"), name="donation_words_wait"
            ),
            models.Index(
                fields=["thanked_at"], condition=models.Q(thanks_state="waiting"), name="donation_thanks_wait"
            ),
        ]

    @property
    def reference(self) -> str:
        return f"item:{self.pk}"

    @property
    def cover_reference(self) -> str:
        """How a refund names the part that goes back of the cover."""
        return f"item:{self.pk}/cover"

    @property
    def total_cents(self) -> int:
        return self.amount_cents + self.cover_cents

    @property
    def public_name(self) -> str:
        """The only place that decides which name strangers see."""
        if self.shown == self.Shown.ANONYMOUS or not self.may_be_read:
            return str(_("Somebody"))
        if self.shown == self.Shown.ALIAS:
            return self.alias
        return self.name.split()[0] if self.shown == self.Shown.FIRST else self.name

    @property
    def may_be_read(self) -> bool:
        """Whether strangers see what the donor wrote: name, message and dedication wait for a moderator together."""
        return self.message_state == self.MessageState.SHOWN

    @property
    def public_thanks(self) -> str:
        """The runner's thanks as everybody may read them; nothing while they wait for a moderator."""
        return self.thanks if self.thanks_state == self.MessageState.SHOWN else ""

    @property
    def public_message(self) -> str:
        """The message strangers see."""
        return self.message if self.may_be_read else ""

    @property
    def public_dedication(self) -> str:
        """The dedication strangers see: "In memory of Kaiya"."""
        return f"{self.get_dedication_display()} {self.dedicated_to}" if self.dedication and self.may_be_read else ""

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


class RefundRequest(models.Model):
    """A refund that we ask Stripe for. The row is the queue: whoever finds it waiting asks with the same key."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for Stripe")
        MADE = "made", _("Made")
        REFUSED = "refused", _("Refused by Stripe")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refund_requests")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refund_requests")
    amount_cents = models.PositiveBigIntegerField()
    parts = models.JSONField(help_text="What goes back of which item: item:17 or item:17/cover to cents.")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    refund_id = models.CharField(max_length=80, blank=True, help_text="Stripe's, once it is made.")
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="refund_waiting"),
        ]


class DisputeAnswer(models.Model):
    """What the desk answers to a dispute. The row is the queue: whoever finds it waiting sends it with the same key."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("Evidence")
        ACCEPT = "accept", _("Accepted")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for Stripe")
        MADE = "made", _("Taken by Stripe")
        REFUSED = "refused", _("Refused by Stripe")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=8, choices=Kind)
    evidence = models.JSONField(default=dict, help_text="By Stripe's names.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, help_text="When it was first to be sent.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            # Stripe takes one answer: of two presses, or two people, one is first.
            models.UniqueConstraint(
                fields=["dispute"], condition=models.Q(state__in=["draft", "waiting"]), name="one_answer_at_a_time"
            ),
        ]


class GiftImport(models.Model):
    """A file of gifts without Stripe, looked at before it is committed. Its rows are thrown away with it, and after."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="gift_imports")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    rows = models.JSONField(help_text="Column to text, as they stand in the file.")
    count = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class EventDecision(models.Model):
    """What an organizer decided about the race. The row is the work: mails and refunds are done until none is left."""

    class State(models.TextChoices):
        RUNNING = "running", _("Being carried out")
        DONE = "done", _("Done")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="decisions")
    token = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(max_length=9, choices=Event.State)
    text = models.TextField(blank=True, help_text="What people are told.")
    new_start = models.DateTimeField(null=True)
    refunds_until = models.DateTimeField(null=True)
    refund = models.BooleanField(default=False, help_text="The fees go back; otherwise they stay as gifts.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    # What the dry run counted and the organizer agreed to.
    people = models.PositiveIntegerField()
    mails = models.PositiveIntegerField()
    refund_cents = models.PositiveBigIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    refunds = models.ManyToManyField(RefundRequest, related_name="decisions")

    class Meta:
        ordering = ["-id"]


class Gate(models.Model):
    """How far the give forms are open; one row. Beside what an organizer says, the gate watches by itself."""

    class Mode(models.TextChoices):
        AUTO = "auto", _("By itself")
        CALM = "calm", _("Always calm")
        ALERT = "alert", _("On alert")
        CLOSED = "closed", _("Closed")

    mode = models.CharField(max_length=6, choices=Mode, default=Mode.AUTO)
    alert_until = models.DateTimeField(null=True, help_text="By its own judgement, while its mode is auto.")
    judged_at = models.DateTimeField(null=True, help_text="When the last hour was last looked at.")


class Entrance(models.Model):
    """Where a payment came from, as keyed hashes that nobody can turn back; thrown away after two days."""

    payment = models.OneToOneField(Payment, on_delete=models.CASCADE, related_name="entrance")
    network = models.CharField(max_length=32)
    email = models.CharField(max_length=32)
    with_code = models.BooleanField(default=False, help_text="Its donor typed a code from the mailbox.")
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["network", "created_at"], name="entrance_network"),
            models.Index(fields=["email", "created_at"], name="entrance_email"),
        ]
