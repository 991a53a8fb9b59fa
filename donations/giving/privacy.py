"""What is kept of a gift beside its money: names, words, and what was said about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.append_only import with_hole
from common.privacy import Ending, Gone, Kept, Part, Purpose, Room, blank, delete, of_address
from donations.giving.models import Credit, DisputeAnswer, Donation, Entrance, GiftImport, RefundRequest
from donations.payments.models import Charge, Dispute, Payment
from donations.payments.privacy import UNPAID_KEPT, forget_asked, payments_of
from events.services import public_edit
from fundraisers.models import Fundraiser
from outreach.privacy import silence

ENTRANCE_KEPT = timedelta(days=2)
IMPORTS_KEPT = timedelta(days=7)
EVIDENCE_KEPT = timedelta(days=365)

GIFT = Purpose(
    Part.GIVE,
    gettext_lazy("With a gift: your name or the name you choose, your message, and whom it is in honour or memory of"),
    gettext_lazy("For your receipt, and to show it as you chose."),
    gettext_lazy("Until you ask us to delete it. The amount and the day stay, under a number."),
    gettext_lazy("Everybody, as far as you chose; the runner, organizers and treasurers"),
)
GATE = Purpose(
    Part.GIVE,
    gettext_lazy("Where a payment came from: your network and e-mail address as hashes that nobody can turn back"),
    gettext_lazy("To keep out who tries stolen cards."),
    gettext_lazy("Two days."),
    gettext_lazy("Nobody; our programs read it"),
)
DISPUTE = Purpose(
    Part.GIVE,
    gettext_lazy("When a bank disputes a payment: what we answer it"),
    gettext_lazy("The bank asks who paid, and for what."),
    gettext_lazy("A year."),
    gettext_lazy("Treasurers, Stripe and the bank that asks"),
)
DESK = Purpose(
    Part.BOOKS,
    gettext_lazy("Why an organizer refunded or moved a gift, and gifts by check or cash that are being read in"),
    gettext_lazy("So that every change can be explained."),
    gettext_lazy("For good, without your name once you ask; files that are not read in: 7 days."),
    gettext_lazy("Organizers and treasurers"),
)


_NUMBERED = Q(name=Concat(Value("Donor "), Cast("payment_id", CharField())))


def donations_of(email: str) -> "QuerySet[Donation]":
    return of_address(Donation.objects.all(), email, "payment__email")


def _end_names(items: Sequence[Any]) -> None:
    """The gift stays with its amount, its day and its page; its giver is a number from now on."""
    for event in sorted({item.event_id for item in items}):
        public_edit(event)
    blank(
        name=lambda item: f"Donor {item.payment_id}",
        message="",
        message_state=Donation.MessageState.SHOWN,
        dedication="",
        dedicated_to="",
        shown=Donation.Shown.ANONYMOUS,
        alias="",
        thanks="",
    )(items)


def _hindrances(email: str) -> list[str]:
    waiting = RefundRequest.objects.filter(payment__in=payments_of(email), state=RefundRequest.State.WAITING)
    return [_("A refund is on its way. It is done within the hour.")] if waiting.exists() else []


def _scrub(gone: Gone) -> None:
    pages = [page.pk for page in gone.of(Fundraiser)]
    given = Donation.objects.filter(fundraiser__in=pages)
    # The thanks were the runner's words, and the mail about a gift has the donor's.
    thanked = list(given.exclude(thanks="").values_list("pk", flat=True))
    silence([*(f"thanks:{item}" for item in thanked), *(f"gift:{item.pk}" for item in gone.of(Donation))])
    given.filter(pk__in=thanked).update(thanks="")
    forget_asked(Payment.objects.filter(pk__in=given.values("payment")))
    _scrub_words(gone.telling_words)
    charges = Charge.objects.filter(payment__in=[payment.pk for payment in gone.of(Payment)]).values("pk")
    disputes = Dispute.objects.filter(charge_id__in=charges).values("pk")
    DisputeAnswer.objects.filter(dispute__in=disputes).update(evidence={}, error="")


def _scrub_words(words: list[str]) -> None:
    """What organizers wrote when they refunded or moved a gift (docs/decisions/0016)."""
    for model, name in ((Credit, "note"), (RefundRequest, "reason")):
        said = Q(pk__in=[])
        for word in words:
            said |= Q(**{f"{name}__icontains": word})
        for row in model._default_manager.filter(said):
            left = {name: with_hole(getattr(row, name), words)}
            model._default_manager.filter(pk=row.pk).update(**left)


def _unpaid(now: datetime) -> "QuerySet[Donation]":
    over = [Payment.Status.EXPIRED, Payment.Status.FAILED]
    nothing = Donation.objects.filter(payment__status__in=over, payment__charges=None, received_at=None)
    return nothing.filter(created_at__lt=now - UNPAID_KEPT).exclude(_NUMBERED, message="", alias="")


def _entrances(now: datetime) -> "QuerySet[Entrance]":
    return Entrance.objects.filter(created_at__lt=now - ENTRANCE_KEPT)


def _imports(now: datetime) -> "QuerySet[GiftImport]":
    return GiftImport.objects.filter(committed_at=None, created_at__lt=now - IMPORTS_KEPT)


def _evidence(now: datetime) -> "QuerySet[DisputeAnswer]":
    return DisputeAnswer.objects.filter(created_at__lt=now - EVIDENCE_KEPT).exclude(evidence={})


ROOM = Room(
    kept=(
        Kept(
            GIFT,
            Donation,
            ("name", "message", "dedicated_to", "alias"),
            donations_of,
            _end_names,
            names=("name",),
            also_told=("kind", "amount_cents", "cover_cents", "returned_cents", "shown", "created_at", "received_at"),
        ),
        Kept(GIFT, Donation, ("thanks",)),
        Kept(
            GATE,
            Entrance,
            ("network", "email"),
            lambda email: Entrance.objects.filter(payment__in=payments_of(email).values("pk")),
            delete,
            untold=("network", "email"),
        ),
        Kept(DISPUTE, DisputeAnswer, ("evidence", "error")),
        Kept(DESK, RefundRequest, ("reason", "error")),
        Kept(DESK, Credit, ("note",)),
        Kept(DESK, GiftImport, ("name", "rows")),
    ),
    not_personal="Donation.weights RefundRequest.parts RefundRequest.refund_id EventDecision.text",
    endings=(
        Ending(gettext_lazy("names of gifts that came to nothing"), _unpaid, _end_names),
        Ending(gettext_lazy("where payments came from"), _entrances, delete),
        Ending(gettext_lazy("files of gifts that were not read in"), _imports, delete),
        Ending(gettext_lazy("answers to disputes"), _evidence, blank(evidence={}, error="")),
    ),
    hindrances=_hindrances,
    scrub=_scrub,
)
