"""One gift, followed: charge, fee, split, payout, bank, payment, confirmation. Behind the donor's private link.

Money is fungible: a step says what was allocated, paid and confirmed, never that it is the donor's very dollar.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.money import dollars
from donations.disbursements.models import Disbursement
from donations.disbursements.models import Receipt as Word
from donations.giving.queries import Part, Receipt, parts_of_items, receipt_of_link
from donations.giving.receipts import HELD, paid_by, returned_cents
from donations.ledger.models import Account, Entry, Kind, Leg, OpenItem
from donations.payments.models import BalanceTransaction, Dispute, Payment

CHARGES = ("charge", "payment")


class State(TextChoices):
    DONE = "done", gettext_lazy("Done")
    UNDER_WAY = "under_way", gettext_lazy("Under way")
    NOT_YET = "not_yet", gettext_lazy("Not yet")
    TROUBLE = "trouble", gettext_lazy("Look here")


@dataclass(frozen=True, slots=True)
class Lane:
    """What of the gift is one organization's, and how far it is."""

    part: Part
    paid: Disbursement | None = None
    word: Word | None = None
    # Whether so much was sent since as this part is.
    is_covered: bool = False

    @property
    def paid_state(self) -> State:
        if self.paid is None:
            return State.NOT_YET
        return State.DONE if self.is_covered else State.UNDER_WAY

    @property
    def word_state(self) -> State:
        if self.word is None:
            return State.UNDER_WAY if self.paid else State.NOT_YET
        if self.word.kind != Word.Kind.CONFIRMED:
            return State.TROUBLE
        return self.paid_state


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    state: State
    at: datetime | date | None = None
    words: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    lanes: tuple[Lane, ...] = ()
    is_confirmation: bool = False


@never_cache
@require_safe
def trace(request: HttpRequest, token: UUID) -> HttpResponse:
    receipt = receipt_of_link(token)
    context = {
        "receipt": receipt,
        "payment": receipt.payment,
        "event": receipt.first.event,
        "steps": list(steps_of(receipt)),
        "back_cents": returned_cents(receipt),
        "disputes": Dispute.objects.filter(charge_id__in=receipt.payment.charges.values("pk")),
    }
    response = render(request, "trace.html", context)
    # The address is the donor's own: no other site hears of it.
    response["Referrer-Policy"] = "same-origin"
    return response


def steps_of(receipt: Receipt) -> Iterator[Step]:
    """What happened to a gift, what happens now, and what is still to come, in this order."""
    yield _received(receipt)
    if not receipt.is_received:
        return
    charge = _charge_of(receipt.payment)
    yield _fee(receipt, charge)
    parts = allocated(receipt)
    if not parts:
        yield Step(_("For the card fees"), State.DONE, words=(_("It is in the fee pool, which pays card fees only."),))
        return
    if not any(part.cents for part in parts):
        yield Step(
            _("Went back to you"), State.DONE, words=(_("All of it went back, so nothing of it is owed to them."),)
        )
        return
    yield Step(_("Allocated"), State.DONE, receipt.first.received_at, _split_words(receipt), parts)
    yield from _without_stripe(receipt) if receipt.payment.is_offline else _through_stripe(charge)
    lanes = tuple(_lane(receipt, part) for part in parts)
    yield _paid(lanes)
    yield _confirmed(lanes)


def allocated(receipt: Receipt) -> tuple[Part, ...]:
    """What the organizations are owed of it, less what went back."""
    gone = []
    for item in receipt.items:
        gone.append(copy(item))
        gone[-1].amount_cents = item.returned_cents
    back = {part.place: part.cents for part in parts_of_items(gone)}
    parts = parts_of_items(receipt.items)
    return tuple(Part(part.name, part.place, part.cents - back.get(part.place, 0), part.slug) for part in parts)


def _received(receipt: Receipt) -> Step:
    payment = receipt.payment
    if receipt.is_received:
        said = _("%(sum)s from %(name)s. %(how)s.")
        words = said % {"sum": dollars(receipt.total_cents), "name": receipt.first.name, "how": paid_by(payment)}
        return Step(_("Received"), State.DONE, receipt.first.received_at, (words,))
    if payment.status in (Payment.Status.FAILED, Payment.Status.EXPIRED):
        return Step(_("Received"), State.TROUBLE, words=(_("The payment did not go through. Nothing was taken."),))
    if payment.status == Payment.Status.PROCESSING:
        words = _("Your bank has been asked. That takes up to 4 business days.")
    elif payment.is_offline:
        words = _("It is promised. It counts when we hold it.")
    else:
        words = _("We have not heard from Stripe yet.")
    return Step(_("Received"), State.UNDER_WAY, words=(words,))


# --- Through Stripe ----------------------------------------------------------------------------------------


def _charge_of(payment: Payment) -> BalanceTransaction | None:
    """Stripe's own row of the charge, with its fee."""
    rows = payment.transactions.select_related("payout").order_by("created_at", "pk")
    return next((row for row in rows if (row.reporting_category or row.type) in CHARGES), None)


def _fee(receipt: Receipt, charge: BalanceTransaction | None) -> Step:
    """The fee that Stripe kept, and who paid it: never the organizations."""
    if receipt.payment.is_offline:
        return Step(_("Card fee"), State.DONE, words=(_("None: it did not come by card."),))
    if charge is None:
        return Step(_("Card fee"), State.NOT_YET, words=(_("Stripe has not told us its fee yet."),))
    fee, cover = charge.fee_cents, receipt.cover_cents
    words = [_("Stripe kept %(fee)s. The organizations pay none of it.") % {"fee": dollars(fee)}]
    if not cover:
        words.append(_("The fee pool paid it: sponsors and donors fill it for that."))
    elif cover >= fee:
        words.append(_("You paid it: you had added %(cover)s for card fees.") % {"cover": dollars(cover)})
        if cover > fee:
            words.append(_("%(rest)s of that stays in the fee pool for others.") % {"rest": dollars(cover - fee)})
    else:
        said = _("You paid %(cover)s of it, and the fee pool the other %(rest)s.")
        words.append(said % {"cover": dollars(cover), "rest": dollars(fee - cover)})
    return Step(_("Card fee"), State.DONE, charge.created_at, tuple(words))


def _through_stripe(charge: BalanceTransaction | None) -> Iterator[Step]:
    title, bank = _("Paid out by Stripe"), _("At our bank")
    if charge is None:
        yield Step(title, State.NOT_YET, words=(_("Stripe holds it."),))
        yield Step(bank, State.NOT_YET)
    elif charge.payout is None:
        yield from _payout_unknown(charge)
    else:
        told = BalanceTransaction.objects.filter(source=charge.payout_id).order_by("created_at", "pk")
        sent, failed = told.first(), told.filter(net_cents__gt=0).exists()
        if failed:
            yield Step(title, State.TROUBLE, words=(_("The payout came back to Stripe. It is paid out again."),))
            yield Step(bank, State.NOT_YET)
            return
        words = _("It left Stripe for our bank with the payout of this day.")
        yield Step(title, State.DONE, sent.created_at if sent else charge.payout.arrives_at, (words,))
        yield _at_bank(
            charge.ledger_id,
            f"payout:{charge.payout_id}",
            _("Stripe expects it there on this day."),
            charge.payout.arrives_at,
        )


def _payout_unknown(charge: BalanceTransaction) -> Iterator[Step]:
    """By hand, or not told yet: which payout holds a gift is known of Stripe's own automatic ones only."""
    left = Entry.objects.filter(kind=Kind.PAYOUT, ledger=charge.ledger_id, happened_at__gte=charge.available_at)
    first = left.order_by("happened_at").first()
    if first is None:
        words = _("Stripe holds it. It can be paid out from this day on.")
        yield Step(_("Paid out by Stripe"), State.NOT_YET, charge.available_at, (words,))
        yield Step(_("At our bank"), State.NOT_YET)
        return
    words = _("Money has left Stripe for our bank since. Of a payout made by hand Stripe does not say what is in it.")
    yield Step(_("Paid out by Stripe"), State.UNDER_WAY, first.happened_at, (words,))
    words = _("So we cannot name the day for this gift. The bank's statement agrees with our books as a whole.")
    yield Step(_("At our bank"), State.UNDER_WAY, words=(words,))


def _without_stripe(receipt: Receipt) -> Iterator[Step]:
    yield _at_bank(receipt.payment.ledger_id, receipt.first.reference, _("We hold it, and take it to the bank."), None)


def _at_bank(ledger_id: int, key: str, waiting: str, expected: datetime | None) -> Step:
    """Whether the bank's statement has shown it: by the line that closed its key."""
    held = list(Account.objects.filter(ledger=ledger_id, role__in=HELD).values_list("pk", flat=True))
    lines = Leg.objects.filter(account__in=held, key=key, entry__kind=Kind.BANK_LINE).select_related("entry")
    line = max((leg.entry for leg in lines), key=lambda entry: entry.happened_at, default=None)
    is_open = OpenItem.objects.filter(account__in=held, key=key).exclude(cents=0).exists()
    if line is None:
        return Step(_("At our bank"), State.UNDER_WAY, expected, (waiting,))
    words = _("Part of it is on our bank's statement.") if is_open else _("It is on our bank's statement.")
    return Step(_("At our bank"), State.UNDER_WAY if is_open else State.DONE, line.happened_at, (words,))


# --- To the organizations ----------------------------------------------------------------------------------


def _split_words(receipt: Receipt) -> tuple[str, ...]:
    words = _("This much of it is owed to each organization. The books hold it, to the cent.")
    back = sum(item.returned_cents for item in receipt.items)
    return (words, _("%(sum)s went back and is owed no more.") % {"sum": dollars(back)}) if back else (words,)


def _lane(receipt: Receipt, part: Part) -> Lane:
    """The payment to an organization by which so much was sent since this gift was owed to it, by its posting."""
    posted = Entry.objects.filter(reference__in=[item.reference for item in receipt.items])
    since = posted.aggregate(at=Max("posted_at"))["at"]
    payments = Disbursement.objects.filter(
        beneficiary__event=receipt.first.event,
        beneficiary__slug=part.slug,
        state=Disbursement.State.SENT,
        batch__proposed_at__gte=since,
    )
    lane, left = Lane(part), part.cents
    for payment in payments.order_by("sent_at", "pk"):
        left -= payment.amount_cents
        lane = Lane(part, payment, payment.receipts.first(), is_covered=left <= 0)
        if lane.is_covered:
            break
    return lane


def _paid(lanes: tuple[Lane, ...]) -> Step:
    return Step(_("Paid to the organizations"), _together([lane.paid_state for lane in lanes]), lanes=lanes)


def _confirmed(lanes: tuple[Lane, ...]) -> Step:
    return Step(_("Confirmed by them"), _together([lane.word_state for lane in lanes]), None, (), (), lanes, True)


def _together(states: list[State]) -> State:
    """How far all of them are: trouble shows, and only all done is done."""
    if State.TROUBLE in states:
        return State.TROUBLE
    if len(set(states)) == 1:
        return states[0]
    return State.UNDER_WAY
