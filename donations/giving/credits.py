"""The one writer of credits: attribution of gifts to pages, teams and the event, and the totals kept beside them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Model

from common import clock
from donations.giving.models import Credit, Donation
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what an item stands for on its page: cents, signed, and how many gifts it adds (-1, 0, 1)."""

    donation: Donation
    cents: int
    gifts: int
    entry_id: int
    reason: str


def add(changes: Sequence[Change]) -> None:
    """Writes the credits of posted entries and moves the totals, inside the posting's own transaction."""
    now = clock.now()
    Credit.objects.bulk_create(
        Credit(
            donation=change.donation,
            fundraiser_id=change.donation.fundraiser_id,
            team_id=change.donation.team_id,
            cents=change.cents,
            entry_id=change.entry_id,
            reason=change.reason,
            created_at=now,
        )
        for change in changes
    )
    for change in changes:
        if change.reason == Credit.Reason.RETURNED:
            item = Donation.objects.filter(pk=change.donation.pk)
            item.update(returned_cents=F("returned_cents") - change.cents)
    for model, column in ((Event, "event_id"), (Team, "team_id"), (Fundraiser, "fundraiser_id")):
        _move_totals(model, column, changes)


def _move_totals(model: type[Model], column: str, changes: Sequence[Change]) -> None:
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for change in changes:
        if owner := getattr(change.donation, column):
            sums[owner][0] += change.cents
            sums[owner][1] += change.gifts
    for owner, (cents, gifts) in sorted(sums.items()):
        model._default_manager.filter(pk=owner).update(
            raised_cents=F("raised_cents") + cents, gift_count=F("gift_count") + gifts
        )
