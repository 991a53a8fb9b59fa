"""An organization's statement: it adds up, names no donor, and does not change when its days are over."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Role
from common import clock
from donations.disbursements import services
from donations.disbursements.statements import statement_of
from donations.giving.settle import settle
from donations.ledger.models import Ledger
from donations.payments.facts import Facts
from events.models import Event
from tests.accounts.people import make_staff, sign_in
from tests.charity.people import anna, at_charity, page
from tests.disbursements.payments import sent, treasurer
from tests.factories import a_page, a_payment, a_refund, paid

pytestmark = pytest.mark.money
PATH = "/charity/statements/breaking-free"


@pytest.fixture
def later(settings: Settings, tmp_path: Path) -> Callable[[int], None]:
    """Moves the site's clock so many days ahead of the wall's."""
    settings.DEMO_CLOCK = str(tmp_path / "offset")

    def move(days: int) -> None:
        Path(settings.DEMO_CLOCK).write_text(str(timedelta(days=days).total_seconds()))

    return move


def first_days(event: Event) -> str:
    day = datetime.now(event.zone).date()
    return f"first={day.isoformat()}&last={day.isoformat()}"


def words_of(pdf: bytes) -> str:
    return " ".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(pdf))


def test_it_adds_up_from_what_was_owed_to_what_is_owed(event: Event) -> None:
    payments = sent(event, 4_000)
    charge = paid(a_payment(a_page(event, name="Leyla"), cents=3_000, name="Zelda Hidden"))
    settle(Ledger.objects.get().pk, Facts(refunds=[a_refund(charge, 1_500)]))
    services.mark_returned(payment=payments[0])
    day = clock.now().astimezone(event.zone).date()
    made = statement_of(event.beneficiaries.all()[0], day, day)
    assert [(row.label, row.cents) for row in made.rows] == [
        ("Gifts, sum", 11_000),
        ("Went back to donors, sum", -500),
        ("Paid: Check, check 101", -4_000),
        ("Came back: Check, check 101", 4_000),
    ]
    assert (made.opening_cents, made.closing_cents, made.is_final) == (0, 10_500, False)
    shown = page(at_charity(anna()), PATH)
    assert "$110.00" in shown
    assert "this period is not over" in shown.lower()
    assert "Zelda" not in shown


def test_a_period_that_is_over_never_changes(event: Event, later: Callable[[int], None]) -> None:
    sent(event, 4_000)
    client, days = at_charity(anna()), first_days(event)
    later(2)
    before = {kind: client.get(f"{PATH}?{days}&as={kind}") for kind in ("csv", "pdf")}
    csv_before = b"".join(before["csv"].streaming_content)  # type: ignore[attr-defined]
    assert "does not change any more" in page(client, f"{PATH}?{days}")
    paid(a_payment(a_page(event, name="Leyla"), cents=3_000))
    services.mark_returned(payment=event.beneficiaries.all()[0].disbursements.get())
    assert page(client, f"{PATH}?{days}&as=csv").encode() == csv_before
    assert client.get(f"{PATH}?{days}&as=pdf").content == before["pdf"].content
    # Both are in the days of their posting, which begin with what the first ones ended with.
    day = clock.now().astimezone(event.zone).date()
    made = statement_of(event.beneficiaries.all()[0], day, day)
    assert (made.opening_cents, [row.cents for row in made.rows], made.closing_cents) == (6_000, [1_000, 4_000], 11_000)


def test_the_table_has_numbers_as_numbers_and_no_formula(event: Event) -> None:
    lane = event.beneficiaries.all()[0]
    payment = sent(event, 4_000)[0]
    lane.disbursements.filter(pk=payment.pk).update(evidence='=HYPERLINK("http://x")')
    answer = at_charity(anna()).get(f"{PATH}?as=csv&{first_days(event)}")
    assert "breaking-free-" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[0] == ["Day", "What", "US dollars"]
    assert [row[2] for row in rows[1:]] == ["0.00", "100.00", "-40.00", "60.00"]
    assert rows[3][1] == 'Paid: Check, =HYPERLINK("http://x")', "a text that begins with a word is none"


def test_the_paper_says_what_the_page_says(event: Event) -> None:
    sent(event, 4_000)
    answer = at_charity(anna()).get(f"{PATH}?as=pdf&{first_days(event)}")
    assert answer.headers["Content-Type"] == "application/pdf"
    words = words_of(answer.content)
    for said in ("Breaking Free", "check 101", "$100.00", "-$40.00", "$60.00", "still grows"):
        assert said in words


@pytest.mark.parametrize(
    "days",
    [
        "first=2026-13-01&last=2026-12-31",
        "first=2026-12-02&last=2026-12-01",
        "first=9999-12-31&last=9999-12-31",
        "first=",
    ],
)
def test_days_that_make_no_sense_are_asked_for_again(days: str, event: Event) -> None:
    client = at_charity(anna())
    for kind in ("", "&as=pdf", "&as=csv"):
        assert "There is a problem" in page(client, f"{PATH}?{days}{kind}", 422)


def test_the_desk_sees_any_statement_and_others_none(event: Event) -> None:
    sent(event, 4_000)
    desk = sign_in(Client(), make_staff(Role.APPROVER))
    assert "$60.00" in page(desk, "/desk/disbursements/statements/breaking-free")
    assert page(desk, "/desk/disbursements/statements/breaking-free?as=csv").count("\n") == 5
    page(desk, "/desk/disbursements/statements/nobody", 404)
    page(
        sign_in(Client(), make_staff(Role.MODERATOR, email="m@example.org")),
        "/desk/disbursements/statements/source",
        404,
    )
    assert treasurer().staff_roles.count() == 0


def test_an_organization_without_money_has_an_empty_statement(db: None) -> None:
    a_page()
    assert page(at_charity(anna()), PATH).count("$0.00") == 2
