"""Moving gifts that were given already to another page or team: an act of an organizer, undone by moving back.

The ledger is not touched, since the organizations are owed the same. Credits are written in pairs: what the gift stands
for is taken off its old place and put on the new one, so that every past leaderboard can be replayed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from donations.giving import credits, moderation
from donations.giving.models import Donation
from donations.ledger import services as ledger
from fundraisers.models import Fundraiser
from teams.models import Team


class Refused(Exception):
    """Nothing was moved; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move of many gifts would do: for each team they count for now (None: no team), how many and how much."""

    gifts: int
    cents: int
    teams: tuple[tuple[Team | None, int, int], ...]


@transaction.atomic
def move_gift(
    *, donation: Donation, fundraiser: Fundraiser | None, team: Team | None, by: User, reason: str
) -> Donation:
    """Moves one gift to a page, a team or both; to the event itself with neither. Later refunds follow it.

    Returns the gift as it is now. Raises Refused for what is no gift, for a place of another event, and where the gift
    is already there.
    """
    ledger.lock(donation.payment.ledger_id)
    item = Donation.objects.select_related("fundraiser", "team").get(pk=donation.pk)
    if item.kind != Donation.Kind.GIFT:
        raise Refused(_("Only gifts are moved; an entry fee and money for the card fees are on no page."))
    if any(place and place.event_id != item.event_id for place in (fundraiser, team)):
        raise Refused(_("That page or team belongs to another event."))
    if (item.fundraiser, item.team) == (fundraiser, team):
        raise Refused(_("The gift is there already."))
    credits.move(item=item, fundraiser=fundraiser, team=team, by=by, note=reason)
    if item.message_state == Donation.MessageState.SHOWN and moderation.state_of(item) != item.message_state:
        # Nobody has read its words for a page that is protected.
        item.message_state = Donation.MessageState.WAITING
        item.save(update_fields=["message_state"])
    return item


def gifts_since(page: Fundraiser, since: datetime, team: Team | None) -> QuerySet[Donation]:
    """The gifts to a page, received since, that do not count for this team, oldest first."""
    gifts = page.donations.filter(kind=Donation.Kind.GIFT, received_at__gte=since)
    others = gifts.exclude(team=team) if team else gifts.exclude(team=None)
    return others.select_related("fundraiser", "team").order_by("received_at", "pk")


def plan_move(page: Fundraiser, since: datetime, team: Team | None) -> Plan:
    """A dry run of `move_gifts_of_page`."""
    return _plan(list(gifts_since(page, since, team)))


def _plan(items: Sequence[Donation]) -> Plan:
    gifts, cents = Counter[Team | None](), Counter[Team | None]()
    for item in items:
        gifts[item.team] += 1
        cents[item.team] += item.amount_cents - item.returned_cents
    teams = sorted(gifts, key=lambda team: team.name if team else "")
    return Plan(len(items), cents.total(), tuple((team, gifts[team], cents[team]) for team in teams))


@transaction.atomic
def move_gifts_of_page(
    *, page: Fundraiser, since: datetime, team: Team | None, seen: tuple[int, int], by: User, reason: str
) -> Plan:
    """Makes a page's gifts since that moment count for another team, or none; they stay on the page.

    `seen` is what the dry run said, gifts and cents. Raises Refused when it is not what would happen now.
    """
    payment = page.donations.select_related("payment").first()
    if payment is None:
        raise Refused(_("There is no gift to move."))
    ledger.lock(payment.payment.ledger_id)
    items = list(gifts_since(page, since, team))
    plan = _plan(items)
    if not items or (plan.gifts, plan.cents) != seen:
        raise Refused(_("The gifts have changed meanwhile. Nothing was moved; look again."))
    for item in items:
        credits.move(item=item, fundraiser=page, team=team, by=by, note=reason)
    return plan
