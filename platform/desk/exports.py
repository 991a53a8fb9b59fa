"""The books and their lists as files for a bookkeeper: each download is of one moment, streamed, and written down."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.services import record_act
from common.money import exact
from common.tables import csv_lines
from desk.shell import MONEY, show
from donations.disbursements.models import Disbursement
from donations.giving.models import Donation
from donations.giving.queries import target_name
from donations.ledger.export import export
from donations.ledger.export.book import open_book
from donations.ledger.services import ledger_of
from events.models import Event
from events.queries import current_event

CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class File:
    """What can be taken along: its name, what it is for, and what writes it."""

    name: str
    about: Promise
    content_type: str
    write: Callable[[Event], Iterable[str]]


def _books(form: str) -> Callable[[Event], Iterable[str]]:
    return lambda event: export(open_book(ledger_of(event)), form)


def _books_of_event(form: str) -> Callable[[Event], Iterable[str]]:
    return lambda event: export(open_book(ledger_of(event), event), form)


def gifts_csv(event: Event) -> Iterator[str]:
    """Everything received for the event: gifts, entry fees, funding; with the names and addresses for receipts."""
    head = [
        *(_("Received on"), _("Receipt"), _("Item"), _("Kind"), _("To"), _("Name"), _("E-mail")),
        *(_("Amount"), _("For the card fees"), _("Went back of the amount"), _("Paid by"), _("Detail")),
    ]
    items = Donation.objects.filter(event=event, received_at__isnull=False).order_by("pk")
    items = items.select_related("payment", "event", "fundraiser", "team", "participant__option")
    return csv_lines(head, map(_gift, items.iterator(chunk_size=1000)))


def _gift(item: Donation) -> list[object]:
    amounts = (item.amount_cents, item.cover_cents, item.returned_cents)
    return [
        *(_day(item.received_at, item.event), item.payment_id, item.pk, item.get_kind_display()),
        *(target_name(item), item.name, item.payment.email, *map(exact, amounts)),
        *(item.payment.get_method_display(), item.payment.detail),
    ]


def disbursements_csv(event: Event) -> Iterator[str]:
    """Every payment to an organization, with who proposed and approved it and the organization's last word."""
    head = [
        *(_("Batch"), _("Organization"), _("Amount"), _("State"), _("Way"), _("To"), _("Evidence")),
        *(_("Proposed by"), _("Approved by"), _("Sent on"), _("Came back on")),
        *(_("Its word"), _("Received"), _("Received on"), _("Note")),
    ]
    found = Disbursement.objects.filter(batch__event=event).order_by("pk").prefetch_related("receipts")
    return csv_lines(head, _payments(event, found))


def _payments(event: Event, found: QuerySet[Disbursement]) -> Iterator[list[object]]:
    for payment in found.select_related("batch__proposed_by", "batch__decided_by", "beneficiary").iterator(1000):
        word = next(iter(payment.receipts.all()), None)
        batch = payment.batch
        yield [
            *(batch.pk, payment.beneficiary.name, exact(payment.amount_cents), payment.get_state_display()),
            *(payment.get_method_display(), payment.account, payment.evidence, batch.proposed_by.email),
            *(batch.decided_by.email if batch.decided_by else "", _day(payment.sent_at, event)),
            _day(payment.returned_at, event),
            *(
                (word.get_kind_display(), exact(word.received_cents), word.received_on, word.note)
                if word
                else ("",) * 4
            ),
        ]


def _day(moment: datetime | None, event: Event) -> str:
    return f"{moment.astimezone(event.zone):%Y-%m-%d}" if moment else ""


FILES = (
    File("ledger.beancount", gettext_lazy("All entries, for beancount"), "text/plain", _books("beancount")),
    File("ledger.journal", gettext_lazy("All entries, for hledger"), "text/plain", _books("hledger")),
    File("ledger.csv", gettext_lazy("All entries, a row a leg"), CSV, _books("csv")),
    File("ledger.json", gettext_lazy("All entries, for programs"), "application/json", _books("json")),
    File("event.csv", gettext_lazy("Entries that move what this event's organizations are owed"), CSV,
         _books_of_event("csv")),
    File("gifts.csv", gettext_lazy("Gifts, entry fees and funding, with names and addresses"), CSV, gifts_csv),
    File("disbursements.csv", gettext_lazy("Payments to the organizations, and their word"), CSV, disbursements_csv),
)  # fmt: skip


@require_safe
@desk_view(*MONEY)
def exports(request: SignedInRequest) -> HttpResponse:
    return show(request, "exports", "exports", {"event": current_event(), "files": FILES})


@require_safe
@desk_view(*MONEY, fresh_mfa=True)
def download(request: SignedInRequest, name: str) -> StreamingHttpResponse:
    """It leaves the desk, so the log says who took it."""
    file = next((file for file in FILES if file.name == name), None)
    if file is None:
        raise Http404
    event = current_event()
    record_act(request=request, verb="exported", target=f"{file.name} of {event.slug}")
    answer = StreamingHttpResponse(file.write(event), content_type=f"{file.content_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{event.slug}-{file.name}"'
    return answer
