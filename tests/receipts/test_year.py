"""All gifts of a year, by a link that comes to the mailbox they were given from."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import Client

from common import clock, tries
from donations.giving import statements
from donations.giving.checkout import start_payment
from donations.giving.models import Donation
from donations.giving.offline import Entered, enter
from donations.giving.order import Line
from donations.giving.settle import settle
from donations.payments.facts import Facts
from donations.payments.models import Payment
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from outreach.tokens import token_of
from tests.factories import a_page, a_payment, a_refund, an_event, an_order, numbers, paid
from tests.receipts.legal import a_charity, plain, words_of

pytestmark = [pytest.mark.money, pytest.mark.django_db]
YEAR = clock.now().year


def given(cents: int = 5000, email: str = "rosa@example.org") -> Payment:
    payment = start_payment(
        order=an_order(a_page(name=f"Amina {next(numbers)}"), cents=cents, email=email), form_token=uuid4(), comer=None
    )
    paid(payment)
    return payment


def ask(email: str = "rosa@example.org", year: int = YEAR) -> str:
    """The page that follows, whatever came of it."""
    answer = Client().post("/receipts", {"email": email, "year": str(year)}, follow=True)
    return str(answer.content.decode())


def the_mails() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(template="email/year"))


def a_link(email: str = "rosa@example.org", year: int = YEAR) -> str:
    return f"/receipts/{token_of('statement_token', [email, year])}"


def text_at(link: str) -> str:
    answer = Client().get(link)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def test_the_link_comes_by_mail_and_opens_every_gift_of_the_year() -> None:
    first, second = given(5000), given(2500, email="Rosa@example.org")
    given(9900, email="somebody@example.org")
    assert "A mail is on its way." in ask()
    (mail,) = the_mails()
    assert mail.to == "rosa@example.org"
    assert "2 payments are known under this address" in text_of(mail)
    assert "$75.00" in html_of(mail)
    link = next(word for word in text_of(mail).split() if "/receipts/" in word)
    page = text_at("/receipts/" + link.partition("/receipts/")[2])
    assert f" {first.pk} " in page
    assert f" {second.pk} " in page
    assert "Given $75.00" in page
    assert "$99.00" not in page
    assert "not a tax receipt" in page


def test_who_asks_for_an_unknown_address_reads_the_same_and_its_mailbox_hears_of_nothing() -> None:
    given()
    known, unknown = ask(), ask("nobody@example.org")
    assert known == unknown
    mail = OutboxMail.objects.get(to="nobody@example.org")
    assert "No gift of that year is known under this address." in text_of(mail)
    assert "/receipts/" not in text_of(mail)


def test_what_went_back_is_in_it_and_on_paper() -> None:
    payment = a_payment(a_page(), cents=5000)
    charge = paid(payment)
    Payment.objects.filter(pk=payment.pk).update(email="rosa@example.org")
    given(1000)
    a_charity()
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 2_000)]))
    for text in (text_at(a_link()), words_of(Client().get(a_link() + "/statement.pdf").content)):
        assert "$60.00" in text
        assert "Went back, or never arrived $20.00" in text
        assert "in return for your gift of $40.00." in text
        assert "EIN is 12-3456789" in text


def test_a_gift_in_cash_says_so() -> None:
    event = an_event()
    line = Line(kind=Donation.Kind.GIFT, amount_cents=4000, name="Rosa Delgado")
    enter(event=event, gifts={uuid4(): Entered(line, "rosa@example.org", "check", "no. 17", clock.now())})
    text = text_at(a_link())
    assert "Check, no. 17" in text
    assert "Online" not in text


def test_years_are_of_the_events_calendar() -> None:
    """New Year's Eve in Minneapolis is the old year still, when it is the new one in UTC."""
    payment = given()
    late = datetime(YEAR, 1, 1, 5, 30, tzinfo=UTC)
    Donation.objects.filter(payment=payment).update(received_at=late)
    assert "$50.00" in text_at(a_link(year=YEAR - 1))
    assert "No gift of that year is known" in text_at(a_link())
    Donation.objects.filter(payment=payment).update(received_at=payment.created_at)


def test_a_link_that_is_not_ours_opens_nothing() -> None:
    given()
    # Made here, not as parameters: a signed one holds the time, and each worker would name its test otherwise.
    for token in ("forged", token_of("claim_token", ["rosa@example.org", YEAR]), "a" * 300):
        for path in (f"/receipts/{token}", f"/receipts/{token}/statement.pdf"):
            assert Client().get(path).status_code == 404


def test_a_link_that_is_too_old_leads_to_where_one_asks_again() -> None:
    given()
    link = a_link()
    with patch("django.core.signing.time.time", return_value=(clock.now() + timedelta(days=31)).timestamp()):
        assert Client().get(link).headers["Location"] == "/receipts"
        assert Client().get(link + "/statement.pdf").headers["Location"] == "/receipts"


def test_a_mailbox_gets_three_a_day_and_who_asks_hears_nothing_of_it() -> None:
    pages = {ask() for _ in range(5)}
    assert len(pages) == 1
    assert len(the_mails()) == 3


def test_a_machine_that_asks_for_many_addresses_is_held() -> None:
    answers = [Client().post("/receipts", {"email": f"a{n}@example.org", "year": str(YEAR)}) for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "Nothing was sent" in answers[-1].content.decode()
    assert len(the_mails()) == 20


def test_what_is_not_an_address_or_a_year_is_said_at_its_field() -> None:
    page = ask("rosa", 1999)
    assert "Enter an e-mail address like name@example.org." in page
    assert "Choose one of the years." in page
    assert the_mails() == []


def test_the_statement_is_kept_by_nobody_and_its_address_goes_nowhere() -> None:
    given()
    for path in (a_link(), a_link() + "/statement.pdf"):
        answer = Client().get(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in answer.headers


@pytest.fixture(autouse=True)
def _an_event(db: None) -> None:
    an_event()
    caches["default"].clear()
    tries.memory().reset()


def test_a_year_can_be_asked_for_as_long_as_papers_are_kept() -> None:
    assert len(statements.years(an_event())) == 7


def test_an_address_that_only_looks_alike_to_a_database_gets_nothing_of_it(db: None) -> None:
    payment = a_payment(a_page())
    Payment.objects.filter(pk=payment.pk).update(email="rosa@gmail.com")
    paid(payment)
    event, year = payment.donations.get().event, clock.now().year
    assert len(statements.statement_of(event, "ROSA@gmail.com", year).rows) == 1
    assert statements.statement_of(event, "rosa@gma\u0131l.com", year).rows == ()
