"""Each payout beside its transactions, our entries and the bank's line."""

import re
from datetime import timedelta

import pytest

from accounts.models import Role, StaffAct
from accounts.services import create_person
from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line, Told
from donations.bank.queries import Part
from donations.giving.checks import check_books
from donations.ledger.models import Alarm, Ledger, OpenItem
from donations.ledger.services import ledger_of
from donations.payments import feed, gateway
from donations.payments.models import BalanceTransaction, Payout
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page
from tests.giving.donors import DAY
from tests.payments.test_feed import a_row, read
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Ledger:
    return ledger_of(a_page().event)


def paid_out(sandbox: StripeSandbox, book: Ledger) -> str:
    """An automatic payout of two transactions, listed by Stripe and by us."""
    for cents in (5_000, 7_000):
        sandbox.do("transactions", type="contribution", amount=cents, fee=100)
    (payout,) = sandbox.do("payouts/run")["payouts"]
    sandbox.do("time", advance=DAY)
    feed.sync(book)
    assert feed.list_payouts(book) == 1
    return str(payout["id"])


def arrive(book: Ledger, name: str, cents: int) -> None:
    told = Told("csv", (Line(clock.now().date(), cents, "STRIPE TRANSFER"),))
    by = create_person(email="treasurer@example.org")
    statement = bank.keep_statement(book=book, told=told, name="bank.csv", content=b"", by=by)
    bank.match(line=statement.lines.get(), parts=[Part(OpenItem.objects.get(key=f"payout:{name}"), cents)])


def test_an_automatic_payout_knows_its_transactions_and_they_come_to_it(sandbox: StripeSandbox, book: Ledger) -> None:
    name = paid_out(sandbox, book)
    inside = BalanceTransaction.objects.filter(payout=name)
    assert sorted(row.net_cents for row in inside) == [-11_800, 4_900, 6_900]
    page = text_of(at_desk(Role.APPROVER), f"/desk/reconcile/payouts/{name}")
    for words in ("Payout of $118.00", "$120.00", "$2.00", "2 transactions", "No line of the statement"):
        assert words in page
    assert re.search(r"Not explained by its transactions</dt><dd class=\"num\">\$0.00", page)
    assert feed.list_payouts(book) == 0, "it is asked for once"


def test_the_bank_line_that_closed_it_is_on_its_page(sandbox: StripeSandbox, book: Ledger) -> None:
    name = paid_out(sandbox, book)
    desk = at_desk(Role.TREASURER)
    assert 'Open</span> <span class="num">$118.00' in text_of(desk, "/desk/reconcile")
    arrive(book, name, 11_000)
    page = text_of(desk, f"/desk/reconcile/payouts/{name}")
    assert ("STRIPE TRANSFER" in page, "$8.00 of it is open" in page, "Place it with a reason" in page) == (True,) * 3
    arrive(book, name, 800)
    for address in ("/desk/reconcile", f"/desk/reconcile/payouts/{name}"):
        assert "Arrived" in text_of(desk, address)


def test_a_payout_that_its_transactions_do_not_come_to_is_named(sandbox: StripeSandbox, book: Ledger) -> None:
    sandbox.do("transactions", type="contribution", amount=5_000)
    lost = sandbox.do("transactions", type="contribution", amount=7_000)["id"]
    (payout,) = sandbox.do("payouts/run")["payouts"]
    feed.sync(book)
    sandbox.do(f"transactions/{lost}", delete=True)
    sandbox.do("time", advance=DAY)
    findings = check_books(with_stripe=True).findings
    assert f"payout {payout['id']} and its transactions come to -$70.00, not to nothing" in findings
    assert any(lost in finding for finding in findings)


def test_one_by_hand_says_that_stripe_cannot_tell(sandbox: StripeSandbox, book: Ledger) -> None:
    sandbox.do("transactions", type="contribution", amount=9_000)
    made = gateway._client().v1.payouts.create({"amount": 5_000, "currency": "usd"})
    feed.sync(book)
    desk = at_desk(Role.ORGANIZER)
    assert "Stripe has not said yet" in text_of(desk, f"/desk/reconcile/payouts/{made.id}")
    feed.list_payouts(book)
    assert "made by hand" in text_of(desk, f"/desk/reconcile/payouts/{made.id}")
    assert not Payout.objects.get().is_automatic


def test_while_stripe_works_it_out_it_is_asked_again_later(sandbox: StripeSandbox, book: Ledger) -> None:
    sandbox.do("transactions", type="contribution", amount=9_000)
    sandbox.do("payouts/run")
    feed.sync(book)
    assert (feed.list_payouts(book), Payout.objects.count()) == (0, 0)
    sandbox.do("time", advance=DAY)
    assert (feed.list_payouts(book), Payout.objects.count()) == (1, 1)


def test_one_that_failed_came_back_and_waits_for_no_line(sandbox: StripeSandbox, book: Ledger) -> None:
    name = paid_out(sandbox, book)
    sandbox.do(f"payouts/{name}", becomes="failed", code="account_closed")
    feed.sync(book)
    page = text_of(at_desk(Role.TREASURER), f"/desk/reconcile/payouts/{name}")
    assert ("Came back" in page, "no line of the bank closes it" in page) == (True, True)
    assert not any("payout" in finding for finding in check_books().findings)


def test_open_items_stand_by_age_with_what_is_overdue(book: Ledger) -> None:
    read(book, a_row("payout", -4_000, source={"id": "po_1"}), a_row("moon_levy", -70))
    OpenItem.objects.filter(key="payout:po_1").update(opened_at=clock.now() - timedelta(days=8))
    page = text_of(at_desk(Role.APPROVER), "/desk/reconcile")
    row = page.split("bank:in_transit")[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == ["", "", "1", "", "$40.00", "$40.00", "7 days"]
    assert '<strong class="num">$40.70</strong> is unexplained now' in page


def test_the_treasurer_compares_row_by_row_and_what_differs_is_an_alarm(sandbox: StripeSandbox, book: Ledger) -> None:
    made = sandbox.do("transactions", type="contribution", amount=9_000)["id"]
    feed.sync(book)
    desk = at_desk(Role.TREASURER)
    assert desk.post("/desk/reconcile/compare").headers["Location"] == "/desk/reconcile"
    assert "Every row of the last 35 days is the same at Stripe." in text_of(desk, "/desk/reconcile")
    sandbox.do(f"transactions/{made}", amount=9_100)
    assert desk.post("/desk/reconcile/compare").headers["Location"] == "/desk/books"
    assert "amount_cents 9000 is 9100 at Stripe" in text_of(desk, "/desk/books")
    assert [alarm.reference for alarm in Alarm.objects.all()] == [made]
    assert StaffAct.objects.count() == 2


def test_when_stripe_does_not_answer_it_says_so(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise gateway.Unavailable

    monkeypatch.setattr(gateway, "balance_transactions", away)
    desk = at_desk(Role.TREASURER)
    desk.post("/desk/reconcile/compare")
    assert "Stripe does not answer." in text_of(desk, "/desk/reconcile")


def test_a_payout_of_nobody_is_not_found(book: Ledger) -> None:
    assert at_desk(Role.TREASURER).get("/desk/reconcile/payouts/po_none").status_code == 404
    assert "Stripe has paid nothing out yet." in text_of(
        at_desk(Role.APPROVER, email="a@example.org"), "/desk/reconcile"
    )
