"""Closing an event: what must be so, computed each time it is asked, and giving away what the fee pool has left.

Nothing is switched: an event is closed while all of it is true, and a late dispute opens it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from common.money import dollars
from common.split import deal
from common.text import SENT_BEFORE
from donations.disbursements.models import Allocation, Batch
from donations.disbursements.services import NotNow, decide, is_proposer
from donations.giving.queries import Money, money_of
from donations.ledger import services as ledger
from donations.ledger.entries import draft
from donations.ledger.models import KEYED_ROLES, Kind, OpenItem, Role
from events.models import Event
from events.services import public_edit


@dataclass(frozen=True, slots=True)
class Step:
    """Something that must be so before an event is closed; `said` is how it stands, as a sentence."""

    is_done: bool
    said: str


def checklist(event: Event, money: Money, confirmed_cents: int, open_count: int) -> list[Step]:
    """All that must be so, in the order in which it is done. Cents."""
    is_over = event.state == Event.State.CANCELLED or event.starts_at <= clock.now()
    confirmed = _("%(confirmed)s of %(paid)s is confirmed by the organizations.")
    sums = {"confirmed": dollars(confirmed_cents), "paid": dollars(money.paid_cents)}
    opened = ngettext("%(count)s item is open in the books.", "%(count)s items are open in the books.", open_count)
    unknown = money.unexplained_cents + abs(money.suspense_cents)
    pool, negative = money.fee_pool_cents, money.negative_cents
    return [
        Step(is_over, _("The race is over.") if is_over else _("The race is still to come.")),
        Step(not open_count and not money.waiting_cents, opened % {"count": open_count}),
        Step(not unknown, _("%(sum)s is not explained.") % {"sum": dollars(unknown)}),
        Step(not money.short_cents and pool >= 0, _("%(sum)s is short.") % {"sum": dollars(_short(money))}),
        Step(not negative, _("%(sum)s was paid beyond what is owed now.") % {"sum": dollars(negative)}),
        Step(not pool, _("%(sum)s is in the fee pool.") % {"sum": dollars(pool)}),
        Step(not money.need_cents, _("%(sum)s is owed to the organizations.") % {"sum": dollars(money.need_cents)}),
        Step(confirmed_cents == money.paid_cents > 0, confirmed % sums),
    ]


def _short(money: Money) -> int:
    return max(money.short_cents, -money.fee_pool_cents, 0)


def is_closed(event: Event, money: Money, confirmed_cents: int) -> bool:
    """Whether all of it is so now. The books' open items are asked for last: mostly it is plain before."""
    steps = checklist(event, money, confirmed_cents, 0)
    return all(step.is_done for step in steps) and not open_count(event)


def open_count(event: Event) -> int:
    return OpenItem.objects.filter(account__ledger__code=event.ledger_code).exclude(cents=0).count()


def shares_of(event: Event, money: Money, *, with_surplus: bool) -> dict[str, int]:
    """What the fee pool would give to each organization, by slug, in cents.

    First it lifts those who were paid more than they are owed to zero; with the surplus, the rest is dealt by the
    weights of the event. Nothing while the pool cannot lift all of them.
    """
    lifted = {lane.slug: max(-lane.cents, 0) for lane in money.lanes}
    left = money.fee_pool_cents - sum(lifted.values())
    if left < 0:
        return {}
    if with_surplus:
        weights = {lane.slug: lane.weight for lane in event.beneficiaries.all()}
        dealt = dict(zip(weights, deal(left, list(weights.values()), 0), strict=True))
        lifted = {slug: cents + dealt[slug] for slug, cents in lifted.items()}
    return {slug: cents for slug, cents in lifted.items() if cents}


@transaction.atomic
def propose_allocation(*, event: Event, with_surplus: bool, reason: str, by: User, token: UUID) -> Allocation:
    """Puts down what the pool shall give, for another person to approve. The same token is one allocation.

    Raises NotNow when there is nothing to give, when fees may still come that the pool must pay, or when another one
    waits.
    """
    book = ledger.ledger_of(event)
    ledger.lock(book.pk)
    if known := Allocation.objects.filter(token=token).first():
        said = (known.event_id, known.with_surplus, known.reason, known.state)
        if said != (event.pk, with_surplus, reason, Batch.State.PROPOSED):
            raise NotNow(str(SENT_BEFORE))
        return known
    if event.allocations.filter(state=Batch.State.PROPOSED).exists():
        raise NotNow(_("Another allocation waits for approval. Approve it or take it back first."))
    return Allocation.objects.create(
        ledger=book,
        event=event,
        token=token,
        with_surplus=with_surplus,
        amounts=_shares_now(event, with_surplus=with_surplus),
        reason=reason,
        proposed_by=by,
    )


def _shares_now(event: Event, *, with_surplus: bool) -> dict[str, int]:
    waiting = OpenItem.objects.filter(account__ledger__code=event.ledger_code, account__role__in=KEYED_ROLES)
    unsure = waiting.exclude(account__role=Role.IN_TRANSIT).exclude(cents=0)
    if with_surplus and unsure.exists():
        raise NotNow(_("Something is still open in the books, and its fee would be missing. See to it first."))
    shares = shares_of(event, money_of(event), with_surplus=with_surplus)
    if not shares:
        raise NotNow(_("The fee pool has nothing to give for this now."))
    return shares


@transaction.atomic
def approve_allocation(*, allocation: Allocation, by: User) -> None:
    """Another person's yes: it is in the books. Raises NotNow for the proposer, and when the sums have changed."""
    ledger.lock(allocation.ledger_id)
    _still_proposed(allocation)
    if is_proposer(allocation, by):
        raise NotNow(_("Whoever proposed an allocation cannot approve it: ask somebody else."))
    if _shares_now(allocation.event, with_surplus=allocation.with_surplus) != allocation.amounts:
        raise NotNow(_("The sums have changed since this was proposed. Take it back and propose it anew."))
    decide(allocation, Batch.State.APPROVED, by)
    _post(allocation, allocation.amounts)
    public_edit(allocation.event_id)


@transaction.atomic
def withdraw_allocation(*, allocation: Allocation, by: User) -> None:
    """Takes a proposal back. Raises NotNow for one that was decided."""
    ledger.lock(allocation.ledger_id)
    _still_proposed(allocation)
    decide(allocation, Batch.State.WITHDRAWN, by)


def _still_proposed(allocation: Allocation) -> None:
    allocation.refresh_from_db(fields=["state"])
    if allocation.state != Batch.State.PROPOSED:
        raise NotNow(_("This allocation was decided already."))


def _post(allocation: Allocation, amounts: Mapping[str, int]) -> None:
    """The pool's debit is the organizations' credit."""
    chart = ledger.chart_of(allocation.ledger_id)
    numbers = dict(allocation.event.beneficiaries.values_list("slug", "pk"))
    legs = [chart.payable(numbers[slug], -cents) for slug, cents in amounts.items()]
    legs.append(chart.leg(Role.FEE_POOL, sum(amounts.values())))
    entry = draft(Kind.ALLOCATION, f"allocation:{allocation.token}", clock.now(), legs, allocation.reason)
    ledger.post(allocation.ledger_id, [entry])
