"""What can be paid, and what was paid, under way and confirmed. Cents."""

from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.http import Http404

from common import clock
from common.split import deal
from donations.disbursements.models import Batch, Disbursement, HoldBack, Method, Receipt
from donations.ledger.models import Ledger, OpenItem, Role
from donations.ledger.queries import Balances, balances_of
from events.models import Beneficiary, Event

State = Disbursement.State
# Proposed or approved and not yet in the books: promised to somebody.
PROMISED = (State.WAITING, State.SENDING)


@dataclass(frozen=True, slots=True)
class Lane:
    """How an organization stands. `free` is what may be proposed now: owed, less promised, less held back."""

    beneficiary: Beneficiary
    owed_cents: int
    promised_cents: int
    held_cents: int
    paid_cents: int
    confirmed_cents: int
    disputed_cents: int

    @property
    def free_cents(self) -> int:
        return max(self.owed_cents - self.promised_cents - self.held_cents, 0)


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is to pay from, and what may be paid of it."""

    bank_cents: int
    stripe_cents: int
    have_cents: int
    need_cents: int
    lanes: tuple[Lane, ...]
    hold_back: HoldBack | None

    @property
    def is_short(self) -> bool:
        return self.have_cents < self.need_cents

    def free_cents(self, method: str) -> int:
        """What this way of paying has to give."""
        return max(self.stripe_cents if method == Method.TRANSFER else self.bank_cents, 0)


def purse_of(event: Event, ledger: Ledger) -> Purse:
    """Reads the purse off the balances. Under the ledger's lock it is what may be promised now.

    The bank's part is the bank's balance, less what is on its way out of it, less promises, less what Stripe would
    take from it for a negative balance (docs/books.md).
    """
    kept = balances_of(ledger)
    leaving = OpenItem.objects.filter(account__ledger=ledger, account__role=Role.IN_TRANSIT, cents__lt=0)
    on_its_way = -(leaving.aggregate(cents=Sum("cents"))["cents"] or 0)
    stripe = kept.of_role(Role.STRIPE)
    promised = _promised(ledger)
    bank = kept.of_role(Role.BANK) - on_its_way + min(stripe, 0)
    moved = (Role.STRIPE, Role.IN_TRANSIT, Role.UNDEPOSITED, Role.BANK)
    owed = {account.beneficiary_id: -kept.of(account) for account in kept.accounts if account.role == Role.PAYABLE}
    hold_back = event.hold_backs.filter(until__gt=clock.now()).first()
    return Purse(
        bank_cents=bank - promised[False],
        stripe_cents=stripe - promised[True],
        have_cents=sum(kept.of_role(role) for role in moved),
        need_cents=sum(max(cents, 0) for cents in owed.values()),
        lanes=tuple(_lanes(event, kept, hold_back)),
        hold_back=hold_back,
    )


def _promised(ledger: Ledger) -> dict[bool, int]:
    """What is promised and not in the books, by whether Stripe sends it."""
    sums = {True: 0, False: 0}
    rows = Disbursement.objects.filter(batch__ledger=ledger, state__in=PROMISED).order_by()
    for method, cents in rows.values_list("method").annotate(Sum("amount_cents")):
        sums[method == Method.TRANSFER] += cents
    return sums


def _lanes(event: Event, kept: Balances, hold_back: HoldBack | None) -> list[Lane]:
    accounts = {account.beneficiary_id: account for account in kept.accounts}
    lanes = []
    for beneficiary in event.beneficiaries.all():
        account = accounts.get(beneficiary.pk)
        owed = -kept.of(account) if account else 0
        paid = kept.of(account, "disbursement") if account else 0
        # Rounded up: what is held back is never a cent short.
        held = -(-(owed + paid) * hold_back.percent // 100) if hold_back else 0
        told = told_of(beneficiary)
        lanes.append(
            Lane(
                beneficiary=beneficiary,
                owed_cents=owed,
                promised_cents=_sum(beneficiary.disbursements.filter(state__in=PROMISED)),
                held_cents=max(held, 0),
                paid_cents=paid,
                confirmed_cents=told[Receipt.Kind.CONFIRMED],
                disputed_cents=told[Receipt.Kind.DISPUTED],
            )
        )
    return lanes


def told_of(beneficiary: Beneficiary) -> dict[str, int]:
    """What the organization confirmed as received, and what it disputes, by its last word on each payment."""
    sums = {str(kind): 0 for kind in Receipt.Kind}
    for payment in beneficiary.disbursements.filter(state=State.SENT).prefetch_related("receipts"):
        receipts = list(payment.receipts.all())
        if receipts:
            is_confirmed = receipts[0].kind == Receipt.Kind.CONFIRMED
            sums[receipts[0].kind] += receipts[0].received_cents if is_confirmed else payment.amount_cents
    return sums


def _sum(rows: QuerySet[Disbursement]) -> int:
    return rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def proposal(purse: Purse, method: str = Method.CHECK) -> dict[int, int]:
    """What to propose: all that is free, or pro rata what there is when that is less. Beneficiary to cents."""
    free = {lane.beneficiary.pk: lane.free_cents for lane in purse.lanes}
    there = min(purse.free_cents(method), sum(free.values()))
    if purse.is_short:
        there = min(there, max(purse.have_cents, 0))
    if not there:
        return {}
    shares = deal(there, list(free.values()), 0)
    return {number: cents for number, cents in zip(free, shares, strict=True) if cents}


def disbursements_of(slugs: frozenset[str]) -> QuerySet[Disbursement]:
    """The guard of an organization's own pages: payments to it that were sent, newest first."""
    mine = Disbursement.objects.filter(beneficiary__slug__in=slugs, state__in=[State.SENT, State.RETURNED])
    return mine.select_related("beneficiary__event", "batch").prefetch_related("receipts").order_by("-sent_at", "-pk")


def disbursement_of(slugs: frozenset[str], number: int) -> Disbursement:
    found = disbursements_of(slugs).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def batches(event: Event) -> QuerySet[Batch]:
    return event.batches.select_related("proposed_by", "decided_by").prefetch_related("disbursements__beneficiary")
