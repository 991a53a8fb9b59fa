"""Who may take the books along, that the log says so, and that what is taken is whole."""

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from donations.giving.models import Donation
from donations.ledger.models import Leg
from tests.desk.cast import at_desk
from tests.export.books import as_json, cents_of, every_kind, exported, rows_of
from tests.factories import a_page, a_payment, paid

pytestmark = [pytest.mark.money, pytest.mark.django_db]
FORMATS = {"ledger.beancount": "beancount", "ledger.journal": "hledger", "ledger.csv": "csv", "ledger.json": "json"}


def taken(client: Client, name: str) -> str:
    answer = client.get(f"/desk/exports/{name}")
    assert answer.status_code == 200
    assert answer.streaming
    assert f'filename="not-in-our-city-5k-{name}"' in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_every_format_is_what_the_command_writes_and_the_log_says_who_took_it() -> None:
    every_kind()
    desk = at_desk(Role.TREASURER)
    for name, form in FORMATS.items():
        assert taken(desk, name) == exported(form)
    assert [act.target for act in StaffAct.objects.order_by("pk")] == [
        f"{name} of not-in-our-city-5k" for name in FORMATS
    ]
    assert {(act.verb, act.user.email) for act in StaffAct.objects.all()} == {("exported", "staff@example.org")}
    assert len(rows_of(taken(desk, "ledger.csv"))) == Leg.objects.count()
    assert as_json(taken(desk, "ledger.json"))


def test_the_gifts_come_with_what_receipts_need_and_no_formula() -> None:
    payment = a_payment(a_page(), cents=5001, cover_cents=182, name="=cmd|'/C calc'!A0")
    paid(payment)
    a_payment(a_page(name="Ben"))
    (row,) = rows_of(taken(at_desk(Role.ORGANIZER), "gifts.csv"))
    assert row["Name"] == "'=cmd|'/C calc'!A0"
    assert (row["Amount"], row["For the card fees"], row["Went back of the amount"]) == ("50.01", "1.82", "0.00")
    assert (row["E-mail"], row["Kind"], row["Paid by"]) == (payment.email, "Gift", "Online")
    assert row["Receipt"] == str(payment.pk)


def test_payments_to_the_organizations_come_with_their_people() -> None:
    every_kind()
    rows = rows_of(taken(at_desk(Role.APPROVER), "disbursements.csv"))
    assert len(rows) == 6
    assert {row["Organization"] for row in rows} == {"Breaking Free", "Source", "The Link"}
    assert sum(cents_of(row["Amount"]) for row in rows) == 10_500
    assert {row["State"] for row in rows} == {"Paid", "Came back"}
    assert {row["Proposed by"] for row in rows} == {"treasurer@example.org"}


def test_only_who_handles_money_sees_them_and_only_with_a_fresh_factor() -> None:
    a_page()
    assert at_desk(Role.COORDINATOR).get("/desk/exports").status_code == 404
    stale = at_desk(Role.TREASURER, email="t@example.org", mfa_seconds_ago=86_400)
    assert stale.get("/desk/exports").status_code == 200
    assert stale.get("/desk/exports/gifts.csv").status_code == 302
    assert StaffAct.objects.count() == 0


def test_a_file_that_is_none_of_them_is_not_found_and_not_logged() -> None:
    a_page()
    assert at_desk(Role.TREASURER).get("/desk/exports/secrets.csv").status_code == 404
    assert StaffAct.objects.count() == 0
    assert Donation.objects.count() == 0
