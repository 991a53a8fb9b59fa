"""The bank's statement: its lines as imported, and what the bank says the balance is."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from donations.ledger.models import Ledger


class Statement(models.Model):
    """A file of the bank that was read in. Its balances are the bank's own words."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="statements")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    form = models.CharField(max_length=8, help_text="csv, ofx, bai2 or camt.")
    account = models.CharField(max_length=4, blank=True, help_text="The end of the account's number, where it is said.")
    # What the bank says it held before the first line and after the last one; a CSV may not say.
    opening_cents = models.BigIntegerField(null=True)
    closing_cents = models.BigIntegerField(null=True)
    first_on = models.DateField()
    last_on = models.DateField()
    new_lines = models.PositiveIntegerField()
    known_lines = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-last_on", "-id"]


class BankLine(models.Model):
    """A line of the statement. It is in the books when a person has said what it is."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a person")
        MATCHED = "matched", _("Matched")
        FEE = "fee", _("A fee or interest of the bank")
        UNEXPLAINED = "unexplained", _("Unexplained")

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="bank_lines")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    happened_on = models.DateField()
    cents = models.BigIntegerField(help_text="Money in is positive.")
    text = models.CharField(max_length=300)
    # Banks give no number in a CSV: the line is its day, amount and text, and two alike are the first and the second.
    reference = models.CharField(max_length=100)
    state = models.CharField(max_length=11, choices=State, default=State.OPEN)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["happened_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "reference"], name="bank_line_once"),
            models.CheckConstraint(condition=~models.Q(cents=0), name="bank_line_not_zero"),
        ]
        indexes = [
            models.Index(fields=["ledger", "happened_on"], condition=models.Q(state="open"), name="bank_line_open"),
        ]


class Upload(models.Model):
    """A file that waits for a person to look at what it would add. Gone once it is kept, and after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ledger = models.ForeignKey(Ledger, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    @property
    def file(self) -> bytes:
        # PostgreSQL's driver hands out a view of it.
        return bytes(self.content)


class ColumnMap(models.Model):
    """Which columns of a bank's CSV hold what, remembered by the CSV's heading."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="column_maps")
    heading = models.CharField(max_length=64, help_text="SHA-256 of the heading.")
    columns = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "heading"], name="column_map_once")]
