"""A year of somebody's gifts, by a link that is sent to their mailbox and nowhere else."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from common import clock
from common.money import dollars
from common.tasks import nudge
from common.tries import within
from donations.giving.models import Donation
from donations.giving.queries import Receipt
from donations.giving.receipts import day_of, legal_words, paid_by, returned_of
from donations.payments.models import Payment
from events.models import Event
from fundraisers.letters import Letter
from outreach import services as outreach
from outreach.models import OutboxMail
from outreach.tasks import send_outbox

PURPOSE = "statement_token"
LINK_LIFE = timedelta(days=30)
YEARS_BACK = 7
MAILBOX = (RateLimitItemPerDay(3, namespace="statements"),)
ADDRESS = (RateLimitItemPerHour(20, namespace="statements_address"),)
SITE = (RateLimitItemPerHour(1000, namespace="statements_site"),)


class TooMany(Exception):
    """Asked for too often from this network address, or everywhere; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Row:
    """A payment of the year. Cents."""

    receipt: Receipt
    returned_cents: int

    @property
    def paid_by(self) -> str:
        return paid_by(self.receipt.payment)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an address gave in a year of the event's calendar, and what of it went back until now."""

    email: str
    year: int
    event: Event
    rows: tuple[Row, ...]

    @property
    def given_cents(self) -> int:
        return sum(row.receipt.total_cents for row in self.rows)

    @property
    def returned_cents(self) -> int:
        return sum(row.returned_cents for row in self.rows)

    @property
    def stands_cents(self) -> int:
        return self.given_cents - self.returned_cents

    @property
    def legal(self) -> list[str]:
        """The words of the law for all of it together, by event; the same words once."""
        words: dict[str, None] = {}
        for event in {row.receipt.first.event: None for row in self.rows}:
            rows = [row for row in self.rows if row.receipt.first.event == event]
            items = [item for row in rows for item in row.receipt.items]
            words |= dict.fromkeys(legal_words(event, items, sum(row.returned_cents for row in rows)))
        return list(words)


def years(event: Event) -> list[int]:
    """The years that can be asked for, this one first."""
    this = clock.now().astimezone(event.zone).year
    return list(range(this, this - YEARS_BACK, -1))


def ask(*, event: Event, email: str, year: int, address: str) -> None:
    """Sends the link of a year to a mailbox, or that there is nothing for it: who asks is told the same either way.

    `address` is the keyed hash of who asks. A mailbox gets three a day. Raises TooMany.
    """
    if not (within(ADDRESS, address) and within(SITE)):
        raise TooMany
    if not within(MAILBOX, _hashed(_mailbox(email))):
        return
    with transaction.atomic():
        outreach.queue([_mail(event, email, year)])
    nudge(send_outbox)


def _mailbox(email: str) -> str:
    """The mailbox of an address: what comes after a plus is its owner's own filing."""
    local, _at, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _mail(event: Event, email: str, year: int) -> OutboxMail:
    """Known or not, it is one mail: the time that it takes tells nothing either."""
    found = statement_of(event, email, year)
    return OutboxMail(
        key=f"statement:{secrets.token_hex(8)}",
        to=email,
        event=event,
        subject=_("Your gifts of %(year)s") % {"year": year},
        template="email/year",
        context={
            "year": year,
            "count": len(found.rows),
            "stands_cents": found.stands_cents,
            PURPOSE: [email, year],
            "days": LINK_LIFE.days,
        },
    )


def statement_of(event: Event, email: str, year: int) -> Statement:
    """Every payment of an address that was received in this year, oldest first."""
    begin, end = (datetime(number, 1, 1, tzinfo=event.zone).astimezone(UTC) for number in (year, year + 1))
    items = (
        Donation.objects.filter(payment__email__iexact=email, received_at__gte=begin, received_at__lt=end)
        .select_related("payment", "event", "fundraiser", "team", "participant__registration", "participant__option")
        .order_by("received_at", "payment_id", "pk")
    )
    payments: dict[int, tuple[Payment, list[Donation]]] = {}
    for item in items:
        # To a database a dotless i may be an i: it is another mailbox, and perhaps another person's.
        if item.payment.email.lower() != email.lower():
            continue
        payments.setdefault(item.payment_id, (item.payment, []))[1].append(item)
    back = returned_of(payments.values())
    rows = (Row(Receipt(payment, tuple(some)), back.get(payment.pk, 0)) for payment, some in payments.values())
    return Statement(email, year, event, tuple(rows))


def statement_file(statement: Statement) -> bytes:
    """The year as a PDF."""
    event = statement.event
    title = _("Gifts of %(year)s") % {"year": statement.year}
    letter = Letter(event.name, title, f"{event.legal_name} · {event.contact_email}")
    letter.sum(dollars(statement.stands_cents))
    rows = [(_("For"), statement.email), (_("Given"), dollars(statement.given_cents))]
    rows.append((_("Went back, or never arrived"), dollars(statement.returned_cents)))
    rows.append((_("As of"), f"{clock.now().astimezone(event.zone):%Y-%m-%d}"))
    letter.rows(rows)
    head = (_("On"), _("Receipt"), _("To"), _("Paid"), _("Given"), _("Went back"))
    table = [
        (
            *(day_of(row.receipt.first, "M j, Y"), str(row.receipt.payment.pk), row.receipt.target_name),
            *(row.paid_by, dollars(row.receipt.total_cents), dollars(row.returned_cents)),
        )
        for row in statement.rows
    ]
    letter.table(head, table, (22, 15, 42, 33, 20, 20), numbers=2)
    for sentence in statement.legal:
        letter.words(sentence)
    return letter.file()


def _hashed(text: str) -> str:
    return salted_hmac("giving.statements", text, algorithm="sha256").hexdigest()
