"""An event with money at the bank, and payments out of it on every step of their way."""

from uuid import uuid4

from accounts.models import User
from accounts.services import create_person
from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line, Told
from donations.bank.queries import Part
from donations.disbursements import services
from donations.disbursements.models import Batch, Disbursement, Method
from donations.disbursements.services import COOLING
from donations.ledger.models import Ledger, OpenItem
from events.models import Beneficiary, Event
from tests.factories import a_page, a_payment, numbers, paid
from tests.giving.donors import name_of
from tests.payments.test_feed import a_row, read


def an_event_with_money(cents: int = 30_000, banked: int = 30_000) -> Event:
    """A gift of so much, its payout, and so much of it on the bank's statement; every payee known for long."""
    payment = a_payment(a_page(), cents=cents)
    paid(payment)
    book = Ledger.objects.get()
    gift = a_row("charge", cents, source={"id": f"ch_{uuid4()}", "metadata": {"payment": name_of(payment)}})
    read(book, gift, a_row("payout", -cents, source={"id": "po_1"}))
    if banked:
        arrive(book, banked)
    event = payment.donations.get().event
    for lane in event.beneficiaries.all():
        a_payee(lane)
    return event


def arrive(book: Ledger, cents: int) -> None:
    """The bank's statement shows so much of the payout."""
    told = Told("csv", (Line(clock.now().date(), cents, f"STRIPE TRANSFER {next(numbers)}"),))
    statement = bank.keep_statement(book=book, told=told, name="bank.csv", content=b"", by=treasurer())
    item = OpenItem.objects.get(key="payout:po_1")
    bank.match(line=statement.lines.get(), parts=[Part(item, cents)])


def a_payee(lane: Beneficiary, method: str = Method.CHECK, account: str = "PO Box 1") -> None:
    payee = services.set_payee(beneficiary=lane, method=method, account=account, by=treasurer())
    payee.changed_at = clock.now() - COOLING
    payee.save(update_fields=["changed_at"])


def treasurer() -> User:
    return create_person(email="treasurer@example.org")


def approver() -> User:
    return create_person(email="approver@example.org")


def propose(event: Event, *cents: int, by: User | None = None) -> Batch:
    lanes = event.beneficiaries.all()
    amounts = {lane.pk: part for lane, part in zip(lanes, cents, strict=False)}
    return services.propose(event=event, amounts=amounts, by=by or treasurer(), token=uuid4())


def approved(event: Event, *cents: int) -> list[Disbursement]:
    batch = propose(event, *cents)
    services.approve(batch=batch, by=approver())
    return list(batch.disbursements.all())


def sent(event: Event, *cents: int) -> list[Disbursement]:
    payments = approved(event, *cents)
    for number, payment in enumerate(payments, start=101):
        services.mark_sent(payment=payment, by=treasurer(), evidence=f"check {number}")
        payment.refresh_from_db()
    return payments
