"""Where the money goes, as everybody may see it: the books, and what the organizations say they received. Cents."""

from dataclasses import dataclass

from donations.disbursements.closing import is_closed
from donations.disbursements.models import HoldBack, Receipt
from donations.disbursements.queries import held_of, hold_back_of, told_of
from donations.giving.queries import Money, money_of
from events.models import Event


@dataclass(frozen=True, slots=True)
class Lane:
    """An organization: all that was put aside for it is owed still, or was sent and is under way or confirmed."""

    name: str
    place: int
    slug: str
    owed_cents: int
    held_cents: int
    paid_cents: int
    confirmed_cents: int

    @property
    def allocated_cents(self) -> int:
        return self.owed_cents + self.paid_cents

    @property
    def under_way_cents(self) -> int:
        """Sent, and not confirmed by who receives it."""
        return self.paid_cents - self.confirmed_cents


@dataclass(frozen=True, slots=True)
class PublicMoney:
    money: Money
    lanes: tuple[Lane, ...]
    hold_back: HoldBack | None
    is_closed: bool

    @property
    def allocated_cents(self) -> int:
        return sum(lane.allocated_cents for lane in self.lanes)

    @property
    def owed_cents(self) -> int:
        return sum(lane.owed_cents for lane in self.lanes)

    @property
    def held_cents(self) -> int:
        return sum(lane.held_cents for lane in self.lanes)

    @property
    def under_way_cents(self) -> int:
        return sum(lane.under_way_cents for lane in self.lanes)

    @property
    def confirmed_cents(self) -> int:
        return sum(lane.confirmed_cents for lane in self.lanes)

    @property
    def passed_on(self) -> str:
        """How much of what was put aside has arrived, by those who received it: `100.00`. Rounded down."""
        hundredths = self.confirmed_cents * 10_000 // self.allocated_cents if self.allocated_cents > 0 else 0
        return f"{hundredths // 100}.{hundredths % 100:02}"


def public_money(event: Event) -> PublicMoney:
    """The whole page in a handful of rows, however many gifts there are."""
    money, told, hold_back = money_of(event), told_of(event), hold_back_of(event)
    lanes = tuple(
        Lane(
            name=lane.name,
            place=lane.place,
            slug=lane.slug,
            owed_cents=lane.cents,
            held_cents=min(held_of(lane.allocated_cents, hold_back), max(lane.cents, 0)),
            paid_cents=lane.paid_cents,
            confirmed_cents=told.get(lane.slug, {}).get(Receipt.Kind.CONFIRMED, 0),
        )
        for lane in money.lanes
    )
    confirmed = sum(lane.confirmed_cents for lane in lanes)
    return PublicMoney(money, lanes, hold_back, is_closed(event, money, confirmed))
