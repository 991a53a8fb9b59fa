"""The double-entry ledger. Only donations.ledger.services writes here, and the database holds the rules itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Beneficiary

# An entry's id is its ledger's id and its sequence in one number: known before the entry is written.
SEQUENCE_BITS = 40


class Role(models.TextChoices):
    """What an account is for. Assets and expenses are debits (positive), obligations are credits (negative)."""

    CLEARING = "clearing", _("Stripe, not yet matched")
    STRIPE = "stripe", _("Stripe balance")
    IN_TRANSIT = "in_transit", _("Between Stripe, us and the bank")
    BANK = "bank", _("Bank")
    UNDEPOSITED = "undeposited", _("Cash and checks in hand")
    PAYABLE = "payable", _("Owed to an organization")
    FEE_POOL = "fee_pool", _("Fee pool")
    SUSPENSE = "suspense", _("Unexplained")


class Kind(models.TextChoices):
    """What happened, from the table in docs/books.md. Amounts are signed: a failure is the same kind, turned."""

    GIFT = "gift", _("Gift")
    REGISTRATION = "registration", _("Entry fee")
    FUNDING = "funding", _("Funding of the fee pool")
    REFUND = "refund", _("Refund")
    SETTLED = "settled", _("Settled by Stripe")
    PAYOUT = "payout", _("Payout")
    FEE = "fee", _("Fee")
    BANK_LINE = "bank_line", _("Line of the bank's statement")
    DISBURSEMENT = "disbursement", _("Paid to an organization")
    ALLOCATION = "allocation", _("Allocated by two people")
    UNEXPLAINED = "unexplained", _("Unexplained")
    PLACED = "placed", _("Placed by a person")


# Kind to the account roles it may touch, on both sides since amounts are signed: what the rows of KindRule must say.
KIND_RULES: dict[str, tuple[str, ...]] = {
    "gift": ("clearing", "undeposited", "in_transit", "payable", "fee_pool"),
    "registration": ("clearing", "undeposited", "in_transit", "payable", "fee_pool"),
    "funding": ("clearing", "undeposited", "in_transit", "fee_pool"),
    "refund": ("payable", "fee_pool", "clearing", "undeposited", "in_transit"),
    "settled": ("stripe", "fee_pool", "clearing"),
    "payout": ("in_transit", "fee_pool", "stripe"),
    "fee": ("fee_pool", "stripe", "bank"),
    "bank_line": ("bank", "in_transit", "undeposited"),
    "disbursement": ("payable", "in_transit", "clearing"),
    "allocation": ("fee_pool", "payable"),
    "unexplained": ("suspense", "stripe", "bank"),
    "placed": ("suspense", "fee_pool", "clearing", "in_transit", "undeposited"),
}
KEYED_ROLES = (Role.CLEARING, Role.IN_TRANSIT, Role.UNDEPOSITED, Role.SUSPENSE)


class Ledger(models.Model):
    """The books of one Stripe account and its bank account. Its row is the lock of every posting."""

    code = models.SlugField(unique=True)
    currency = models.CharField(max_length=3, default="usd")
    # Moved by the entry trigger alone, so that a second writer meets it as a changed row.
    last_sequence = models.BigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=140)
    role = models.CharField(max_length=12, choices=Role)
    beneficiary = models.ForeignKey(
        Beneficiary, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    keyed = models.BooleanField(help_text="Every leg names the item it belongs to.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "code"], name="account_code"),
            models.UniqueConstraint(
                fields=["ledger", "role"], condition=~models.Q(role="payable"), name="account_of_its_role"
            ),
            models.UniqueConstraint(
                fields=["ledger", "beneficiary"],
                condition=models.Q(beneficiary__isnull=False),
                name="account_of_beneficiary",
            ),
            models.CheckConstraint(
                condition=models.Q(role="payable", beneficiary__isnull=False)
                | (~models.Q(role="payable") & models.Q(beneficiary__isnull=True)),
                name="payable_has_beneficiary",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class KindRule(models.Model):
    """One allowed (kind, account role, side): the table of docs/books.md as rows, read by the triggers."""

    kind = models.CharField(max_length=12, choices=Kind)
    role = models.CharField(max_length=12, choices=Role)
    side = models.SmallIntegerField(help_text="1: debit, -1: credit.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "role", "side"], name="kind_rule_once")]


class Entry(models.Model):
    """A sealed set of legs that add up to zero. Its legs are written first; the entry is the seal."""

    id = models.BigIntegerField(primary_key=True)
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="entries")
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    reference = models.CharField(max_length=120, unique=True, help_text="item:17, txn_…, re_…: once in the books.")
    posted_at = models.DateTimeField(default=clock.now)
    happened_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["ledger", "sequence"], name="entry_sequence")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} {self.reference}"


class Leg(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="legs")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="legs")
    cents = models.BigIntegerField(help_text="Debit positive, credit negative.")
    key = models.CharField(max_length=80, blank=True, help_text="The item on a keyed account: payment:5.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(cents=0), name="leg_not_zero"),
            # Far above any sum of ours, and far below where the two databases begin to count differently.
            models.CheckConstraint(condition=models.Q(cents__range=(-(10**13), 10**13)), name="leg_within_reason"),
            models.CheckConstraint(condition=models.Q(id__gt=0), name="leg_counts_from_one"),
        ]
        indexes = [models.Index(fields=["account", "key"], condition=~models.Q(key=""), name="leg_key")]


class Balance(models.Model):
    """What one kind moved on one account, derived: kept by post() and checked by check_books.

    An account's balance is the sum of its few rows, however many entries there are; so are fees, funding and gifts.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="balances")
    kind = models.CharField(max_length=12, choices=Kind)
    cents = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="balance_of_kind")]


class OpenItem(models.Model):
    """The balance of one key of a keyed account, derived. Not zero means open, since `opened_at`."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=80)
    cents = models.BigIntegerField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="open_item_key")]
        indexes = [models.Index(fields=["opened_at"], condition=~models.Q(cents=0), name="open_item_age")]


class Alarm(models.Model):
    """Something the books refused, for a person to look at. Nothing was posted for it."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="alarms")
    reference = models.CharField(max_length=120)
    sentence = models.CharField(max_length=400)
    raised_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["reference", "sentence"], name="alarm_once")]


class BooksCheck(models.Model):
    """The result of one run of check_books, shown to everybody."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="checks")
    at = models.DateTimeField(default=clock.now)
    entries = models.BigIntegerField()
    findings = models.JSONField(default=list)
    unexplained_cents = models.BigIntegerField()

    class Meta:
        ordering = ["-id"]
