"""What a receipt says: the words of the event's legal mode, what went back, and the same on paper."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.money import dollars
from donations.giving.models import Donation
from donations.giving.queries import Receipt, parts_of_items
from donations.ledger.models import Account, Kind, Leg, Role
from donations.payments.mirror import DEAD_REFUNDS
from donations.payments.models import Payment, Refund
from events.models import Event
from fundraisers.letters import Letter

# Where the money of a payment is keyed: online by the payment, without Stripe by its one gift.
HELD = (Role.CLEARING, Role.UNDEPOSITED, Role.IN_TRANSIT)


def legal_words(event: Event, items: Sequence[Donation], returned_cents: int = 0) -> list[str]:
    """What the law wants a receipt to say, sentence by sentence; `returned_cents` is all that went back.

    A charity acknowledges: who received it, with its EIN, and that nothing was given in return (IRS Publication 1771;
    26 USC 170(f)(8), for gifts of $250 and more). Of an entry fee a runner gets something back: above $75 a charity
    must say what that is worth, in good faith, and that only what is beyond it can be deducted (26 USC 6115). It is so
    below $75 as well, and we say it for every entry fee. Who is no charity says that it is not a tax receipt.
    """
    if event.legal_mode == Event.LegalMode.CHARITY:
        words = _acknowledgement(event, items, returned_cents)
    else:
        said = _("%(name)s is not a charity. This is a receipt for your payment, not a tax receipt.")
        words = [said % {"name": event.legal_name}]
    return [*words, event.legal_note] if event.legal_note else words


def _acknowledgement(event: Event, items: Sequence[Donation], returned_cents: int) -> list[str]:
    words = [_("%(name)s is a tax-exempt charity. Its EIN is %(ein)s.") % {"name": event.legal_name, "ein": event.ein}]
    fees = [item for item in items if item.kind == Donation.Kind.REGISTRATION]
    paid = sum(item.amount_cents - item.returned_cents for item in fees)
    worth = sum(map(_worth, fees))
    given = sum(item.total_cents for item in items) - returned_cents - paid
    if paid > 0:
        said = _(
            "For your entry fees of %(paid)s you get a place in the race and what belongs to it. We estimate in good"
            " faith that this is worth %(worth)s. For federal income tax only what you paid beyond that can be"
            " deducted: %(rest)s."
        )
        words.append(said % {"paid": dollars(paid), "worth": dollars(worth), "rest": dollars(paid - worth)})
    if given > 0:
        said = _("No goods or services were provided in return for your gift of %(given)s.")
        words.append(said % {"given": dollars(given)})
    if paid <= 0 and given <= 0:
        words.append(_("All of it went back to you, so there is nothing to deduct."))
    return words


def _worth(fee: Donation) -> int:
    """What a runner gets for what is left of a fee: as estimated when they paid, at most that. Unknown is all of it."""
    left = fee.amount_cents - fee.returned_cents
    value = fee.participant.fair_value_cents if fee.participant else None
    return left if value is None else min(value, left)


def returned_of(payments: Iterable[tuple[Payment, Sequence[Donation]]]) -> Mapping[int, int]:
    """Payment id to all that went back of it by the books, covers too. Cents; what never went back is not there."""
    keys: dict[str, int] = {}
    for payment, items in payments:
        held = items[0].reference if payment.is_offline else payment.key
        keys |= {held: payment.pk, f"{held}/back": payment.pk}
    accounts = list(Account.objects.filter(role__in=HELD).values_list("pk", flat=True))
    legs = Leg.objects.filter(account__in=accounts, key__in=keys, entry__kind=Kind.REFUND).order_by()
    sums: dict[int, int] = {}
    for key, cents in legs.values_list("key").annotate(Sum("cents")):
        sums[keys[key]] = sums.get(keys[key], 0) - cents
    return sums


def returned_cents(receipt: Receipt) -> int:
    return returned_of([(receipt.payment, receipt.items)]).get(receipt.payment.pk, 0)


def day_of(item: Donation, form: str = "F j, Y") -> str:
    """The day it was received, on the event's calendar."""
    assert item.received_at
    return date_format(item.received_at.astimezone(item.event.zone), form)


def paid_by(payment: Payment) -> str:
    """How it was paid, in words."""
    said = _("Online, through Stripe") if not payment.is_offline else str(payment.get_method_display())
    return f"{said}, {payment.detail}" if payment.detail else said


def back_name(payment: Payment) -> str:
    """What to call what went back: a check that bounced gave its donor nothing back."""
    reasons: set[str] = set()
    if payment.is_offline:
        standing = Refund.objects.exclude(status__in=DEAD_REFUNDS)
        reasons = set(standing.filter(charge_id__in=payment.charges.values("pk")).values_list("reason", flat=True))
    if Refund.Reason.BOUNCED in reasons:
        return _("Not received, for it bounced")
    return _("Not received, entered by mistake") if Refund.Reason.ERROR in reasons else _("Went back to you")


def receipt_file(receipt: Receipt) -> bytes:
    """The receipt as a PDF, with what went back stated."""
    first, event, back = receipt.first, receipt.first.event, returned_cents(receipt)
    letter = Letter(event.name, _("Receipt"), f"{event.legal_name} · {event.contact_email}")
    assert first.received_at
    letter.pdf.set_creation_date(first.received_at)
    letter.sum(dollars(receipt.total_cents))
    rows = [(_("Given by"), first.name)]
    rows += [(name, dollars(cents)) for name, cents in receipt.rows] if len(receipt.items) > 1 else []
    rows += [(_("To"), receipt.target_name)] if len(receipt.items) == 1 else []
    rows += [(_("For the card fees"), dollars(receipt.cover_cents))] if receipt.cover_cents else []
    rows += [(_("On"), day_of(first)), (_("Paid"), paid_by(receipt.payment))]
    rows += [(_("Received by"), f"{event.legal_name}, {event.contact_email}")]
    if not receipt.payment.is_offline:
        rows.append((_("On your statement"), event.statement_descriptor))
    rows.append((_("Receipt number"), str(receipt.payment.pk)))
    if back:
        rows += [(back_name(receipt.payment), dollars(back)), (_("Stands"), dollars(receipt.total_cents - back))]
    letter.rows(rows)
    if parts := parts_of_items(receipt.items):
        letter.words(_("Allocated to, of what was given:"))
        letter.lanes([(part.name, part.place, dollars(part.cents)) for part in parts])
    for sentence in legal_words(event, receipt.items, back):
        letter.words(sentence)
    return letter.file()
