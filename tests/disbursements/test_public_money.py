"""Where the money goes, for everybody: page, picture and open API say the same, and nothing that is not public."""

import re
from typing import Any

import pytest
from django.test import Client

from donations.disbursements import services
from donations.disbursements.public import public_money
from donations.giving.models import Donation
from donations.ledger.models import BooksCheck, Ledger
from events.models import Event
from tests.disbursements.payments import an_event_with_money, approver, propose, sent
from tests.factories import a_payment, paid
from tests.giving.donors import name_of
from tests.payments.test_feed import a_row, read

pytestmark = pytest.mark.money


@pytest.fixture
def event(db: None) -> Event:
    return an_event_with_money()


def shown(path: str = "/money") -> str:
    return Client().get(path).content.decode()


def api() -> dict[str, Any]:
    told: dict[str, Any] = Client().get("/api/v1/money").json()
    return told


def a_way(event: Event) -> None:
    """$40 to the first, confirmed with $39; $30 to the second, under way; $20 proposed for the third."""
    first, _second = sent(event, 4_000, 3_000)
    propose(event, 0, 0, 2_000)
    services.tell_receipt(payment=first, by=approver(), kind="confirmed", received_cents=3_900, received_on=None)


def test_page_and_api_agree_on_what_is_owed_paid_and_confirmed(event: Event) -> None:
    a_way(event)
    lanes = [(lane["owed_cents"], lane["paid_cents"], lane["confirmed_cents"]) for lane in api()["organizations"]]
    assert lanes == [(6_000, 4_000, 3_900), (7_000, 3_000, 0), (10_000, 0, 0)]
    assert (api()["paid_cents"], api()["confirmed_cents"], api()["closed"]) == (7_000, 3_900, False)
    page = shown()
    cells = re.findall(r'<th scope="row">Breaking Free</th>(.*?)</tr>', page)[0]
    assert re.findall(r"\$[\d.]+", cells) == ["$100.00", "$60.00", "$40.00", "$1.00", "$39.00"]
    assert "$60.00 owed, $1.00 under way, $39.00 confirmed" in page


def test_the_picture_fills_as_far_as_the_table_says(event: Event) -> None:
    a_way(event)
    picture = shown().partition('class="river-picture"')[2].partition("</svg>")[0]
    # The room behind the gate is 120 wide: 40% of it is paid and 39% confirmed, then 30% is paid.
    assert re.findall(r'class="lane on-way l\d" x="280" y="[\d.]+" width="([\d.]+)"', picture) == ["48.0", "36.0"]
    assert re.findall(r'class="lane l\d" x="280" y="[\d.]+" width="([\d.]+)"', picture) == ["46.8"]


def test_the_sums_of_the_table_are_the_sums_of_its_rows(event: Event) -> None:
    a_way(event)
    summary = public_money(event)
    assert summary.owed_cents + summary.money.paid_cents == summary.allocated_cents == summary.money.received_cents
    assert summary.under_way_cents + summary.confirmed_cents == summary.money.paid_cents


def test_what_is_promised_and_how_it_is_paid_is_nobodys(event: Event) -> None:
    a_way(event)
    for page in (shown(), str(api())):
        for secret in ("$20.00", "2000", "PO Box", "check 101", "treasurer@", "approver@"):
            assert secret not in page.replace("200000", "")


def test_what_was_paid_stays_in_the_total_of_the_home_page(event: Event) -> None:
    sent(event, 10_000, 10_000, 10_000)
    assert shown("/").count('<p class="arrival-sum num">$100.00</p>') == 3


def test_100_percent_is_computed_and_never_rounded_up(event: Event) -> None:
    assert "100.00% of what is owed is there" in shown()
    read(Ledger.objects.get(), a_row("stripe_fee", -1))
    page = shown()
    assert "99.99% of what is owed is there" in page
    words = re.sub(r"<[^>]*>", "", page.partition("<main")[2])
    assert "100%" not in words
    assert "100.00%" not in words
    assert (api()["hundred"], api()["short_cents"]) == (False, 1)
    fund(event, 1)
    assert "100.00% of what is owed is there" in shown()


def fund(event: Event, cents: int) -> None:
    payment = a_payment(event=event, cents=max(cents, 100), kind=Donation.Kind.FUNDING)
    paid(payment)
    source = {"id": f"ch_{payment.pk}", "metadata": {"payment": name_of(payment)}}
    read(Ledger.objects.get(), a_row("charge", payment.amount_cents, source=source))


def test_the_last_check_and_what_it_could_not_explain_stand_on_the_page(event: Event) -> None:
    book = Ledger.objects.get()
    BooksCheck.objects.create(ledger=book, entries=book.last_sequence, findings=["odd"], unexplained_cents=777)
    assert "$7.77 is not explained yet" in shown()
    assert api()["last_check"]["unexplained_cents"] == 777


def test_the_pools_rows_add_up_to_what_is_left(event: Event) -> None:
    fund(event, 5_000)
    read(Ledger.objects.get(), a_row("stripe_fee", -300))
    money = public_money(event).money
    assert (money.funded_cents, money.fees_cents, money.mended_cents, money.fee_pool_cents) == (5_000, 300, 0, 4_700)
    assert "$47.00" in shown("/money/fees")


def test_the_money_pages_drawn_anew_cost_few_queries(event: Event, django_assert_max_num_queries: Any) -> None:
    a_way(event)
    for path in ("/money", "/api/v1/money", "/money/fees"):
        # One for the version of what is shown, and six for what is shown.
        with django_assert_max_num_queries(7):
            assert Client().get(path).status_code == 200


def test_an_event_that_begins_shows_zeros(db: None) -> None:
    a_payment()
    assert "$0.00 set aside" in shown()
    assert "Nothing was given yet" in shown("/money/fees")
    assert api()["confirmed_cents"] == 0
