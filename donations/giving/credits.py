"""The one writer of credits: attribution of gifts to pages, teams and the event, and the totals kept beside them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Model, OuterRef, Subquery, Sum
from django.db.models.expressions import Combinable

from accounts.models import User
from common import clock
from donations.giving.models import Credit, Donation
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what an item stands for on its page: cents, signed, and how many gifts it adds (-1, 0, 1).

    An entry of the ledger is behind it, or a person of the desk who moved it, with a note.
    """

    donation: Donation
    cents: int
    gifts: int
    entry_id: int | None
    reason: str
    by: User | None = None
    note: str = ""


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
            by=change.by,
            note=change.note,
            created_at=now,
        )
        for change in changes
    )
    for change in changes:
        if change.reason == Credit.Reason.RETURNED:
            item = Donation.objects.filter(pk=change.donation.pk)
            item.update(returned_cents=F("returned_cents") - change.cents)
    # The event first: its lock puts all changes of places in order, and the others keep the edit it counts.
    _move_totals(Event, "event_id", changes, edits=F("edits") + 1)
    edit = Subquery(Event.objects.filter(pk=OuterRef("event")).values("edits"))
    _move_totals(Team, "team_id", changes, moved=edit)
    _move_totals(Fundraiser, "fundraiser_id", changes, moved=edit)


def move(*, item: Donation, fundraiser: Fundraiser | None, team: Team | None, by: User, note: str) -> int:
    """Takes what an item stands for from its page and team to others, under the ledger's lock; later refunds follow.

    Returns the cents that were moved: 0 for a gift that is not received yet or went back whole.
    """
    cents: int = item.credits.aggregate(sum=Sum("cents", default=0))["sum"]
    gifts = int(cents > 0)
    if cents:
        add([Change(item, -cents, -gifts, None, Credit.Reason.MOVED, by, note)])
    item.fundraiser, item.team = fundraiser, team
    item.save(update_fields=["fundraiser", "team"])
    if cents:
        add([Change(item, cents, gifts, None, Credit.Reason.MOVED, by, note)])
    return cents


def _move_totals(model: type[Model], column: str, changes: Sequence[Change], **marks: Combinable) -> None:
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for change in changes:
        if owner := getattr(change.donation, column):
            sums[owner][0] += change.cents
            sums[owner][1] += change.gifts
    for owner, (cents, gifts) in sorted(sums.items()):
        model._default_manager.filter(pk=owner).update(
            raised_cents=F("raised_cents") + cents, gift_count=F("gift_count") + gifts, **marks
        )
