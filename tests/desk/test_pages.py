"""Each page of the desk, with nothing and with something on it."""

from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from common import clock
from donations.giving.checkout import start_payment
from donations.giving.checks import check_books
from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.ledger.models import BooksCheck, OpenItem
from donations.ledger.services import raise_alarm
from donations.payments.facts import Facts
from donations.payments.models import StripeEvent
from outreach.models import OutboxMail
from tests.desk.cast import PAGES, at_desk, key_of, text_of
from tests.factories import a_page, a_payment, a_refund, an_event, an_order, paid
from tests.matrix.world import odd_money

pytestmark = pytest.mark.django_db


class Outline(HTMLParser):
    """Headings, and tables or controls that nothing names."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.labels: set[str] = set()
        self.controls: set[str] = set()
        self.unnamed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        elif tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        elif tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "radio", "checkbox"):
            self.controls.add(str(given.get("id")))
        elif given.get("class") == "desk-table" and not ({"aria-label", "aria-labelledby"} & set(given)):
            self.unnamed.append(tag)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_nothing_on_it_says_so(path: str) -> None:
    an_event()
    page = text_of(at_desk(PAGES[path]), path)
    assert page.count("<h1>") == 1
    assert "<table" not in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_something_on_it_is_in_order(path: str) -> None:
    page = a_page()
    paid(a_payment(page))
    odd_money(a_payment(page))
    raise_alarm(page.donations.all()[0].payment.ledger_id, "ch_odd", "A charge of nobody.")
    check_books()
    outline = Outline()
    outline.feed(text_of(at_desk(PAGES[path]), path))
    assert outline.headings.count("h1") == 1
    assert outline.controls <= outline.labels
    assert outline.unnamed == []


def test_the_front_tells_what_came_in_today_and_what_waits() -> None:
    page = a_page()
    paid(a_payment(page, cents=5000))
    old = paid(a_payment(page, cents=700))
    Donation.objects.filter(payment__token=str(old.payment)).update(received_at=clock.now() - timedelta(days=2))
    raise_alarm(page.donations.all()[0].payment.ledger_id, "ch_odd", "A charge of nobody.")
    odd_money(a_payment(page))
    OutboxMail.objects.filter(key__startswith="receipt").update(status="failed", next_try_at=clock.now())
    StripeEvent.objects.create(
        event_id="evt_1", type="x", created_at=clock.now(), body="{}", received_at=clock.now() - timedelta(hours=1)
    )
    front = text_of(at_desk(Role.ORGANIZER, Role.TREASURER), "/desk")
    assert "1 gift today" in front
    assert "$50.00" in front
    assert "1 alarm: the books refused something." in front
    assert "1 open item is overdue." in front
    assert "2 mails are stuck." in front
    assert "1 message from Stripe has waited" in front


def test_a_day_begins_at_midnight_of_the_event() -> None:
    event = an_event()
    midnight = clock.now().astimezone(event.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for moment in (midnight, midnight - timedelta(seconds=1)):
        charge = paid(a_payment(event=event, cents=5000))
        Donation.objects.filter(payment__token=str(charge.payment)).update(received_at=moment)
    assert "1 gift today" in text_of(at_desk(Role.COORDINATOR), "/desk")


def test_what_a_role_may_not_open_is_not_offered() -> None:
    page = a_page()
    paid(a_payment(page))
    coordinator = at_desk(Role.COORDINATOR)
    front, runners = (text_of(coordinator, path) for path in ("/desk", "/desk/runners"))
    assert "/desk/gifts" not in front
    assert "/desk/books" not in front
    assert "/desk/runners/new" not in front + runners
    assert "/hide" not in runners
    assert "/desk/mails" not in front
    assert coordinator.get("/desk/mails").status_code == 404
    approver = at_desk(Role.APPROVER, email="approver@example.org")
    assert "/place" not in text_of(approver, "/desk/books")
    treasurer = at_desk(Role.TREASURER, email="treasurer@example.org")
    assert f"/desk/books/items/{key_of(page.donations.all()[0].payment).pk}/place" in text_of(treasurer, "/desk/books")
    moderator = at_desk(Role.MODERATOR, email="moderator@example.org")
    assert "/desk/mails/" not in text_of(moderator, "/desk/mails")
    assert f"/desk/runners/{page.pk}/hide" in text_of(moderator, "/desk/runners")


def test_gifts_are_found_by_name_address_and_message() -> None:
    page = a_page()
    for name, email, message in (("Ole", "ole@example.org", "Go"), ("Maren", "m@lakes.example", "Uff da")):
        order = an_order(page, name=name, email=email, message=message)
        start_payment(order=order, form_token=uuid4(), comer=None)
    client = at_desk(Role.MODERATOR)
    assert "1 gift for" in text_of(client, "/desk/gifts", q="ole@")
    assert "Maren" not in text_of(client, "/desk/gifts", q="ole@")
    assert "Maren" in text_of(client, "/desk/gifts", q="uff")
    assert "2 gifts, newest first" in text_of(client, "/desk/gifts")
    assert "No gift for “&lt;b&gt;”." in text_of(client, "/desk/gifts", q="<b>")


def test_runners_are_found_by_name_team_and_bib() -> None:
    event = an_event()
    first, second = a_page(event, "Amina Warsame", "North Loop"), a_page(event, "Kwame Mensah", "Frogtown")
    client = at_desk(Role.COORDINATOR)
    for query, found, other in (("amina", first, second), ("frog", second, first), (str(second.bib), second, first)):
        page = text_of(client, "/desk/runners", q=query)
        assert found.name in page
        assert other.name not in page


def test_long_lists_have_pages_that_keep_the_search() -> None:
    event = an_event()
    for number in range(51):
        a_page(event, f"Runner {number}", "")
    client = at_desk(Role.COORDINATOR)
    first = text_of(client, "/desk/runners", q="runner")
    assert "Page 1 of 2" in first
    assert "?q=runner&amp;page=2" in first
    last = text_of(client, "/desk/runners", q="runner", page="2")
    assert "Runner 0<" in last
    assert "Runner 50<" not in last
    assert "Page 2 of 2" in text_of(client, "/desk/runners", page="99")


def test_a_list_costs_few_queries_however_long(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page = a_page()
    for _number in range(12):
        paid(a_payment(page))
    client = at_desk(*[role for role in Role if role != Role.CHARITY])
    for path in PAGES:
        with django_assert_max_num_queries(12 if path == "/desk" else 20):
            text_of(client, path)


@pytest.mark.money
def test_a_gift_is_told_from_the_form_to_the_books() -> None:
    page = a_page()
    payment = a_payment(page, cents=5000, message="Run well")
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 2000)]))
    item = payment.donations.get()
    client = at_desk(Role.MODERATOR)
    told = text_of(client, f"/desk/gifts/{item.pk}")
    assert "$50.00 from Rosa Delgado" in told
    for words in (
        payment.email,
        "Run well",
        charge.id,
        "Went back",
        "-$20.00",
        item.reference,
    ):
        assert words in told
    assert "Went back" in text_of(client, "/desk/gifts")
    assert client.get("/desk/gifts/4711").status_code == 404


def test_the_books_are_readable_for_a_bookkeeper() -> None:
    page = a_page()
    paid(a_payment(page, cents=5000))
    item = odd_money(page.donations.all()[0].payment)
    OpenItem.objects.filter(pk=item.pk).update(opened_at=clock.now() - timedelta(days=3))
    books = text_of(at_desk(Role.APPROVER), "/desk/books")
    assert "3 days" in books
    assert "Overdue" in books
    # The sums of both sides: 50.00 in clearing and 12.34 at Stripe; owed 50.00 and unexplained 12.34.
    assert "$62.34" in books
    assert "-$62.34" not in books


def test_the_last_check_is_told_in_a_sentence() -> None:
    ledger = a_payment(a_page()).ledger
    BooksCheck.objects.create(ledger=ledger, entries=7, unexplained_cents=0, findings=["item:1 is not split right"])
    books = text_of(at_desk(Role.APPROVER), "/desk/books")
    assert "7 entries were checked, $0.00 is unexplained." in books
    assert "item:1 is not split right" in books


@pytest.mark.money
def test_entries_are_found_by_kind_reference_and_item() -> None:
    page = a_page()
    payment = a_payment(page)
    paid(payment)
    paid(a_payment(page))
    client = at_desk(Role.APPROVER)
    assert "2 entries, newest first" in text_of(client, "/desk/books/entries", kind="gift")
    assert "No entry is like that." in text_of(client, "/desk/books/entries", kind="refund")
    assert "2 entries, newest first" in text_of(client, "/desk/books/entries", kind="no such kind")
    assert "1 entry, newest first" in text_of(client, "/desk/books/entries", q=payment.key)
    assert "1 entry, newest first" in text_of(client, "/desk/books/entries", q=payment.donations.get().reference)


def test_what_people_wrote_is_shown_and_never_run() -> None:
    page = a_page(name="<script>alert(1)</script>", team="<img src=x onerror=alert(1)>")
    payment = a_payment(page, name="<svg onload=alert(1)>", message="</td><script>alert(1)</script>")
    paid(payment)
    client = at_desk(*[role for role in Role if role != Role.CHARITY])
    for path in (*PAGES, f"/desk/gifts/{payment.donations.get().pk}"):
        told = text_of(client, path)
        assert "<script>alert" not in told
        assert "<img src=x" not in told
        assert "<svg onload" not in told
