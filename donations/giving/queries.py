"""Gifts as the public may see them, and where the money is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.split import deal
from donations.giving.models import Credit, Donation
from donations.ledger.models import BooksCheck, Kind, Role
from donations.ledger.queries import balances_named
from donations.payments.models import Payment
from events.models import Beneficiary, Event
from fundraisers.models import Fundraiser
from fundraisers.queries import listed_fundraisers
from fundraisers.standings import Standing
from registration.models import Registration
from teams.models import Team

LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Part:
    """What of an amount is an organization's; its place is its lane."""

    name: str
    place: int
    cents: int
    slug: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Lane(Part):
    """How an organization stands: `cents` is what it is owed now, `paid_cents` what was sent to it."""

    paid_cents: int = 0

    @property
    def allocated_cents(self) -> int:
        """All that was ever put aside for it."""
        return self.cents + self.paid_cents


@dataclass(frozen=True, slots=True)
class Money:
    """Where an event's money is, read off the balances. Cents; positive is money that is there."""

    lanes: tuple[Lane, ...]
    received_cents: int = 0
    returned_cents: int = 0
    fees_cents: int = 0
    funded_cents: int = 0
    cover_cents: int = 0
    surplus_cents: int = 0
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
    def covered(self) -> str:
        """How much of what is owed is there, as a number: `100.00`. Rounded down, so that a cent short is never 100."""
        there = max(self.need_cents - self.short_cents, 0)
        hundredths = there * 10_000 // self.need_cents if self.need_cents else 10_000
        return f"{hundredths // 100}.{hundredths % 100:02}"

    @property
    def mended_cents(self) -> int:
        """What else moved the fee pool: covers that went back, and what a person placed there. Positive came in."""
        known = self.funded_cents + self.cover_cents - self.fees_cents - self.surplus_cents
        return self.fee_pool_cents - known

    @property
    def unexplained_cents(self) -> int:
        return self.check.unexplained_cents if self.check else 0

    @property
    def paid_cents(self) -> int:
        return sum(lane.paid_cents for lane in self.lanes)

    @property
    def allocated_lanes(self) -> tuple[Part, ...]:
        """What was put aside for each, paid or not: what the pictures of the total show."""
        return tuple(replace(lane, cents=lane.allocated_cents) for lane in self.lanes)


def money_of(event: Event) -> Money:
    """Where the money of an event's ledger is, in a handful of rows however many gifts there are."""
    kept = balances_named(event.ledger_code)
    payables = {account.beneficiary_id: account for account in kept.accounts if account.role == Role.PAYABLE}
    owed = {beneficiary: -kept.of(account) for beneficiary, account in payables.items()}
    paid = {beneficiary: kept.of(account, Kind.DISBURSEMENT) for beneficiary, account in payables.items()}
    moved = (Role.STRIPE, Role.IN_TRANSIT, Role.UNDEPOSITED, Role.BANK)
    return Money(
        lanes=_lanes(event, owed, paid),
        received_cents=-kept.of_role(Role.PAYABLE, Kind.GIFT, Kind.REGISTRATION),
        returned_cents=kept.of_role(Role.PAYABLE, Kind.REFUND),
        fees_cents=kept.of_role(Role.FEE_POOL, Kind.SETTLED, Kind.FEE, Kind.PAYOUT),
        funded_cents=-kept.of_role(Role.FEE_POOL, Kind.FUNDING),
        cover_cents=-kept.of_role(Role.FEE_POOL, Kind.GIFT, Kind.REGISTRATION),
        surplus_cents=kept.of_role(Role.FEE_POOL, Kind.ALLOCATION),
        fee_pool_cents=-kept.of_role(Role.FEE_POOL),
        waiting_cents=kept.of_role(Role.CLEARING),
        suspense_cents=-kept.of_role(Role.SUSPENSE),
        have_cents=sum(kept.of_role(role) for role in moved),
        need_cents=sum(cents for cents in owed.values() if cents > 0),
        negative_cents=-sum(cents for cents in owed.values() if cents < 0),
        check=BooksCheck.objects.filter(ledger__code=event.ledger_code).first(),
    )


def _lanes(event: Event, owed: dict[int | None, int], paid: dict[int | None, int]) -> tuple[Lane, ...]:
    return tuple(
        Lane(lane.name, lane.place, owed.get(lane.pk, 0), lane.slug, lane.about, paid.get(lane.pk, 0))
        for lane in event.beneficiaries.all()
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


def parts_of_items(items: Sequence[Donation], lanes: Mapping[int, Beneficiary] | None = None) -> list[Part]:
    """How all items of a payment are dealt together, by lane."""
    if lanes is None:
        lanes = lanes_of(items)
    sums: dict[int, Part] = {}
    for item in items:
        for part in parts_of(item, lanes):
            known = sums.get(part.place)
            sums[part.place] = replace(part, cents=part.cents + known.cents) if known else part
    return [sums[place] for place in sorted(sums)]


def target_name(item: Donation) -> str:
    """Whom the gift was given to, in words."""
    if item.kind == Donation.Kind.FUNDING:
        return _("the card fees")
    if item.kind == Donation.Kind.REGISTRATION and item.participant:
        return _("Entry: %(option)s, %(name)s") % {
            "option": item.participant.option.name,
            "name": item.participant.name,
        }
    if item.fundraiser:
        return _("%(name)s's run") % {"name": item.fundraiser.name}
    if item.participant:
        return _("%(name)s's run") % {"name": item.participant.page_name}
    return item.team.name if item.team else item.event.name


def received_gifts(event: Event) -> QuerySet[Donation]:
    """Gifts that were received, newest first; their pages with them."""
    gifts = _standing(Donation.objects.filter(event=event))
    return gifts.select_related("fundraiser").order_by("-received_at", "-pk")


def listed_gifts(event: Event) -> QuerySet[Donation]:
    """Gifts that lists may show to everybody: none of a page that is hidden or found by its address alone."""
    away = Q(fundraiser__is_hidden=True) | Q(fundraiser__is_listed=False)
    return received_gifts(event).exclude(away).select_related("fundraiser__team", "team", "event")


def given_lately(event: Event, start: int, count: int) -> list[Standing]:
    """Places of listed pages by what they were given in the last 24 hours, less what went back of it. Cents.

    Only pages that were given something have one. It reads the gifts of those hours, and no others.
    """
    lately = Credit.objects.filter(
        donation__event=event,
        donation__received_at__gt=clock.now() - LATELY,
        fundraiser__is_hidden=False,
        fundraiser__is_listed=True,
    )
    sums = lately.values_list("fundraiser_id").annotate(cents=Sum("cents")).filter(cents__gt=0)
    rows = list(sums.order_by("-cents", "fundraiser_id")[: start + count])
    pages = listed_fundraisers(event).in_bulk([page for page, _cents in rows[start:]])
    ranks: dict[int, int] = {}
    for place, (_page, cents) in enumerate(rows, start=1):
        ranks.setdefault(cents, place)
    return [Standing(ranks[cents], pages[page], cents) for page, cents in rows[start:] if page in pages]


def gifts_of_page(fundraiser: Fundraiser) -> QuerySet[Donation]:
    """Gifts to a page, newest first; there are `gift_count` of them. A gift that went back whole is not listed."""
    return _standing(fundraiser.donations.all()).order_by("-received_at", "-pk")


def gifts_to_thank_for(fundraiser: Fundraiser) -> QuerySet[Donation]:
    """Those that nobody was thanked for yet. Who gave to the own page in the cart needs not thank themselves."""
    return gifts_of_page(fundraiser).filter(thanked_at=None, participant=None)


def gifts_of_owner(user: User) -> QuerySet[Donation]:
    """Gifts to the pages of a person, of the current event, newest first."""
    gifts = _standing(Donation.objects.filter(fundraiser__owner=user, event__is_current=True))
    return gifts.select_related("fundraiser__team", "team", "event").order_by("-received_at", "-pk")


def _standing(items: QuerySet[Donation]) -> QuerySet[Donation]:
    return items.filter(kind=Donation.Kind.GIFT, received_at__isnull=False, amount_cents__gt=F("returned_cents"))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment with its items, as its donor sees it. Cents."""

    payment: Payment
    items: tuple[Donation, ...]

    @property
    def first(self) -> Donation:
        return self.items[0]

    @property
    def gift(self) -> Donation | None:
        """The gift among the items, which is what strangers see."""
        return next((item for item in self.items if item.kind == Donation.Kind.GIFT), None)

    @property
    def is_received(self) -> bool:
        return all(item.received_at for item in self.items)

    @property
    def total_cents(self) -> int:
        return sum(item.total_cents for item in self.items)

    @property
    def cover_cents(self) -> int:
        return sum(item.cover_cents for item in self.items)

    @property
    def returned_cents(self) -> int:
        return sum(item.returned_cents for item in self.items)

    @property
    def registration(self) -> Registration | None:
        """The registration that it paid, if it did."""
        return self.first.participant.registration if self.first.participant else None

    @property
    def page(self) -> Fundraiser | None:
        """The page that the gift is on; one that was hidden since is named nowhere any more."""
        page = self.first.fundraiser
        return None if page is None or page.is_hidden else page

    @property
    def team(self) -> Team | None:
        """The team that the gift was given to itself."""
        team = self.first.team if self.first.fundraiser_id is None else None
        return None if team is None or team.is_hidden else team

    @property
    def target_name(self) -> str:
        gone = self.page is None and self.team is None and self.first.kind == Donation.Kind.GIFT
        return self.first.event.name if gone else target_name(self.first)

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(target_name(item), item.amount_cents) for item in self.items]

    @property
    def again_url(self) -> str:
        """Where one goes to try it again, or to give once more."""
        if self.registration:
            return reverse("registration", args=[self.registration.token])
        if self.page:
            return reverse("give", args=[self.page.slug])
        if self.team:
            return reverse("give_team", args=[self.team.slug])
        return reverse("give_fees" if self.first.kind == Donation.Kind.FUNDING else "give_event")


def receipt_of_link(token: UUID) -> Receipt:
    """The guard of a donor's private link: whoever has it may see this payment; 404 for everybody else."""
    payment = get_object_or_404(Payment, Q(token=token, new_link=None) | Q(new_link=token))
    items = payment.donations.order_by("pk")
    found = tuple(
        items.select_related("event", "fundraiser", "team", "participant__registration", "participant__option")
    )
    if not found:
        raise Http404
    return Receipt(payment, found)
