"""The bank's lines: each once, said by a person, and the books beside the bank's own balance."""

from datetime import date
from typing import Any

import pytest

from accounts.services import create_person
from donations.bank import services
from donations.bank.lines import BadStatement, Line, Told, named
from donations.bank.models import BankLine, Statement
from donations.bank.queries import Part, agreement, matchable_items, proposals
from donations.bank.services import CannotMatch
from donations.giving.checks import check_books
from donations.ledger.models import Ledger, OpenItem
from tests.factories import a_ledger
from tests.giving.legs import balances, open_keys, table
from tests.payments.test_feed import a_row, read

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


@pytest.fixture
def book() -> Ledger:
    """Two payouts are on their way to the bank."""
    book = a_ledger()
    rows = [a_row("topup", 20_000, source={"id": "tu_1"})]
    rows += [a_row("payout", -cents, source={"id": f"po_{cents}"}) for cents in (4_000, 6_000)]
    read(book, *rows)
    return book


def told(*lines: tuple[int, str], day: date = DAY, **more: Any) -> Told:
    return Told("csv", tuple(Line(day, cents, text) for cents, text in lines), **more)


def keep(book: Ledger, statement: Told) -> Statement:
    by = create_person(email="treasurer@example.org")
    return services.keep_statement(book=book, told=statement, name="december.csv", content=b"x", by=by)


def item(key: str) -> OpenItem:
    return OpenItem.objects.get(key=key)


def test_a_file_read_twice_adds_nothing_and_two_alike_are_two(book: Ledger) -> None:
    statement = told((4_000, "STRIPE"), (4_000, "STRIPE"), (-150, "FEE"))
    assert keep(book, statement).new_lines == 3
    again = keep(book, statement)
    assert (again.new_lines, again.known_lines, BankLine.objects.count()) == (0, 3, 3)


def test_files_that_overlap_add_what_is_new(book: Ledger) -> None:
    keep(book, told((4_000, "STRIPE")))
    assert keep(book, told((4_000, "STRIPE"), (6_000, "STRIPE"))).new_lines == 1


def test_spaces_are_no_other_line() -> None:
    names = [next(named([Line(DAY, 1, text)]))[0] for text in ("A  B", "A B", "A B ")]
    assert len(set(names)) == 1


def test_a_file_without_lines_is_refused(book: Ledger) -> None:
    with pytest.raises(BadStatement, match="no line"):
        keep(book, Told("csv", ()))


@pytest.mark.money
def test_a_line_closes_the_payout_and_moves_the_bank(book: Ledger) -> None:
    line = keep(book, told((4_000, "STRIPE TRANSFER"))).lines.get()
    services.match(line=line, parts=[Part(item("payout:po_4000"), 4_000)])
    assert table()[-1] == ("bank_line", {"bank": 4_000, "in_transit": -4_000})
    assert "payout:po_4000" not in open_keys()


@pytest.mark.money
def test_one_line_closes_two_items_and_two_lines_close_one(book: Ledger) -> None:
    both = keep(book, told((10_000, "STRIPE"))).lines.get()
    services.match(line=both, parts=[Part(item("payout:po_4000"), 4_000), Part(item("payout:po_6000"), 6_000)])
    first, second = keep(book, told((-15_000, "TO STRIPE 1"), (-5_000, "TO STRIPE 2"))).lines.all()
    services.match(line=first, parts=[Part(item("payout:tu_1"), -15_000)])
    assert open_keys() == {"payout:tu_1": -5_000}
    services.match(line=second, parts=[Part(item("payout:tu_1"), -5_000)])
    assert open_keys() == {}
    assert balances() == {"stripe": 10_000, "bank": -10_000}


@pytest.mark.parametrize("cents", [3_999, 4_001])
def test_parts_that_do_not_come_to_the_line_are_refused(book: Ledger, cents: int) -> None:
    line = keep(book, told((4_000, "STRIPE"))).lines.get()
    with pytest.raises(CannotMatch, match=r"\$40.00"):
        services.match(line=line, parts=[Part(item("payout:po_6000"), cents)])


def test_an_item_is_not_closed_beyond_what_it_holds(book: Ledger) -> None:
    line = keep(book, told((4_100, "STRIPE"))).lines.get()
    with pytest.raises(CannotMatch, match="holds less"):
        services.match(line=line, parts=[Part(item("payout:po_4000"), 4_100)])


def test_a_line_is_said_once(book: Ledger) -> None:
    line = keep(book, told((4_000, "STRIPE"))).lines.get()
    services.match(line=line, parts=[Part(item("payout:po_4000"), 4_000)])
    with pytest.raises(CannotMatch, match="already"):
        services.call_fee(line=line)


def test_the_banks_fee_is_the_fee_pools(book: Ledger) -> None:
    services.call_fee(line=keep(book, told((-150, "MONTHLY FEE"))).lines.get())
    assert table()[-1] == ("fee", {"bank": -150, "fee_pool": 150})


def test_what_nobody_knows_is_in_suspense_and_on_the_public_page(book: Ledger) -> None:
    services.call_unexplained(line=keep(book, told((77, "DEPOSIT"))).lines.get())
    assert balances()["suspense"] == -77
    assert check_books().unexplained_cents == 77


def test_a_line_that_waits_counts_as_unexplained(book: Ledger) -> None:
    keep(book, told((-50, "?"), (77, "?")))
    assert check_books().unexplained_cents == 127


def test_the_books_and_the_lines_that_wait_come_to_what_the_bank_says(book: Ledger) -> None:
    statement = told((4_000, "STRIPE"), (6_000, "STRIPE"), opening_cents=5_000, closing_cents=15_000)
    line = keep(book, statement).lines.get(cents=4_000)
    services.match(line=line, parts=[Part(item("payout:po_4000"), 4_000)])
    found = agreement(book)
    assert (found.booked_cents, found.waiting_cents, found.difference_cents) == (4_000, 6_000, 0)


def test_a_balance_that_the_lines_do_not_come_to_is_named(book: Ledger) -> None:
    keep(book, told((4_000, "STRIPE"), opening_cents=0, closing_cents=4_100))
    assert any("differ by -$1.00" in finding for finding in check_books().findings)


def test_the_likeliest_item_is_proposed_first_and_a_person_decides(book: Ledger) -> None:
    line = keep(book, told((10_000, "STRIPE TRANSFER"), day=date.today())).lines.get()  # noqa: DTZ011
    best = proposals(line, matchable_items(book))[0]
    assert sorted(best.keys) == ["payout:po_4000", "payout:po_6000"]
    assert balances().get("bank") is None
    nothing = keep(book, told((9_999, "STRIPE"), day=date.today())).lines.get()  # noqa: DTZ011
    assert proposals(nothing, matchable_items(book)) == []
