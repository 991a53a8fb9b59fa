"""What people type as an amount: a documented result, or a sentence and 422; never 500, and no row left behind."""

from typing import Any

import pytest
from django.test import Client

from common.money import MAX_GIFT_CENTS
from donations.giving.models import Donation
from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from tests.factories import a_page
from tests.giving.donors import press, words
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money
ROUTES = ["/r/amina-warsame/give", "/give", "/give/fees"]
TAKEN = {
    "50": 5000,
    "50.00": 5000,
    "50.5": 5050,
    " 50 ": 5000,
    "\u00a050\t": 5000,
    "$50": 5000,
    "$ 50": 5000,
    "1,000": 100_000,
    "$1,234.56": 123_456,
    "1": 100,
    "0050": 5000,
    "100000": 10_000_000,
    "100,000.00": MAX_GIFT_CENTS,
}
REFUSED = [
    *("-5", "-0", "+5", "0", "0.00", "0.001", "0.01", "0.99", ".50", "50.", "50.001", "50.0.0"),
    *("NaN", "nan", "Infinity", "-Infinity", "inf", "1e3", "1e400", "5E1", "0x32", "0b11", "1_000", "1j"),
    *("1,00", "1,0000", ",100", "1,,000", "1,000,00", "1.000,00", "10,00,000", "1 000"),
    *(
        "\uff11\uff10\uff10",
        "\u0665\u0660",
        "५०",
        "\u216c",
        "½",
        "²",
        "50€",
        "£50",
        "$",
        "$$50",
        "50$",
        "USD 50",
        "fifty",
    ),
    *("99999999999", "100000.01", "100,001", "999999999", "999999999.99", "9223372036854775807"),
    *("9223372036854775808", "18446744073709551616", "9" * 400, "0" * 30 + "1", "50\x00", "\x0050", "5\n0", "5\r\n0"),
    *(
        "50; DROP TABLE ledger_leg",
        "'",
        '"',
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%s",
        "None",
        "true",
        "😀",
        "\u202e05",
    ),
]


@pytest.fixture
def page(db: None, sandbox: StripeSandbox) -> Fundraiser:
    return a_page()


@pytest.mark.parametrize("route", ROUTES)
def test_amounts_as_documented_are_taken(page: Fundraiser, route: str) -> None:
    for number, (text, cents) in enumerate(TAKEN.items()):
        answer = press(route, amount=text, email=f"donor{number}@example.org")
        assert answer.status_code == 302, text
        assert Payment.objects.latest("pk").amount_cents == Donation.objects.latest("pk").amount_cents == cents


@pytest.mark.parametrize("route", ROUTES)
def test_every_other_amount_is_answered_with_a_sentence(page: Fundraiser, route: str) -> None:
    for text in REFUSED:
        answer = press(route, amount=text)
        body = answer.content.decode()
        assert answer.status_code == 422, repr(text)
        assert "There is a problem" in body, repr(text)
        assert "Error:" in body, repr(text)
    assert not Payment.objects.exists()
    assert not Donation.objects.exists()


def test_what_was_typed_stays_in_the_field_escaped(page: Fundraiser) -> None:
    body = press(amount='"><b>1').content.decode()
    assert "&quot;&gt;&lt;b&gt;1" in body
    assert '"><b>1' not in body


@pytest.mark.parametrize("route", ROUTES)
def test_no_amount_at_all_is_asked_for(page: Fundraiser, route: str) -> None:
    for typed in (words(amount=""), words(amount="   "), {}, {"amount": ["1", ""]}):
        answer: Any = Client().post(route, typed)
        assert answer.status_code == 422
    assert not Payment.objects.exists()


def test_a_preset_counts_unless_another_amount_is_typed(page: Fundraiser) -> None:
    press(amount="", preset="2500")
    press(amount="75", preset="2500")
    assert sorted(Payment.objects.values_list("amount_cents", flat=True)) == [2500, 7500]


@pytest.mark.parametrize("preset", ["2501", "-2500", "2500.0", "1e3", "9" * 400, "x", "\x00"])
def test_a_preset_that_was_not_offered_is_refused(page: Fundraiser, preset: str) -> None:
    assert press(amount="", preset=preset).status_code == 422
    assert not Payment.objects.exists()


@pytest.mark.parametrize("wish", ["", "5000", "9", "-1", "x", "\u0665", "9" * 5000, "\x00"])
def test_a_wish_in_the_address_never_breaks_the_form(page: Fundraiser, wish: str) -> None:
    answer = Client(raise_request_exception=False).get("/give", {"amount": wish})
    assert answer.status_code == 200
    assert (answer.content.decode().count('value="5000" ') >= 1) is True


def test_the_fee_that_a_donor_covers_is_beside_the_gift_not_in_it(page: Fundraiser) -> None:
    press(amount="50", cover="on")
    item = Donation.objects.get()
    assert (item.amount_cents, item.cover_cents, item.payment.amount_cents) == (5000, 181, 5181)


def test_no_fee_can_be_covered_on_money_for_the_fees(page: Fundraiser) -> None:
    press("/give/fees", amount="50", cover="on")
    assert Donation.objects.get().cover_cents == 0


def test_only_what_the_form_asks_for_is_written(page: Fundraiser) -> None:
    mass = {"cents": "1", "amount_cents": "1", "cover_cents": "1", "status": "paid", "received_at": "2026-01-01"}
    mass |= {"payment": "1", "weights": "[]", "kind": "funding", "event": "9", "fundraiser": "9", "session_id": "cs_x"}
    press(amount="50", **mass)
    item = Donation.objects.get()
    assert (item.kind, item.amount_cents, item.cover_cents, item.received_at, item.fundraiser) == (
        "gift",
        5000,
        0,
        None,
        None,
    )
    assert item.payment.status == "open"
