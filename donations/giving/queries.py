"""Gifts as the public may see them, and where the money is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from common.split import deal
from donations.giving.models import Donation
from donations.ledger.models import BooksCheck, Kind, Ledger, Role
from donations.ledger.queries import balances_of
from donations.payments.models import Payment
from events.models import Beneficiary, Event
from fundraisers.models import Fundraiser


@dataclass(frozen=True, slots=True)
class Part:
    """What of an amount is an organization's; its place is its lane."""

    name: str
    place: int
    cents: int
    slug: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """Where an event's money is, read off the balances. Cents; positive is money that is there."""

    lanes: tuple[Part, ...]
    received_cents: int = 0
    returned_cents: int = 0
    fees_cents: int = 0
    funded_cents: int = 0
    cover_cents: int = 0
    fee_pool_cents: int = 0
    waiting_cents: int = 0
    suspense_cents: int = 0
    have_cents: int = 0
    need_cents: int = 0
    negative_cents: int = 0
    check: BooksCheck | None = None

    @property
    def cushion_cents(self) -> int:
        """What explains have - need: the fee pool, advances to the organizations, suspense, less clearing."""
        return self.fee_pool_cents - self.negative_cents + self.suspense_cents - self.waiting_cents

    @property
    def short_cents(self) -> int:
        """What is owed and not there: money on its way counts, money nobody can explain does not."""
        return max(self.need_cents - self.have_cents - self.waiting_cents + max(self.suspense_cents, 0), 0)

    @property
    def hundred(self) -> bool:
        """May the site say 100%? Only while what is there covers what is owed."""
        return self.short_cents == 0

    @property
    def unexplained_cents(self) -> int:
        return self.check.unexplained_cents if self.check else 0

    @property
    def paid_cents(self) -> int:
        return 0


def money_of(event: Event) -> Money:
    """Where the money of an event's ledger is, in a handful of rows however many gifts there are."""
    ledger = Ledger.objects.filter(code=event.ledger_code).first()
    if ledger is None:
        return Money(parts_of_event(event, {}))
    kept = balances_of(ledger)
    payables = {account.beneficiary_id: account for account in kept.accounts if account.role == Role.PAYABLE}
    owed = {beneficiary: -kept.of(account) for beneficiary, account in payables.items()}
    moved = (Role.STRIPE, Role.IN_TRANSIT, Role.UNDEPOSITED, Role.BANK)
    return Money(
        lanes=parts_of_event(event, owed),
        received_cents=-kept.of_role(Role.PAYABLE, Kind.GIFT),
        returned_cents=kept.of_role(Role.PAYABLE, Kind.REFUND),
        fees_cents=kept.of_role(Role.FEE_POOL, Kind.SETTLED, Kind.FEE),
        funded_cents=-kept.of_role(Role.FEE_POOL, Kind.FUNDING),
        cover_cents=-kept.of_role(Role.FEE_POOL, Kind.GIFT),
        fee_pool_cents=-kept.of_role(Role.FEE_POOL),
        waiting_cents=kept.of_role(Role.CLEARING),
        suspense_cents=-kept.of_role(Role.SUSPENSE),
        have_cents=sum(kept.of_role(role) for role in moved),
        need_cents=sum(cents for cents in owed.values() if cents > 0),
        negative_cents=-sum(cents for cents in owed.values() if cents < 0),
        check=ledger.checks.first(),
    )


def parts_of_event(event: Event, cents: dict[int | None, int]) -> tuple[Part, ...]:
    return tuple(
        Part(lane.name, lane.place, cents.get(lane.pk, 0), lane.slug, lane.about) for lane in event.beneficiaries.all()
    )


def split_parts(lanes: list[Beneficiary], cents: int) -> list[Part]:
    """How an amount would be dealt today, for pictures and forms."""
    shares = deal(max(cents, 0), [lane.weight for lane in lanes], 0)
    return [
        Part(lane.name, lane.place, share, lane.slug, lane.about) for lane, share in zip(lanes, shares, strict=True)
    ]


def parts_of(item: Donation, lanes: Mapping[int, Beneficiary] | None = None) -> list[Part]:
    """How an item is dealt, by the weights frozen on it. Nothing for a contribution to the card fees.

    `lanes` are its organizations by number, where they are at hand already.
    """
    if item.kind == Donation.Kind.FUNDING:
        return []
    if lanes is None:
        lanes = lanes_of([item])
    shares = deal(item.amount_cents, [weight for _beneficiary, weight in item.weights], item.start)
    return [
        Part(lanes[beneficiary].name, lanes[beneficiary].place, share, lanes[beneficiary].slug)
        for (beneficiary, _weight), share in zip(item.weights, shares, strict=True)
    ]


def lanes_of(items: Iterable[Donation]) -> dict[int, Beneficiary]:
    """The organizations that these items are dealt to, by number."""
    return Beneficiary.objects.in_bulk({beneficiary for item in items for beneficiary, _weight in item.weights})


def target_name(item: Donation) -> str:
    """Whom the gift was given to, in words."""
    if item.kind == Donation.Kind.FUNDING:
        return _("the card fees")
    if item.fundraiser:
        return _("%(name)s's run") % {"name": item.fundraiser.name}
    return item.event.name


def received_gifts(event: Event) -> QuerySet[Donation]:
    """Gifts that were received, newest first; their pages with them."""
    gifts = _standing(Donation.objects.filter(event=event))
    return gifts.select_related("fundraiser").order_by("-received_at", "-pk")


def gifts_of_page(fundraiser: Fundraiser) -> QuerySet[Donation]:
    """Gifts to a page, newest first; there are `gift_count` of them. A gift that went back whole is not listed."""
    return _standing(fundraiser.donations.all()).order_by("-received_at", "-pk")


def _standing(items: QuerySet[Donation]) -> QuerySet[Donation]:
    return items.filter(kind=Donation.Kind.GIFT, received_at__isnull=False, amount_cents__gt=F("returned_cents"))


def payment_of_link(token: UUID) -> Payment:
    """The guard of a donor's private link: whoever has it may see this payment; 404 for everybody else."""
    payment = get_object_or_404(Payment, token=token)
    if not payment.donations.exists():
        raise Http404
    return payment
