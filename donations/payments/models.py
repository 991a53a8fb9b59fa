"""Mirrors of Stripe's objects and the inbox of its events. Whether money counts is read off the ledger, not here."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from donations.ledger.models import Ledger


class Payment(models.Model):
    """One checkout of one person: one Stripe session, however often the button is pressed.

    Or what came without Stripe, by `method`: then staff says what Stripe says otherwise (docs/decisions/0014).
    """

    class Method(models.TextChoices):
        STRIPE = "stripe", _("Online")
        CASH = "cash", _("Cash")
        CHECK = "check", _("Check")
        TRANSFER = "transfer", _("Bank transfer")

    class Status(models.TextChoices):
        NEW = "new", _("Not yet at Stripe")
        OPEN = "open", _("At Stripe's page")
        PROCESSING = "processing", _("Waiting for the bank")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")
        PLEDGED = "pledged", _("Pledged")

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="payments")
    # The donor's private link, and how Stripe's objects name the payment: numbers come again after a restore.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The private link in place of the first one, once that may be in the mailbox of a stranger.
    new_link = models.UUIDField(null=True, unique=True, editable=False)
    # What the form carried and a hash of what it said: pressing twice, back and a second tab are one payment.
    form_token = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    amount_cents = models.PositiveBigIntegerField()
    email = models.EmailField(blank=True, help_text="Empty only for what came without Stripe.")
    method = models.CharField(max_length=8, choices=Method, default=Method.STRIPE)
    detail = models.CharField(max_length=120, blank=True, help_text="Number and bank of a check, trace of a transfer.")
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    session_id = models.CharField(max_length=80, unique=True, null=True)
    session_url = models.TextField(blank=True)
    # What Stripe was and will be asked for under this payment's idempotency key, word for word.
    checkout = models.JSONField(default=dict)
    expires_at = models.DateTimeField(help_text="When its session can no longer be paid.")
    # When Stripe was last asked how it stands.
    asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["form_token", "fingerprint"], name="payment_once")]
        indexes = [
            models.Index(fields=["fingerprint"], name="payment_fingerprint"),
            models.Index(
                fields=["id"], condition=models.Q(status__in=["new", "open", "processing"]), name="payment_unfinished"
            ),
            models.Index(fields=["-id"], condition=~models.Q(method="stripe"), name="payment_offline"),
        ]

    @property
    def link(self) -> uuid.UUID:
        """What the donor's private link ends with."""
        return self.new_link or self.token

    @property
    def key(self) -> str:
        """The key of this payment's legs on stripe:clearing."""
        return f"payment:{self.pk}"

    @property
    def is_offline(self) -> bool:
        return self.method != self.Method.STRIPE


class Charge(models.Model):
    """A charge as last told, or `hand:<item>`: that staff holds what was given. Of nobody: `payment` is empty."""

    id = models.CharField(primary_key=True, max_length=80)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="charges")
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10)
    payment_intent = models.CharField(max_length=80, blank=True, db_index=True)
    created_at = models.DateTimeField()


class Refund(models.Model):
    """A refund as last told; `pending`, `succeeded`, and failed or canceled for good.

    Or `back:<token>`: what staff says of a gift without Stripe; `failed` there is what staff took back.
    """

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("Bounced")
        RETURNED = "returned", _("Given back")
        ERROR = "error", _("Entered by mistake")

    id = models.CharField(primary_key=True, max_length=80)
    # Not a foreign key: the refund may be told before its charge.
    charge_id = models.CharField(max_length=80, db_index=True)
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=16)
    parts = models.JSONField(default=dict, help_text="What the desk named: item id to cents, from the metadata.")
    reason = models.CharField(max_length=8, choices=Reason, blank=True, help_text="For gifts without Stripe.")
    from_bank = models.BooleanField(default=False, help_text="A line of the bank's statement will show it go.")
    created_at = models.DateTimeField()


class Dispute(models.Model):
    """A dispute as last told. Its money is what its balance transactions moved, whatever its status says."""

    OPEN = ("warning_needs_response", "needs_response")
    # Stripe says no more of these, but for a late win, which moves money.
    ENDED = ("won", "lost", "warning_closed", "prevented")

    id = models.CharField(primary_key=True, max_length=80)
    # Not a foreign key: the dispute may be told before its charge.
    charge_id = models.CharField(max_length=80, db_index=True)
    amount_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=30)
    reason = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True, help_text="Until when Stripe takes an answer.")
    answered = models.BooleanField(default=False, help_text="Evidence went to the bank, from here or elsewhere.")
    # Balance transaction to what it moved: withdrawn is positive, reinstated negative. Only ever grows.
    moves = models.JSONField(default=dict)
    # When Stripe said so: older news does not change the status.
    told_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "id"]

    @property
    def is_open(self) -> bool:
        """Whether Stripe waits for an answer."""
        return self.status in self.OPEN

    @property
    def is_inquiry(self) -> bool:
        """A question of the bank, which has moved no money."""
        return self.status.startswith("warning_")


class StripeEvent(models.Model):
    """The webhook inbox: the raw event, stored before it is answered. The row is the queue."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    body = models.TextField()
    received_at = models.DateTimeField(default=clock.now)
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(processed_at__isnull=True), name="event_waiting"),
        ]


class Payout(models.Model):
    """A payout whose contents Stripe has told. One by hand has none: Stripe cannot say what is in it."""

    id = models.CharField(primary_key=True, max_length=80)
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="payouts")
    is_automatic = models.BooleanField()
    arrives_at = models.DateTimeField(help_text="When Stripe expects it at the bank.")
    listed_at = models.DateTimeField(default=clock.now)


class BalanceTransaction(models.Model):
    """One row of Stripe's balance feed; exactly one entry carries its id as reference."""

    id = models.CharField(primary_key=True, max_length=80)
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="transactions")
    type = models.CharField(max_length=60)
    reporting_category = models.CharField(max_length=60, blank=True)
    amount_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=80, blank=True, db_index=True)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="transactions")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="transactions")
    created_at = models.DateTimeField(db_index=True)
    available_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
