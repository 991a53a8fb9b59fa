"""A small campaign in which everything happens once that the books have a kind for: docs/books-by-example.md.

A step says in a sentence what happened, and does it the way the site does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.core.management.color import no_style
from django.db import connection

from accounts.models import User
from accounts.services import create_person
from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line as BankWords
from donations.bank.lines import Told
from donations.bank.models import BankLine
from donations.bank.queries import Part
from donations.disbursements import closing
from donations.disbursements import services as disbursements
from donations.disbursements.models import Disbursement
from donations.disbursements.services import COOLING
from donations.giving import offline
from donations.giving.models import Donation
from donations.giving.order import Line
from donations.giving.settle import settle
from donations.ledger.models import Ledger, OpenItem
from donations.ledger.services import place
from donations.payments import gateway
from donations.payments.facts import ChargeFact, DisputeFact, Facts, RefundFact
from donations.payments.models import Payment, Refund
from events.models import Event
from tests.factories import a_charge, a_ledger, a_page, a_payment, a_refund, an_event
from tests.giving.donors import name_of
from tests.giving.test_carts import a_held_cart, started
from tests.payments.test_feed import a_row, read

Step = tuple[str, Callable[[], object]]


@dataclass
class Campaign:
    """Everybody who acts in the story, and what later steps come back to."""

    event: Event
    book: Ledger
    treasurer: User
    approver: User
    kept: dict[str, Any]

    def steps(self) -> Iterator[Step]:
        yield from self._gifts()
        yield from self._back()
        yield from self._cash_and_checks()
        yield from self._bank()
        yield from self._organizations()
        yield from self._end()

    # Cards.

    def _gifts(self) -> Iterator[Step]:
        yield "Rosa gives $50.00 on Amina's page and adds $1.81 for the card fee.", lambda: self._pay("rosa", 5000, 181)
        yield "Stripe settles it and keeps $1.80.", lambda: self._settled("rosa", 5181, 180)
        yield "Tom enters the race for $35.00.", self._enter
        yield "Stripe settles it and keeps $1.32.", lambda: self._settled("tom", 3500, 132)
        yield "A sponsor pays $100.00 for the card fees.", lambda: self._pay("sponsor", 10_000, kind="funding")
        yield "Stripe settles it and keeps $3.20.", lambda: self._settled("sponsor", 10_000, 320)
        yield "Stripe takes $2.00 for its radar.", lambda: read(self.book, a_row("fee", -200))
        yield "Stripe gives 50 cents of it back.", lambda: read(self.book, a_row("fee", 50))

    def _pay(self, who: str, cents: int, cover: int = 0, kind: str = "gift") -> None:
        page = self.kept["page"] if kind == "gift" else None
        self._charge(who, a_payment(page, event=self.event, cents=cents, cover_cents=cover, kind=Donation.Kind(kind)))

    def _enter(self) -> None:
        self._charge("tom", started(a_held_cart(3500, event=self.event)))

    def _charge(self, who: str, payment: Payment) -> None:
        Donation.objects.filter(payment=payment).update(start=0)
        self.kept[who] = a_charge(payment), payment
        settle(self.book.pk, Facts(charges=[self.charge(who)]))

    def charge(self, who: str) -> ChargeFact:
        return self.kept[who][0]  # type: ignore[no-any-return]

    def _settled(self, who: str, cents: int, fee: int, category: str = "charge") -> None:
        charge, payment = self.kept[who]
        source = {"id": charge.id, "metadata": {"payment": name_of(payment)}}
        if category != "charge":
            source = {"id": f"re_{who}", "charge": charge.id}
        read(self.book, a_row(category, cents, fee, source))

    # What goes back.

    def _back(self) -> Iterator[Step]:
        yield "$20.00 of Rosa's gift are refunded.", lambda: self._refund("succeeded")
        yield "Stripe settles the refund; its fee is not given back.", lambda: self._settled("rosa", -2000, 0, "refund")
        yield "The refund fails: her bank has closed the account.", lambda: self._refund("failed")
        yield (
            "Stripe takes it back into our balance.",
            lambda: self._settled("rosa", 2000, 0, "refund_failure"),
        )
        yield "Rosa's bank disputes the whole charge.", lambda: self._dispute("needs_response", txn_1=5181)
        yield "Stripe takes it, and $15.00 for the dispute.", lambda: self._settled("rosa", -5181, 1500, "dispute")
        yield "We win it.", lambda: self._dispute("won", txn_1=5181, txn_2=-5181)
        yield "Stripe gives it back; the $15.00 stay gone.", lambda: self._settled("rosa", 5181, 0, "dispute_reversal")

    def _refund(self, status: str) -> None:
        fact: RefundFact = self.kept.setdefault("refund", a_refund(self.charge("rosa"), 2000, created_at=clock.now()))
        settle(self.book.pk, Facts(refunds=[RefundFact(**{**_values(fact), "status": status})]))

    def _dispute(self, status: str, **moves: int) -> None:
        charge, now = self.charge("rosa"), clock.now()
        fact = DisputeFact(
            id="du_1",
            charge_id=charge.id,
            amount_cents=charge.amount_cents,
            currency="usd",
            status=status,
            reason="fraudulent",
            due_at=now + timedelta(days=7),
            moves=moves,
            told_at=now,
            created_at=self.kept.setdefault("disputed", now),
        )
        settle(self.book.pk, Facts(disputes=[fact]))

    # Cash, checks and bank transfers.

    def _cash_and_checks(self) -> Iterator[Step]:
        yield "A neighbour hands in $30.00 in cash for Amina's page.", lambda: self._hand_in("cash", 3000)
        yield "A company hands in a check over $60.00.", lambda: self._hand_in("check", 6000)
        yield "A church gives $40.00 by bank transfer.", lambda: self._hand_in("transfer", 4000)
        yield "Another check over $10.00 comes in.", lambda: self._hand_in("check", 1000, "bad")
        yield "That check is no good: the bank did not take it.", lambda: self._take_back("bad", "never_banked", 1000)
        yield "It was good after all.", self._undo

    def _hand_in(self, method: str, cents: int, name: str = "") -> None:
        line = Line(kind=Donation.Kind.GIFT, amount_cents=cents, name="A neighbour", fundraiser=self.kept["page"])
        gift = offline.Entered(line, "", method, "", clock.now())
        (item,) = offline.enter(event=self.event, gifts={uuid4(): gift})
        self.kept[name or method] = item

    def _take_back(self, name: str, act: str, cents: int) -> None:
        item = self.kept[name]
        item.refresh_from_db()
        offline.take_back(item=item, act=offline.ACTS[act], cents=cents, token=uuid4())

    def _undo(self) -> None:
        offline.take_back_undone(
            item=self.kept["bad"], refund=Refund.objects.get(charge_id=f"hand:{self.kept['bad'].pk}")
        )

    # The bank.

    def _bank(self) -> Iterator[Step]:
        yield "Stripe pays $120.00 out to the bank.", lambda: self._payout("po_1", 12_000)
        yield "Stripe pays $20.00 out at once, for 50 cents.", lambda: self._payout("po_2", 2000, 50)
        yield "Stripe pays $5.00 out; the bank refuses it.", lambda: self._payout("po_3", 500)
        yield (
            "The $5.00 are back at Stripe.",
            lambda: read(self.book, a_row("payout_failure", 500, source={"id": "po_3"})),
        )
        yield (
            "The bank's statement shows the first payout.",
            lambda: self._line(12_000, "STRIPE TRANSFER", "payout:po_1"),
        )
        yield "It shows the other one.", lambda: self._line(2000, "STRIPE INSTANT", "payout:po_2")
        yield (
            "It shows a deposit of $100.00: the cash and both checks.",
            lambda: self._line(10_000, "DEPOSIT", *(self._key(name) for name in ("cash", "check", "bad"))),
        )
        yield "It shows the church's transfer.", lambda: self._line(4000, "CHURCH", self._key("transfer"))
        yield "The check of the company bounces after all.", lambda: self._take_back("check", "bounced", 6000)
        yield "The statement shows it go.", lambda: self._line(-6000, "RETURNED CHECK", f"{self._key('check')}/back")
        yield "The bank takes a fee of $3.00.", lambda: bank.call_fee(line=self._told(-300, "SERVICE FEE"))
        yield "The bank pays 25 cents of interest.", lambda: bank.call_fee(line=self._told(25, "INTEREST"))
        yield (
            "$7.00 are on the statement that nobody can explain.",
            lambda: bank.call_unexplained(line=self._told(700, "DEPOSIT 8841")),
        )
        yield (
            "They are a sponsor's, for the fees: a person places them, and says why.",
            lambda: self._place("fee_pool", ""),
        )
        yield (
            "Stripe takes $1.00 and says a word that we do not know.",
            lambda: read(self.book, a_row("levy_of_the_moon", -100)),
        )
        yield "It was a fee: a person places it.", lambda: self._place("fee_pool", "")
        yield (
            "$2.00 are gone from the bank that nobody can explain.",
            lambda: bank.call_unexplained(line=self._told(-200, "WITHDRAWAL 17")),
        )
        yield "A treasurer's card was used by mistake: it is placed.", lambda: self._place("fee_pool", "")

    def _payout(self, name: str, cents: int, fee: int = 0) -> None:
        read(self.book, a_row("payout", -cents, fee, {"id": name}))

    def _key(self, name: str) -> str:
        return str(self.kept[name].reference)

    def _told(self, cents: int, words: str) -> BankLine:
        told = Told("csv", (BankWords(clock.now().date(), cents, words),))
        return bank.keep_statement(
            book=self.book, told=told, name="december.csv", content=b"", by=self.treasurer
        ).lines.get()

    def _line(self, cents: int, words: str, *keys: str) -> None:
        items = OpenItem.objects.filter(key__in=keys).exclude(cents=0).select_related("account")
        bank.match(line=self._told(cents, words), parts=[Part(item, item.cents) for item in items])

    def _place(self, role: str, key: str) -> None:
        item = OpenItem.objects.select_related("account").exclude(cents=0).get(account__role="suspense")
        place(item=item, role=role, key=key, reason="As the sponsor's letter says", token=uuid4())

    # The organizations.

    def _organizations(self) -> Iterator[Step]:
        lanes = list(self.event.beneficiaries.all())
        for lane, method in zip(lanes, ("check", "check", "transfer"), strict=True):
            account = "acct_the_link" if method == "transfer" else "PO Box 1"
            payee = disbursements.set_payee(beneficiary=lane, method=method, account=account, by=self.treasurer)
            payee.changed_at = clock.now() - COOLING
            payee.save(update_fields=["changed_at"])
        yield "Breaking Free is paid $40.00 by check, approved by a second person.", lambda: self._check(0, 4000)
        yield "The statement shows the check.", lambda: self._line(-4000, "CHECK 101", self.kept["paid"].key)
        yield "Source is paid $30.00 by check.", lambda: self._check(1, 3000)
        yield "That check is lost and stopped.", lambda: disbursements.mark_returned(payment=self.kept["paid"])
        yield "The Link is paid $20.00 by a transfer of Stripe's.", self._transfer
        yield "Stripe moves it.", lambda: self._moved("transfer", -2000, id="tr_1")
        yield "The transfer comes back.", lambda: disbursements.mark_returned(payment=self.kept["paid"])
        yield "Stripe has it again.", lambda: self._moved("transfer_reversal", 2000, id="trr_1", transfer="tr_1")

    def _transfer(self) -> None:
        payment = self._approved(2, 2000)
        with patch.multiple(gateway, find_transfer=lambda _token: "", create_transfer=lambda *_args, **_more: "tr_1"):
            disbursements.send_transfer(payment=payment, by=self.treasurer)

    def _moved(self, category: str, cents: int, **source: str) -> None:
        named = {"metadata": {"disbursement": str(self.kept["paid"].token)}} if category == "transfer" else {}
        read(self.book, a_row(category, cents, source={**source, **named}))

    def _check(self, place_: int, cents: int) -> None:
        payment = self._approved(place_, cents)
        disbursements.mark_sent(payment=payment, by=self.treasurer, evidence="check 101")

    def _approved(self, place_: int, cents: int) -> Disbursement:
        lane = self.event.beneficiaries.all()[place_]
        batch = disbursements.propose(event=self.event, amounts={lane.pk: cents}, by=self.treasurer, token=uuid4())
        disbursements.approve(batch=batch, by=self.approver)
        payment: Disbursement = batch.disbursements.get()
        self.kept["paid"] = payment
        return payment

    # The end.

    def _end(self) -> Iterator[Step]:
        yield "Two people allocate what the fee pool has left.", self._allocate

    def _allocate(self) -> None:
        allocation = closing.propose_allocation(
            event=self.event, with_surplus=True, reason="The race is over", by=self.treasurer, token=uuid4()
        )
        closing.approve_allocation(allocation=allocation, by=self.approver)


def _values(fact: RefundFact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in RefundFact.__slots__}


def a_campaign() -> Campaign:
    # Where odd cents start follows the item's number, and PostgreSQL goes on counting after a test is rolled back.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Donation]):
            cursor.execute(statement)
    event = an_event()
    treasurer, approver = (create_person(email=f"{name}@example.org") for name in ("treasurer", "approver"))
    return Campaign(event, a_ledger(event), treasurer, approver, {"page": a_page(event)})
