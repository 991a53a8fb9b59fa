"""Any life of the money that Stripe, the bank and the desk permit, step by step, against a world that knows no ledger.

After each step the product's checker finds nothing, and every account and every key holds what the world says.
Whatever is not permitted is refused with a sentence, and the books are as before.
"""

from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.services import create_person
from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line, Told
from donations.bank.models import BankLine
from donations.bank.queries import Part, matchable_items
from donations.disbursements import closing
from donations.disbursements import services as disbursements
from donations.disbursements.models import Batch, Disbursement
from donations.disbursements.queries import proposal, purse_of
from donations.disbursements.services import COOLING, NotNow
from donations.giving import offline
from donations.giving.checkout import start_payment
from donations.giving.checks import check_books
from donations.giving.models import Donation
from donations.giving.order import Line as OrderLine
from donations.giving.order import Order
from donations.giving.settle import settle
from donations.ledger.models import OpenItem
from donations.ledger.services import place
from donations.payments import feed, gateway
from donations.payments.models import Refund
from tests.factories import a_ledger, a_page, an_event
from tests.machine.product import as_told, books_stay, held, one_of, refused
from tests.machine.stripe import Stripe
from tests.machine.world import Back, Paid, World

CENTS = st.integers(1, 600)
PICK = st.integers(0, 1000)


class AnyLife(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world = World()
        self.stripe = Stripe(self.world)
        self.by_hand: list[tuple[Donation, Paid]] = []
        self.event = an_event()
        self.page = a_page(self.event)
        self.book = a_ledger(self.event)
        self.treasurer, self.approver = (create_person(email=f"{name}@example.org") for name in ("ana", "ben"))
        for lane in self.event.beneficiaries.all():
            payee = disbursements.set_payee(beneficiary=lane, method="check", account="PO Box 1", by=self.treasurer)
            payee.changed_at = clock.now() - COOLING
            payee.save(update_fields=["changed_at"])

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            try:
                self._catch_up()
            finally:
                transaction.set_rollback(True)
                self.undo.__exit__(None, None, None)

    def _catch_up(self) -> None:
        """In the end everything is told, and told again."""
        for news in [*self.stripe.news, *self.stripe.news]:
            settle(self.book.pk, news.facts)
            news.heard()
        self.stripe.news.clear()
        self._read_feed()
        self.the_books_are_what_the_world_says()

    # What donors do.

    @rule(cents=st.lists(CENTS, min_size=1, max_size=3), cover=st.integers(0, 20), funding=st.booleans())
    def a_donor_pays(self, cents: list[int], cover: int, funding: bool) -> None:
        self._begin(cents, cover, Donation.Kind.FUNDING if funding else Donation.Kind.GIFT, debit=False)

    @rule(cents=CENTS)
    def a_donor_gives_from_a_bank_account(self, cents: int) -> None:
        self._begin([cents], 0, Donation.Kind.GIFT, debit=True)

    def _begin(self, cents: list[int], cover: int, kind: Donation.Kind, *, debit: bool) -> None:
        page = None if kind == Donation.Kind.FUNDING else self.page
        lines = [OrderLine(kind=kind, amount_cents=some, name="Rosa", fundraiser=page) for some in cents]
        if kind == Donation.Kind.GIFT:
            lines[0] = OrderLine(kind=kind, amount_cents=cents[0], name="Rosa", fundraiser=page, cover_cents=cover)
        order = Order(self.event, f"{uuid4()}@example.org", tuple(lines))
        payment = start_payment(order=order, form_token=uuid4(), comer=None)
        paid = Paid(payment.key, [as_told(item) for item in payment.donations.order_by("pk")])
        self.world.payments.append(paid)
        self.stripe.charge(payment, paid, paid.total, debit=debit)

    @precondition(lambda self: self.stripe.charges)
    @rule(which=PICK, other=st.booleans())
    def the_card_is_charged_again(self, which: int, other: bool) -> None:
        """A second charge of the same payment: of the same sum, or of one that nobody asked for."""
        charge = one_of(self.stripe.charges, which)
        self.stripe.charge(charge.payment, charge.paid, charge.cents + 7 if other else charge.cents)

    # Cash, checks and bank transfers.

    @rule(cents=CENTS, method=st.sampled_from(["cash", "check", "transfer"]), promised=st.booleans())
    def somebody_gives_by_hand(self, cents: int, method: str, promised: bool) -> None:
        line = OrderLine(kind=Donation.Kind.GIFT, amount_cents=cents, name="Tom", fundraiser=self.page)
        gift = offline.Entered(line, "", method, "", None if promised else clock.now())
        (item,) = offline.enter(event=self.event, gifts={uuid4(): gift})
        books_stay(lambda: offline.drop(item=item) if promised else None)
        if promised:
            refused(offline.Refused, partial(self._receive, item, method))
            return
        refused(offline.Refused, lambda: offline.drop(item=item))
        books_stay(partial(self._receive, item, method))
        charge = f"hand:{item.pk}"
        role = "in_transit" if method == "transfer" else "undeposited"
        self.world.payments.append(Paid(item.reference, [as_told(item)], role, {charge}, {charge: cents}))
        self.by_hand.append((item, self.world.payments[-1]))

    @staticmethod
    def _receive(item: Donation, method: str) -> None:
        offline.receive(item=item, method=method, detail="", received_at=clock.now())

    @precondition(lambda self: self.by_hand)
    @rule(which=PICK, cents=CENTS, act=st.sampled_from(sorted(offline.ACTS)))
    def it_goes_back(self, which: int, cents: int, act: str) -> None:
        """A check bounces, cash is handed back: what fits what is there is booked, anything else is refused."""
        item, paid = one_of(self.by_hand, which)
        item.refresh_from_db()
        left = item.amount_cents - sum(back.cents for back in paid.refunds.values() if not back.dead)
        how, token = offline.ACTS[act], uuid4()
        if how.reason != "returned":
            cents = left
        there = self.world.books().get((paid.role, paid.key), 0)
        take = partial(offline.take_back, item=item, act=how, cents=cents, token=token)
        if not 0 < cents <= left or (not how.from_bank and cents > there):
            refused(offline.Refused, take)
            return
        take()
        books_stay(take)
        charge = f"hand:{item.pk}"
        paid.refunds[f"back:{token}"] = Back(charge, cents, {item.reference: cents}, from_bank=how.from_bank)

    def _returns_by_hand(self) -> list[Any]:
        return [
            (item, paid, name, back)
            for item, paid in self.by_hand
            for name, back in paid.refunds.items()
            if not back.dead
        ]

    @precondition(lambda self: self._returns_by_hand())
    @rule(which=PICK)
    def it_was_good_after_all(self, which: int) -> None:
        item, paid, name, back = one_of(self._returns_by_hand(), which)
        undo = partial(offline.take_back_undone, item=item, refund=Refund.objects.get(pk=name))
        if back.from_bank and -self.world.books().get(("in_transit", f"{paid.key}/back"), 0) < back.cents:
            refused(offline.Refused, undo)
            return
        undo()
        books_stay(undo)
        back.dead = True

    # What Stripe and the banks do.

    @precondition(lambda self: any(charge.status == "pending" for charge in self.stripe.charges))
    @rule(which=PICK, status=st.sampled_from(["succeeded", "failed"]))
    def a_debit_is_decided(self, which: int, status: str) -> None:
        pending = [charge for charge in self.stripe.charges if charge.status == "pending"]
        self.stripe.debit_ends(one_of(pending, which), status)

    def _refundable(self) -> list[Any]:
        return [
            charge
            for charge in self.stripe.charges
            if charge.status == "succeeded" and charge.left > 0 and charge.dispute is None
        ]

    @precondition(lambda self: self._refundable())
    @rule(
        which=PICK, cents=CENTS, named=st.sampled_from(["", "item", "cover", "too much"]),
        status=st.sampled_from(["succeeded", "pending"]),
    )  # fmt: skip
    def money_goes_back(self, which: int, cents: int, named: str, status: str) -> None:
        charge = one_of(self._refundable(), which)
        cents = min(cents, charge.left)
        item = charge.paid.items[-1]
        parts = {
            "": {},
            "item": {item.name: min(cents, item.cents)},
            "cover": {f"{charge.paid.items[0].name}/cover": cents},
            "too much": {item.name: cents + 5_000},
        }[named]
        self.stripe.refund(charge, cents, parts, status)

    def _refunds(self, *statuses: str) -> list[Any]:
        return [refund for charge in self.stripe.charges for refund in charge.refunds if refund.status in statuses]

    @precondition(lambda self: self._refunds("pending", "succeeded"))
    @rule(which=PICK, status=st.sampled_from(["succeeded", "failed", "canceled"]))
    def a_refund_ends(self, which: int, status: str) -> None:
        refund = one_of(self._refunds("pending", "succeeded"), which)
        if refund.status == "succeeded" and (status != "failed" or refund.charge.dispute):
            return
        self.stripe.refund_ends(refund, status)

    @precondition(lambda self: self._refundable())
    @rule(which=PICK, inquiry=st.booleans())
    def a_bank_disputes(self, which: int, inquiry: bool) -> None:
        self.stripe.dispute(one_of(self._refundable(), which), inquiry=inquiry)

    def _disputes(self) -> list[Any]:
        return [charge.dispute for charge in self.stripe.charges if charge.dispute]

    @precondition(lambda self: self._disputes())
    @rule(which=PICK, part=st.integers(0, 100))
    def a_dispute_goes_on(self, which: int, part: int) -> None:
        """An inquiry becomes a chargeback; what was taken comes back, whole, in part or late."""
        dispute = one_of(self._disputes(), which)
        taken = sum(dispute.moves.values())
        if dispute.status == "warning_needs_response":
            self.stripe.dispute_moves(dispute, dispute.charge.cents, 1500, "needs_response")
        elif back := taken * part // 100:
            self.stripe.dispute_moves(dispute, -back, 0, "won" if back == taken else "lost")

    @rule(cents=st.integers(-300, 900).filter(bool), fee=st.sampled_from([0, 0, 50]))
    def a_payout(self, cents: int, fee: int) -> None:
        self.stripe.payout(cents, fee if cents > 0 else 0)

    @precondition(lambda self: self.stripe.payouts)
    @rule(which=PICK)
    def a_payout_fails(self, which: int) -> None:
        payout = one_of(self.stripe.payouts, which)
        self.stripe.payouts.remove(payout)
        self.stripe.payout_fails(*payout)

    @rule(cents=st.integers(1, 40), strange=st.booleans())
    def stripe_books_on_its_own(self, cents: int, strange: bool) -> None:
        (self.stripe.strange if strange else self.stripe.own_fee)(cents)

    # What we hear of it.

    @precondition(lambda self: self.stripe.news)
    @rule(which=PICK, again=st.booleans())
    def news_arrives(self, which: int, again: bool) -> None:
        news = one_of(self.stripe.news, which)
        for _time in range(2 if again else 1):
            settle(self.book.pk, news.facts)
        news.heard()
        if not again:
            self.stripe.news.remove(news)

    @rule()
    def the_feed_is_read(self) -> None:
        self._read_feed()

    def _read_feed(self) -> None:
        rows = [row for row, _read in self.stripe.rows]
        with patch.object(gateway, "balance_transactions", return_value=iter(rows[::-1])):
            feed.sync(self.book)
        for _row, read in self.stripe.rows:
            read()
        self.stripe.rows.clear()

    # What the bank's statement shows, and what a person says to it.

    def _line(self, cents: int) -> BankLine:
        told = Told("csv", (Line(clock.now().date(), cents, f"LINE {uuid4()}"),))
        return bank.keep_statement(book=self.book, told=told, name="x", content=b"", by=self.treasurer).lines.get()

    @precondition(lambda self: bool(matchable_items(self.book)))
    @rule(which=PICK, count=st.integers(1, 3), percent=st.integers(1, 100))
    def a_line_closes_items(self, which: int, count: int, percent: int) -> None:
        items = matchable_items(self.book)
        first = one_of(items, which)
        alike = [item for item in items if item.cents * first.cents > 0][:count]
        parts = [Part(item, item.cents * percent // 100 or item.cents) for item in alike]
        line = self._line(sum(part.cents for part in parts))
        bank.match(line=line, parts=parts)
        self.world.move("bank", line.cents)
        for part in parts:
            self.world.move(part.item.account.role, -part.cents, part.item.key)
        refused(bank.CannotMatch, lambda: bank.call_fee(line=line))

    @precondition(lambda self: bool(matchable_items(self.book)))
    @rule(which=PICK, beyond=st.integers(1, 99))
    def a_line_that_is_more_than_its_item_is_refused(self, which: int, beyond: int) -> None:
        item = one_of(matchable_items(self.book), which)
        more = item.cents + (beyond if item.cents > 0 else -beyond)
        line = self._line(more)
        refused(bank.CannotMatch, lambda: bank.match(line=line, parts=[Part(item, more)]))
        bank.call_unexplained(line=line)
        self.world.move("bank", more)
        self.world.move("suspense", -more, line.reference)

    @rule(cents=st.integers(-50, 50).filter(bool))
    def the_bank_takes_a_fee_or_pays_interest(self, cents: int) -> None:
        bank.call_fee(line=self._line(cents))
        self.world.move("bank", cents)
        self.world.move("fee_pool", -cents)

    @precondition(lambda self: OpenItem.objects.filter(account__role="suspense").exclude(cents=0).exists())
    @rule(which=PICK, role=st.sampled_from(["fee_pool", "in_transit", "clearing"]))
    def a_person_places_it(self, which: int, role: str) -> None:
        items = OpenItem.objects.filter(account__role="suspense").exclude(cents=0).select_related("account")
        item = one_of(list(items), which)
        key = "" if role == "fee_pool" else f"asked:{item.pk}"
        place(item=item, role=role, key=key, reason="The bank explained it", token=uuid4())
        self.world.move("suspense", -item.cents, item.key)
        self.world.move(role, item.cents, key)

    # What the organizations are paid.

    @rule(share=st.integers(1, 100))
    def the_organizations_are_paid(self, share: int) -> None:
        """What the purse proposes is accepted, and a part of it too while nobody is short."""
        purse = purse_of(self.event, self.book)
        amounts = proposal(purse)
        if not amounts:
            return
        if not purse.is_short:
            amounts = {who: cents * share // 100 or cents for who, cents in amounts.items()}
        batch = self._propose(amounts)
        refused(NotNow, lambda: disbursements.approve(batch=batch, by=self.treasurer))
        disbursements.approve(batch=batch, by=self.approver)
        for payment in batch.disbursements.all():
            disbursements.mark_sent(payment=payment, by=self.treasurer, evidence="check 1")
            self.world.move(f"payable:{payment.beneficiary_id}", payment.amount_cents)
            self.world.move("in_transit", -payment.amount_cents, payment.key)
            refused(NotNow, partial(disbursements.mark_sent, payment=payment, by=self.treasurer, evidence="2"))

    def _propose(self, amounts: dict[int, int]) -> Batch:
        return disbursements.propose(event=self.event, amounts=amounts, by=self.treasurer, token=uuid4())

    @rule(which=PICK, beyond=st.integers(1, 500))
    def more_than_there_is_or_is_owed_is_refused(self, which: int, beyond: int) -> None:
        purse = purse_of(self.event, self.book)
        lane = one_of(list(purse.lanes), which)
        most = max(min(lane.free_cents, purse.bank_cents), 0)
        refused(NotNow, lambda: self._propose({lane.beneficiary.pk: most + beyond}))

    @precondition(lambda self: Disbursement.objects.filter(state="sent").exists())
    @rule(which=PICK)
    def a_check_comes_back(self, which: int) -> None:
        payment = one_of(list(Disbursement.objects.filter(state="sent").select_related("batch")), which)
        disbursements.mark_returned(payment=payment)
        self.world.move(f"payable:{payment.beneficiary_id}", -payment.amount_cents)
        self.world.move("in_transit", payment.amount_cents, payment.key)

    @rule(with_surplus=st.booleans())
    def the_fee_pool_gives(self, with_surplus: bool) -> None:
        """Two people lift whoever was paid too much, or deal what is left; never more than there is."""
        ask = partial(closing.propose_allocation, event=self.event, with_surplus=with_surplus, reason="The end")
        try:
            with transaction.atomic():
                allocation = ask(by=self.treasurer, token=uuid4())
        except NotNow:
            return
        refused(NotNow, lambda: closing.approve_allocation(allocation=allocation, by=self.treasurer))
        closing.approve_allocation(allocation=allocation, by=self.approver)
        for lane in self.event.beneficiaries.all():
            cents = allocation.amounts.get(lane.slug, 0)
            self.world.move(f"payable:{lane.pk}", -cents)
            self.world.move("fee_pool", cents)
        assert self.world.books().get(("fee_pool", ""), 0) <= 0, "it gave more than it had"

    # What must be true after each of them.

    @invariant()
    def the_books_are_what_the_world_says(self) -> None:
        if not hasattr(self, "undo"):
            return
        assert held() == self.world.books()
        findings = [finding for finding in check_books().findings if not finding.startswith("suspense ")]
        assert findings == []


@pytest.mark.trust
def test_any_life_of_the_money_ends_in_the_books_that_the_world_says(db: None) -> None:
    few = settings(max_examples=settings().max_examples // 10 or 1, stateful_step_count=25, phases=[Phase.generate])
    run_state_machine_as_test(AnyLife, settings=few)
