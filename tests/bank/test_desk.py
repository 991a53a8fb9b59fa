"""The treasurer adds the bank's files, sees what they hold, and says of each line what it is."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, StaffAct
from accounts.services import create_person
from common import clock
from donations.bank import queries, services
from donations.bank.formats import MOST_BYTES
from donations.bank.lines import Line, Told
from donations.bank.models import BankLine, Statement, Upload
from donations.ledger.models import Entry, Ledger, OpenItem
from tests.bank.files import COLUMNS, CSV, bai, camt, ofx
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page
from tests.giving.legs import balances, open_keys, table
from tests.payments.test_feed import a_row, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Ledger:
    """Two payouts are on their way to the bank, and a top-up out of it."""
    from donations.ledger.services import ledger_of

    book = ledger_of(a_page().event)
    rows = [a_row("topup", 20_000, source={"id": "tu_1"})]
    rows += [a_row("payout", -cents, source={"id": f"po_{cents}"}) for cents in (4_000, 6_000)]
    read(book, *rows)
    return book


@pytest.fixture
def desk(book: Ledger) -> Client:
    return at_desk(Role.TREASURER)


def send(desk: Client, content: bytes, name: str = "november.csv") -> HttpResponse:
    file = BytesIO(content)
    file.name = name
    return desk.post("/desk/bank/upload", {"statement": file})  # type: ignore[return-value]


def a_line(book: Ledger, cents: int, text: str = "STRIPE TRANSFER", day: date | None = None) -> BankLine:
    told = Told("csv", (Line(day or clock.now().date(), cents, text),))
    by = create_person(email="treasurer@example.org")
    statement = services.keep_statement(book=book, told=told, name="bank.csv", content=b"x", by=by)
    return statement.lines.get()


def field(key: str) -> str:
    return f"item-{OpenItem.objects.get(key=key).pk}"


def press(desk: Client, line: BankLine, where: str, **data: Any) -> HttpResponse:
    return desk.post(f"/desk/bank/lines/{line.pk}/{where}", data)  # type: ignore[return-value]


@pytest.mark.money
@pytest.mark.parametrize("content", [ofx(), bai(), camt()], ids=["ofx", "bai2", "camt"])
def test_a_file_is_looked_at_before_it_is_kept(desk: Client, content: bytes) -> None:
    page = send(desk, content).headers["Location"]
    text = text_of(desk, page)
    assert ["Keep 3 new lines" in text, "$7,763.94" in text, "…3210" in text] == [True] * 3
    assert not BankLine.objects.exists()
    assert desk.post(page).headers["Location"] == "/desk/bank"
    assert (BankLine.objects.count(), Upload.objects.count()) == (3, 0)
    assert "$7,763.94" in text_of(desk, "/desk/bank"), "the bank's own balance is on screen"
    assert list(StaffAct.objects.order_by("pk").values_list("verb", flat=True)) == [
        "chose a statement",
        "read a statement in",
    ]
    assert desk.post(page).headers["Location"] == "/desk/bank", "pressed twice"
    assert "That file is kept already" in text_of(desk, "/desk/bank")
    again = send(desk, content).headers["Location"]
    assert "Known already" in text_of(desk, again)
    desk.post(again)
    assert BankLine.objects.count() == 3


@pytest.mark.money
def test_a_month_that_comes_in_another_form_is_asked_about(desk: Client) -> None:
    desk.post(send(desk, ofx()).headers["Location"])
    other = camt().replace(b"STRIPE TRANSFER", b"Stripe").replace(b"CHECK 101", b"101").replace(b"MONTHLY", b"A")
    page = send(desk, other).headers["Location"]
    text = text_of(desk, page)
    assert "3 lines have the day and the amount of lines that are here already" in text
    unsaid = desk.post(page)
    assert (unsaid.status_code, "Kept twice, they count twice." in unsaid.content.decode()) == (422, True)
    assert (BankLine.objects.count(), Upload.objects.count()) == (3, 1)
    desk.post(page, {"alike": "same"})
    assert (BankLine.objects.count(), Statement.objects.count()) == (3, 2), "its balance counts, its lines do not"


def test_lines_that_only_look_alike_are_kept_too(desk: Client, book: Ledger) -> None:
    a_line(book, 400_000, "A deposit", date(2026, 11, 2))
    desk.post(send(desk, ofx()).headers["Location"], {"alike": "other"})
    assert BankLine.objects.count() == 4


@pytest.mark.money
def test_of_two_lines_alike_only_so_many_are_asked_about_as_are_here(desk: Client, book: Ledger) -> None:
    day = clock.now().date()
    a_line(book, 4_000, "DEPOSIT 1", day)
    told = Told("camt", (Line(day, 4_000, "Deposit one"), Line(day, 4_000, "Deposit two"), Line(day, 4_100, "Else")))
    assert len(queries.alike_lines(book, told)) == 1
    assert queries.alike_lines(book, Told("csv", (Line(day, 4_000, "DEPOSIT 1"),))) == set(), "that is the line itself"


@pytest.mark.money
def test_what_columns_hold_is_said_once_and_remembered(desk: Client) -> None:
    page = send(desk, CSV.encode()).headers["Location"]
    assert desk.get(page).headers["Location"] == f"{page}/columns"
    form = text_of(desk, f"{page}/columns")
    assert "STRIPE TRANSFER ST-A1" in form, "the first rows are shown"
    assert (form.count(" checked"), form.count(" selected")) == (2, 6), "what we guess is filled in"
    assert desk.post(f"{page}/columns", COLUMNS).headers["Location"] == page
    assert "Keep 3 new lines" in text_of(desk, page)
    later = CSV.replace("11/04/2026", "11/05/2026")
    assert "Known already" in text_of(desk, send(desk, later.encode()).headers["Location"])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": ""}, "Choose the column of the amounts."),
        ({"amount": "1"}, "is not an amount"),
        ({"day_format": "%Y-%m-%d"}, "is not the day"),
        ({"shape": "two"}, "Choose the column of money in"),
        ({"amount": "99"}, "Select a valid choice"),
        ({"turned": "on"}, "do not follow from the amounts"),
        ({"text": []}, "Choose at least one column"),
    ],
)
def test_columns_that_do_not_fit_are_not_remembered(
    desk: Client, book: Ledger, wrong: dict[str, Any], why: str
) -> None:
    page = send(desk, CSV.encode()).headers["Location"]
    answer = desk.post(f"{page}/columns", COLUMNS | wrong)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not book.column_maps.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"x" * (MOST_BYTES + 2**20), "larger than 2 MB"),
        (b"PK\x03\x04\x00", "not a CSV"),
    ],
)
def test_what_nobody_could_read_is_not_even_put_aside(desk: Client, content: bytes, why: str) -> None:
    answer = send(desk, content)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("content", [ofx()[:-300], ofx(currency="EUR"), camt(head='<!DOCTYPE d [<!ENTITY a "b">]>')])
def test_a_hostile_or_broken_file_is_refused_with_a_sentence_and_adds_nothing(desk: Client, content: bytes) -> None:
    page = send(desk, content).headers["Location"]
    for answer in (desk.get(page), desk.post(page)):
        assert (answer.status_code, "Nothing was kept." in answer.content.decode()) == (422, True)
    assert not Statement.objects.exists()


def test_a_file_of_another_account_is_refused(desk: Client) -> None:
    desk.post(send(desk, ofx()).headers["Location"])
    page = send(desk, bai().replace(b"9876543210", b"9876549999")).headers["Location"]
    assert "the account that ends in 9999" in desk.post(page).content.decode()
    assert Statement.objects.count() == 1


def test_files_that_nobody_kept_are_gone_after_a_day(desk: Client) -> None:
    send(desk, ofx())
    Upload.objects.update(created_at=clock.now() - services.UPLOADS_LIVE)
    send(desk, bai())
    assert Upload.objects.count() == 1


@pytest.mark.money
def test_one_press_confirms_a_proposal(desk: Client, book: Ledger) -> None:
    line = a_line(book, 10_000)
    text = text_of(desk, "/desk/bank")
    assert ["Payout po_4000" in text, "Payout po_6000" in text, "That is it" in text] == [True] * 3
    press(desk, line, "match", **{field("payout:po_4000"): "40.00", field("payout:po_6000"): "60.00"})
    assert (open_keys(), balances()["bank"]) == ({"payout:tu_1": -20_000}, 10_000)
    assert "$100.00 is matched." in text_of(desk, "/desk/bank")
    act = StaffAct.objects.get()
    assert (act.verb, "payout:po_4000 4000" in act.target) == ("matched a line", True)


@pytest.mark.money
def test_items_and_amounts_are_chosen_by_hand_many_to_many(desk: Client, book: Ledger) -> None:
    press(desk, a_line(book, 5_000), "match", **{field("payout:po_4000"): "$40", field("payout:po_6000"): "10.00"})
    press(desk, a_line(book, 5_000, "REST"), "match", **{field("payout:po_6000"): "50"})
    press(desk, a_line(book, -20_000, "TO STRIPE"), "match", **{field("payout:tu_1"): "200.00"})
    assert (open_keys(), balances()) == ({}, {"stripe": 10_000, "bank": -10_000})


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ({}, "Say at least of one item"),
        ({"payout:po_4000": "1e5"}, "Enter an amount in dollars"),
        ({"payout:po_4000": "39.99"}, "the items come to $39.99"),
        ({"payout:po_6000": "60.00"}, "the items come to $60.00"),
        ({"payout:tu_1": "40.00"}, "the items come to -$40.00"),
    ],
)
def test_a_mistake_matches_nothing(desk: Client, book: Ledger, amounts: dict[str, str], why: str) -> None:
    line = a_line(book, 4_000)
    answer = press(desk, line, "match", **{field(key): amount for key, amount in amounts.items()})
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    line.refresh_from_db()
    assert (line.state, StaffAct.objects.count()) == ("open", 0)


@pytest.mark.money
def test_pressed_twice_or_by_two_it_is_matched_once(desk: Client, book: Ledger) -> None:
    line = a_line(book, 4_000)
    words = {field("payout:po_4000"): "40.00"}
    press(desk, line, "match", **words)
    assert press(desk, line, "match", **words).headers["Location"] == f"/desk/bank/lines/{line.pk}"
    assert "has been said already" in text_of(desk, f"/desk/bank/lines/{line.pk}")
    press(at_desk(Role.TREASURER, email="second@example.org"), line, "say", what="fee")
    assert (Entry.objects.filter(kind="bank_line").count(), Entry.objects.filter(kind="fee").count()) == (1, 0)


@pytest.mark.money
def test_a_fee_of_the_bank_is_the_fee_pools(desk: Client, book: Ledger) -> None:
    press(desk, a_line(book, -150, "MONTHLY FEE"), "say", what="fee")
    assert table()[-1] == ("fee", {"bank": -150, "fee_pool": 150})


def test_what_nobody_knows_is_in_suspense_and_on_screen(desk: Client, book: Ledger) -> None:
    line = a_line(book, 77, "DEPOSIT")
    assert '<strong class="num">$0.77</strong> is unexplained now' in text_of(desk, "/desk/bank")
    press(desk, line, "say", what="unexplained")
    assert balances()["suspense"] == -77
    for page in ("/desk/bank", "/desk/books", "/desk/reconcile", "/desk/disbursements", "/desk/books/entries"):
        assert '<strong class="num">$0.77</strong> is unexplained now' in text_of(desk, page)
    assert press(desk, line, "say", what="gift").status_code == 400


@pytest.mark.money
def test_a_line_that_was_matched_wrongly_is_put_right_for_a_reason(desk: Client, book: Ledger) -> None:
    read(book, a_row("payout", -4_000, source={"id": "po_twin"}))
    line = a_line(book, 4_000)
    press(desk, line, "match", **{field("payout:po_4000"): "40.00"})
    assert "Put it right" in text_of(desk, f"/desk/bank/lines/{line.pk}")
    twin = OpenItem.objects.get(key="payout:po_twin").pk
    words = {"was": "0", "target": str(twin), "reason": "The other payout of that day", "step": "1"}
    assert press(desk, line, "right", **words).headers["Location"] == f"/desk/bank/lines/{line.pk}"
    assert open_keys() == {"payout:po_4000": 4_000, "payout:po_6000": 6_000, "payout:tu_1": -20_000}
    assert "The other payout of that day" in text_of(desk, f"/desk/bank/lines/{line.pk}")
    assert press(desk, line, "right", **words).status_code == 422, "the page was of before"
    press(desk, line, "right", was="0", target="pool", reason="Interest after all", step="2")
    line.refresh_from_db()
    assert (line.state, balances()["fee_pool"]) == ("fee", -4_000)
    assert [act.reason for act in StaffAct.objects.order_by("pk")][1:] == [
        "The other payout of that day",
        "Interest after all",
    ]


@pytest.mark.money
def test_what_was_a_fee_or_unexplained_can_turn_out_to_be_a_payout(desk: Client, book: Ledger) -> None:
    for cents, what in ((4_000, "fee"), (6_000, "unexplained")):
        line = a_line(book, cents, what)
        press(desk, line, "say", what=what)
        target = str(OpenItem.objects.get(key=f"payout:po_{cents}").pk)
        press(desk, line, "right", was="0", target=target, reason="It is the payout", step="1")
        line.refresh_from_db()
        assert line.state == "matched"
    assert (open_keys(), balances().get("suspense")) == ({"payout:tu_1": -20_000}, None)


@pytest.mark.money
def test_what_was_placed_at_the_books_is_not_moved_again(desk: Client, book: Ledger) -> None:
    from donations.ledger.services import place

    line = a_line(book, 4_000)
    press(desk, line, "say", what="unexplained")
    suspense = OpenItem.objects.select_related("account").get(key=line.reference)
    place(item=suspense, role="fee_pool", key="", reason="Interest", token=Upload().pk)
    target = str(OpenItem.objects.get(key="payout:po_4000").pk)
    answer = press(desk, line, "right", was="0", target=target, reason="It is the payout", step="1")
    assert "This was placed at the books already." in answer.content.decode()


def test_lines_are_found_by_words_amount_and_state(desk: Client, book: Ledger) -> None:
    line = a_line(book, 123_456, "CHECK 101")
    a_line(book, 50, "INTEREST")
    for query in ({"q": "check"}, {"q": "1,234.56"}, {"q": "-$1234.56"}):
        text = text_of(desk, "/desk/bank/lines", **query)
        assert ("CHECK 101" in text, "INTEREST" in text) == (True, False)
    press(desk, line, "say", what="fee")
    assert "CHECK 101" not in text_of(desk, "/desk/bank/lines", state="open")
    assert "No line is like that." in text_of(desk, "/desk/bank/lines", q="nothing")


def test_a_day_no_file_covers_is_seen_by_the_balance(desk: Client) -> None:
    desk.post(send(desk, ofx()).headers["Location"])
    later = bai("698,150,Z,,,FEE", opening="800000", closing="799850").replace(b",261104,", b",261109,")
    desk.post(send(desk, later).headers["Location"])
    assert "Look for days that no file covers." in text_of(desk, "/desk/bank")


def test_the_number_of_a_check_tells_two_of_one_amount_apart(desk: Client, book: Ledger) -> None:
    from donations.bank.queries import matchable_items, proposals

    read(book, a_row("payout", -4_000, source={"id": "po_twin"}))
    line = a_line(book, 4_000, "CHECK 1017")
    names = {"payout:po_4000": "Breaking Free, 1016", "payout:po_twin": "Source, check 1017"}
    assert proposals(line, matchable_items(book), names)[0].keys == ["payout:po_twin"]


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.APPROVER])
def test_others_of_the_money_desk_look_and_do_not_touch(role: Role, book: Ledger) -> None:
    line, desk = a_line(book, 4_000), at_desk(role)
    assert "That is it" not in text_of(desk, "/desk/bank")
    assert "Choose by hand" not in text_of(desk, f"/desk/bank/lines/{line.pk}")
    assert press(desk, line, "say", what="fee").status_code == 404
    assert send(desk, ofx()).status_code == 404


def test_a_line_is_said_with_a_second_factor_used_just_now(book: Ledger, settings: Settings) -> None:
    desk, line = at_desk(Role.TREASURER, mfa_seconds_ago=settings.FRESH_MFA_SECONDS + 1), a_line(book, 4_000)
    assert press(desk, line, "say", what="fee").headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    line.refresh_from_db()
    assert line.state == "open"


def test_before_anything_the_pages_say_so(book: Ledger, desk: Client) -> None:
    assert "No statement has been read in." in text_of(desk, "/desk/bank")
    assert "No statement has been read in yet." in text_of(desk, "/desk/bank/statements")
    assert "No statement has been read in yet." in text_of(desk, "/desk/bank/lines")
