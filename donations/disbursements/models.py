"""Money on its way to the organizations: proposed, approved by somebody else, sent, confirmed by who received it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from donations.ledger.models import Ledger
from events.models import Beneficiary, Event


class Method(models.TextChoices):
    CHECK = "check", _("Check")
    ACH = "ach", _("Bank transfer (ACH)")
    TRANSFER = "transfer", _("Stripe transfer")


class Payee(models.Model):
    """Where an organization is paid. A changed account cools before money goes there."""

    beneficiary = models.OneToOneField(Beneficiary, on_delete=models.PROTECT, related_name="payee")
    method = models.CharField(max_length=8, choices=Method, default=Method.CHECK)
    account = models.CharField(
        max_length=120, help_text="The address of a check, the end of an account's number, a Stripe account's id."
    )
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)


class HoldBack(models.Model):
    """The part of what came in that is kept for late disputes until a date. Public; the newest one holds."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="hold_backs")
    percent = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(percent__lte=100), name="hold_back_percent")]


class Batch(models.Model):
    """What one person proposes to pay, and another approves or turns down."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="batches")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="batches")
    token = models.UUIDField(unique=True, help_text="Of the form: pressing twice proposes once.")
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(decided_by=models.F("proposed_by")),
                name="batch_needs_two_people",
            ),
        ]


class Disbursement(models.Model):
    """One payment to one organization."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not sent yet")
        SENDING = "sending", _("Being sent by Stripe")
        SENT = "sent", _("Paid")
        RETURNED = "returned", _("Came back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="disbursements")
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="disbursements")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    amount_cents = models.PositiveBigIntegerField()
    method = models.CharField(max_length=8, choices=Method)
    account = models.CharField(max_length=120, help_text="As the payee's stood when it was proposed.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    evidence = models.CharField(max_length=120, blank=True, help_text="The check's number, the ACH trace, Stripe's id.")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "beneficiary"], name="disbursement_once"),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="disbursement_not_zero"),
        ]

    @property
    def key(self) -> str:
        """The key of its legs on bank:in_transit or stripe:clearing, and the reference of its entry."""
        return f"disbursement:{self.token}"


class Evidence(models.Model):
    """A file that shows a payment: the check's picture, the bank's page. Only its people and treasurers may have it."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        JPEG = "jpg", "JPEG"
        PNG = "png", "PNG"

    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT, related_name="files")
    name = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Where it is kept.")
    kind = models.CharField(max_length=3, choices=Kind)
    size = models.PositiveIntegerField(help_text="Bytes.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]


class Allocation(models.Model):
    """What of the fee pool one person proposes to give to the organizations, and another approves."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="allocations")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="allocations")
    token = models.UUIDField(unique=True, help_text="Of the form: pressing twice proposes once.")
    with_surplus = models.BooleanField(help_text="All of the pool; else only what lifts a negative payable to zero.")
    amounts = models.JSONField(help_text="The organization's slug to cents.")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=Batch.State, default=Batch.State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(decided_by=models.F("proposed_by")),
                name="allocation_needs_two_people",
            ),
        ]

    @property
    def total_cents(self) -> int:
        return sum(self.amounts.values())


class Receipt(models.Model):
    """An organization's own word about a payment: received, so much, on this day; or not as it says. Only added."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("Received")
        DISPUTED = "disputed", _("Not as it says")

    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=9, choices=Kind)
    received_cents = models.PositiveBigIntegerField()
    received_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
