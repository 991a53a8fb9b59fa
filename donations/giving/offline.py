"""Gifts by cash, check and bank transfer: staff tells what Stripe tells of a card, and `settle` does the same with it.

What staff holds is a charge `hand:<item>`, what goes back a refund `back:<token>` (docs/decisions/0014). The bank's
statement says when it was deposited: a line that closes the gift's key.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from common.money import dollars
from common.text import SENT_BEFORE
from donations.giving.checkout import write_item
from donations.giving.models import Donation
from donations.giving.order import Line
from donations.giving.settle import settle
from donations.ledger import services as ledger
from donations.ledger.models import Account, Ledger, OpenItem, Role
from donations.payments import mirror
from donations.payments.facts import ChargeFact, Facts, RefundFact
from donations.payments.models import Payment, Refund
from events.models import Event

Method, Reason, Status = Payment.Method, Refund.Reason, Payment.Status
HAND = "hand:"


class Refused(Exception):
    """It does not fit what is known of the gift; the message is a sentence. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A gift as staff enters it. `received_at` is None for one that is only promised."""

    line: Line
    email: str
    method: str
    detail: str
    received_at: datetime | None

    @property
    def fingerprint(self) -> str:
        # Of today's gifts the time is that of the press.
        day = self.received_at and self.received_at.date()
        said = [self.email, self.method, self.detail, str(day), *self.line.said]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Act:
    """A way a gift goes back: why, and whether the bank's statement will show it."""

    reason: Refund.Reason
    from_bank: bool


ACTS = {
    "never_banked": Act(Reason.BOUNCED, False),
    "bounced": Act(Reason.BOUNCED, True),
    "handed_back": Act(Reason.RETURNED, False),
    "paid_back": Act(Reason.RETURNED, True),
    "mistake": Act(Reason.ERROR, False),
}


@transaction.atomic
def enter(*, event: Event, gifts: Mapping[UUID, Entered]) -> list[Donation]:
    """Writes gifts down, each under the token of its form or row, and counts those that are here. Amounts in cents.

    A token that was used before is the gift that was entered with it. Returns all, in order. Raises Refused when it
    was used for other words.
    """
    book = ledger.lock(ledger.ledger_of(event).pk)
    weights = [(lane.pk, lane.weight) for lane in event.beneficiaries.all()]
    found = Donation.objects.filter(payment__form_token__in=gifts).exclude(payment__method=Method.STRIPE)
    known = {item.payment.form_token: item for item in found.select_related("payment")}
    facts = Facts()
    for token, gift in gifts.items():
        if token in known:
            if known[token].payment.fingerprint != gift.fingerprint:
                raise Refused(str(SENT_BEFORE))
        else:
            known[token] = _write(book, event, gift, token, weights)
            if gift.received_at:
                facts.charges.append(_in_hand(book, known[token], gift.received_at))
    settle(book.pk, facts)
    return [known[token] for token in gifts]


def _write(book: Ledger, event: Event, gift: Entered, token: UUID, weights: list[tuple[int, int]]) -> Donation:
    now = clock.now()
    payment = Payment.objects.create(
        ledger=book,
        form_token=token,
        fingerprint=gift.fingerprint,
        amount_cents=gift.line.amount_cents,
        email=gift.email,
        method=gift.method,
        detail=gift.detail,
        status=Status.PLEDGED,
        created_at=now,
        expires_at=now,
    )
    return write_item(payment, event, gift.line, weights)


def _in_hand(book: Ledger, item: Donation, at: datetime) -> ChargeFact:
    return ChargeFact(f"{HAND}{item.pk}", item.payment.token, item.amount_cents, book.currency, "succeeded", "", at)


@transaction.atomic
def receive(*, item: Donation, method: str, detail: str, received_at: datetime) -> bool:
    """A pledge has come and counts from now on. Come already, it is left alone: False.

    Raises Refused if it was given up, or came otherwise than is said now.
    """
    book, payment = _lock(item)
    if item.received_at:
        if (payment.method, payment.detail) != (method, detail):
            raise Refused(str(SENT_BEFORE))
        return False
    if payment.status != Status.PLEDGED:
        raise Refused(_("This pledge was given up. Enter the gift anew."))
    Payment.objects.filter(pk=payment.pk).update(method=method, detail=detail)
    settle(book.pk, Facts(charges=[_in_hand(book, item, received_at)]))
    return True


@transaction.atomic
def drop(*, item: Donation) -> bool:
    """A pledge will not come. Nothing was in the books. Raises Refused when it has come."""
    _book, payment = _lock(item)
    if item.received_at:
        raise Refused(_("The gift has come meanwhile. Nothing was done."))
    mirror.advance([payment.pk], Status.EXPIRED)
    return True


@transaction.atomic
def take_back(*, item: Donation, act: Act, cents: int, token: UUID) -> bool:
    """Books that `cents` of a gift went back: what the organizations are owed, totals, boards and receipt follow.

    The same token again is a no-op: False. Raises Refused, also for a token that was used for something else.
    """
    book, _payment = _lock(item)
    name = f"back:{token}"
    if known := Refund.objects.filter(pk=name).first():
        said = (known.charge_id, known.amount_cents, known.reason, known.from_bank)
        if said != (f"{HAND}{item.pk}", cents, act.reason, act.from_bank):
            raise Refused(str(SENT_BEFORE))
        return False
    _refuse_unless_fitting(item, act, cents)
    charge, now = f"{HAND}{item.pk}", clock.now()
    parts = {item.reference: cents}
    fact = RefundFact(
        name, charge, cents, book.currency, "succeeded", parts, now, reason=act.reason, from_bank=act.from_bank
    )
    settle(book.pk, Facts(refunds=[fact]))
    return True


def _refuse_unless_fitting(item: Donation, act: Act, cents: int) -> None:
    left = item.amount_cents - item.returned_cents
    if not item.received_at or not left:
        raise Refused(_("Nothing of this gift is left that could go back."))
    if not 0 < cents <= left:
        raise Refused(_("There are %(left)s left of this gift.") % {"left": dollars(left)})
    if act.reason != Reason.RETURNED and cents != left:
        raise Refused(_("It is no good as a whole: all %(left)s that are left go back.") % {"left": dollars(left)})
    if not act.from_bank and in_hand_cents(item) < cents:
        raise Refused(_("By its statement the bank has it already: say that it went back from the bank."))


@transaction.atomic
def take_back_undone(*, item: Donation, refund: Refund) -> bool:
    """The desk was wrong: the gift is good after all, and counts again. Undone already, it is left alone.

    Raises Refused when the bank's statement has shown it go.
    """
    book, _payment = _lock(item)
    refund = Refund.objects.get(pk=refund.pk)
    if refund.status in mirror.DEAD_REFUNDS:
        return False
    if refund.from_bank and -_open_cents(item, f"{item.reference}/back") < refund.amount_cents:
        raise Refused(_("The bank's statement has shown it go, so it cannot be undone. Enter a new gift if one came."))
    fact = RefundFact(
        refund.pk, refund.charge_id, refund.amount_cents, book.currency, "failed", refund.parts, refund.created_at
    )
    settle(book.pk, Facts(refunds=[fact]))
    return True


def in_hand_cents(item: Donation) -> int:
    """What of a gift the bank's statement has not shown yet: in the cash box, or on its way by transfer."""
    return _open_cents(item, item.reference)


def _open_cents(item: Donation, key: str) -> int:
    held = OpenItem.objects.filter(account__in=held_accounts(item.event), key=key)
    return held.values_list("cents", flat=True).first() or 0


def held_accounts(event: Event) -> list[int]:
    """The accounts that hold gifts until a line of the bank's statement closes them."""
    roles = [Role.UNDEPOSITED, Role.IN_TRANSIT]
    return list(Account.objects.filter(ledger__code=event.ledger_code, role__in=roles).values_list("pk", flat=True))


def _lock(item: Donation) -> tuple[Ledger, Payment]:
    """The books locked, and the gift and its payment as they are now."""
    book = ledger.lock(item.payment.ledger_id)
    item.refresh_from_db(fields=["received_at", "returned_cents"])
    item.payment.refresh_from_db()
    return book, item.payment
