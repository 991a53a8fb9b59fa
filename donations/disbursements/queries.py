"""What can be paid, and what was paid, under way and confirmed. Cents."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from common import clock
from common.split import deal
from donations.disbursements.models import Batch, Disbursement, Evidence, HoldBack, Method, Receipt
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

    @property
    def shown_held_cents(self) -> int:
        """What of what is owed is held back: what was paid out already cannot be."""
        return min(self.held_cents, max(self.owed_cents, 0))

    @property
    def unconfirmed_cents(self) -> int:
        """What is out and waits for the organization's word."""
        return self.paid_cents - self.confirmed_cents - self.disputed_cents


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is to pay from, and what may be paid of it."""

    bank_cents: int
    stripe_cents: int
    have_cents: int
    need_cents: int
    # On its way from Stripe, and what nobody can explain: the first counts as there, the second does not.
    waiting_cents: int
    suspense_cents: int
    lanes: tuple[Lane, ...]
    hold_back: HoldBack | None

    @property
    def is_short(self) -> bool:
        """As the public page says it."""
        return self.need_cents > self.have_cents + self.waiting_cents - max(self.suspense_cents, 0)

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
    hold_back = hold_back_of(event)
    return Purse(
        bank_cents=bank - promised[False],
        stripe_cents=stripe - promised[True],
        have_cents=sum(kept.of_role(role) for role in moved),
        need_cents=sum(max(cents, 0) for cents in owed.values()),
        waiting_cents=kept.of_role(Role.CLEARING),
        suspense_cents=-kept.of_role(Role.SUSPENSE),
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
    told, promised = told_of(event), _promised_to(event)
    lanes = []
    for beneficiary in event.beneficiaries.all():
        account = accounts.get(beneficiary.pk)
        owed = -kept.of(account) if account else 0
        paid = kept.of(account, "disbursement") if account else 0
        words = told.get(beneficiary.slug, {})
        lanes.append(
            Lane(
                beneficiary=beneficiary,
                owed_cents=owed,
                promised_cents=promised.get(beneficiary.pk, 0),
                held_cents=held_of(owed + paid, hold_back),
                paid_cents=paid,
                confirmed_cents=words.get(Receipt.Kind.CONFIRMED, 0),
                disputed_cents=words.get(Receipt.Kind.DISPUTED, 0),
            )
        )
    return lanes


def held_of(allocated_cents: int, hold_back: HoldBack | None) -> int:
    """What of all that was put aside is held back. Rounded up: it is never a cent short."""
    return max(-(-allocated_cents * hold_back.percent // 100), 0) if hold_back else 0


def hold_back_of(event: Event) -> HoldBack | None:
    """The newest one holds, and a newer one of nothing ends it."""
    newest = event.hold_backs.first()
    return newest if newest and newest.percent and newest.until > clock.now() else None


def with_last_word(payments: QuerySet[Disbursement]) -> QuerySet[Any]:
    """Payments with what was said of them last: `last_kind` and `last_cents`, None where nothing was."""
    newest = Receipt.objects.filter(disbursement=OuterRef("pk")).order_by("-pk")
    return payments.annotate(
        last_kind=Subquery(newest.values("kind")[:1]), last_cents=Subquery(newest.values("received_cents")[:1])
    )


def questioned() -> QuerySet[Any]:
    """Payments that are out and did not arrive as they were sent, by the organization's last word."""
    out = with_last_word(Disbursement.objects.filter(state=State.SENT))
    other_sum = Q(last_kind=Receipt.Kind.CONFIRMED) & ~Q(last_cents=F("amount_cents"))
    return out.filter(Q(last_kind=Receipt.Kind.DISPUTED) | other_sum)


def told_of(event: Event) -> dict[str, dict[str, int]]:
    """By slug, what each organization confirmed as received, and what it questions, by its last word on each payment.

    Less than was sent is confirmed as what arrived, and the rest is questioned.
    """
    out = with_last_word(Disbursement.objects.filter(beneficiary__event=event, state=State.SENT))
    sums: dict[str, dict[str, int]] = {}
    rows = out.exclude(last_kind=None).values_list("beneficiary__slug", "amount_cents", "last_kind", "last_cents")
    for slug, sent, kind, said in rows:
        arrived = min(said, sent) if kind == Receipt.Kind.CONFIRMED else 0
        words = sums.setdefault(slug, dict.fromkeys(Receipt.Kind.values, 0))
        words[Receipt.Kind.CONFIRMED] += arrived
        words[Receipt.Kind.DISPUTED] += sent - arrived
    return sums


def _promised_to(event: Event) -> dict[int, int]:
    rows = Disbursement.objects.filter(beneficiary__event=event, state__in=PROMISED).order_by()
    return dict(rows.values_list("beneficiary_id").annotate(Sum("amount_cents")))


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
    found = mine.select_related("beneficiary__event", "batch").prefetch_related("receipts__by", "files")
    return found.order_by("-sent_at", "-pk")


def disbursement_of(slugs: frozenset[str], number: int) -> Disbursement:
    found = disbursements_of(slugs).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def evidence_of(slugs: frozenset[str], number: int) -> Evidence:
    """The guard of a file that shows a payment: 404 but for the organization that was paid."""
    return get_object_or_404(Evidence, pk=number, disbursement__in=disbursements_of(slugs).order_by())


def beneficiary_of(slugs: frozenset[str], slug: str, event: Event) -> Beneficiary:
    """The guard of a statement."""
    if slug not in slugs:
        raise Http404
    return get_object_or_404(event.beneficiaries.select_related("event"), slug=slug)


def batches(event: Event) -> QuerySet[Batch]:
    return event.batches.select_related("proposed_by", "decided_by").prefetch_related("disbursements__beneficiary")
