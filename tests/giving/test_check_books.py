"""check_books bites: a mistake planted behind its back is named; with none, it says that all is right."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from donations.giving.checks import check_books
from donations.giving.models import Credit, Donation
from donations.giving.settle import settle
from donations.ledger.models import BooksCheck, Ledger, Role
from donations.payments import feed
from donations.payments.facts import Facts
from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from tests.factories import a_page, a_payment, a_refund, paid
from tests.giving.legs import open_keys
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def gift() -> Donation:
    """A page with two gifts, one of them refunded in part."""
    page = a_page()
    first, second = a_payment(page, cents=5001), a_payment(page, cents=2500, cover_cents=90)
    paid(first)
    settle(second.ledger_id, Facts(refunds=[a_refund(paid(second), 700)]))
    assert check_books().findings == []
    return first.donations.get()


def plant(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount != 0, "nothing was changed"


def found(*words: str) -> bool:
    """Whether a finding names all of these."""
    findings = check_books().findings
    assert findings, "the mistake was not seen"
    return any(all(word in finding for word in words) for finding in findings)


def without_triggers(table: str, names: list[str], sql: str, *values: Any) -> None:
    """As somebody would who owns the schema."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in names:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)


def test_with_nothing_planted_nothing_is_found(gift: Donation) -> None:
    report = check_books()
    assert (report.entries, report.findings, report.unexplained_cents) == (3, [], 0)
    assert BooksCheck.objects.latest("pk").findings == []


def test_a_balance_off_by_a_cent_is_named(gift: Donation) -> None:
    plant("UPDATE ledger_balance SET cents = cents + 1 WHERE id = (SELECT max(id) FROM ledger_balance)")
    assert found("keeps", "its legs say")


def test_a_balance_that_is_gone_or_made_up_is_named(gift: Donation) -> None:
    ledger = Ledger.objects.get()
    bank = ledger.accounts.get(role=Role.BANK)
    plant("INSERT INTO ledger_balance (account_id, kind, cents) VALUES (%s, 'fee', 7)", bank.pk)
    assert found("bank keeps 7 cents of fee")
    plant("DELETE FROM ledger_balance WHERE kind = 'gift'")
    assert found("source keeps 0 cents of gift")


def test_an_open_item_that_was_closed_by_hand_is_named(gift: Donation) -> None:
    plant("UPDATE ledger_openitem SET cents = 0 WHERE key = %s", gift.payment.key)
    assert found(f"open item {gift.payment.key} keeps 0 cents")


@pytest.mark.parametrize("table", ["fundraisers_fundraiser", "teams_team", "events_event"])
@pytest.mark.parametrize("change", ["raised_cents = raised_cents + 1", "gift_count = gift_count + 1"])
def test_a_total_that_was_changed_is_named(gift: Donation, table: str, change: str) -> None:
    plant(f"UPDATE {table} SET {change}")
    assert found("its credits say 6801, 2", {"f": "Amina", "t": "North Loop", "e": "Not In"}[table[0]])


def test_a_total_of_a_page_without_gifts_is_named(gift: Donation) -> None:
    other = a_page(gift.event, name="Tou Vang", team="")
    Fundraiser.objects.filter(pk=other.pk).update(raised_cents=5)
    assert found("Tou Vang", "keeps 5 cents")


def test_a_credit_without_a_cause_is_named(gift: Donation) -> None:
    Credit.objects.create(donation=gift, fundraiser=gift.fundraiser, team=gift.team, cents=1, reason="gift")
    assert found(gift.reference)


def test_credits_that_were_taken_away_are_named(gift: Donation) -> None:
    names = ["giving_credit_no_delete"]
    without_triggers("giving_credit", names, "DELETE FROM giving_credit WHERE donation_id = %s", gift.pk)
    assert found(gift.reference)


def test_a_return_without_an_entry_is_named(gift: Donation) -> None:
    Credit.objects.create(donation=gift, fundraiser=gift.fundraiser, team=gift.team, cents=-3, reason="returned")
    assert found(gift.reference)


def test_a_gift_that_was_unmade_or_made_up_is_named(gift: Donation) -> None:
    Donation.objects.filter(pk=gift.pk).update(received_at=None)
    assert found(gift.reference)
    waiting = a_payment(gift.fundraiser).donations.get()
    Donation.objects.filter(pk=waiting.pk).update(received_at=gift.created_at)
    assert found(waiting.reference)


def test_weights_changed_afterwards_are_named(gift: Donation) -> None:
    Donation.objects.filter(pk=gift.pk).update(
        weights=[[pk, weight + 1 - place] for place, (pk, weight) in enumerate(map(tuple, gift.weights))][:2]
        + gift.weights[2:]
    )
    assert found(gift.reference)


def test_an_entry_changed_under_dropped_triggers_is_named(gift: Donation) -> None:
    names = ["ledger_leg_no_update"]
    without_triggers("ledger_leg", names, "UPDATE ledger_leg SET cents = cents + 1 WHERE cents = 5001")
    assert found("does not balance: $0.01")
    assert found("trigger ledger_leg")


def test_a_dropped_trigger_is_named(gift: Donation) -> None:
    drop = "DROP TRIGGER ledger_entry_guard" + ("" if connection.vendor == "sqlite" else " ON ledger_entry")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(drop)
    assert found("trigger ledger_entry_guard is not installed as written")


def test_a_transaction_of_stripe_without_its_entry_is_named(gift: Donation, sandbox: StripeSandbox) -> None:
    feed.sync(Ledger.objects.get())
    plant(
        "INSERT INTO payments_balancetransaction (id, ledger_id, type, reporting_category, amount_cents, fee_cents,"
        " net_cents, currency, source, created_at, available_at)"
        " SELECT 'txn_forged', id, 'charge', 'charge', 900, 0, 900, 'usd', 'ch_x', %s, %s FROM ledger_ledger",
        gift.created_at,
        gift.created_at,
    )
    assert found("txn_forged has no entry")
    assert found("its balance transactions sum to $9.00")


def test_a_balance_that_is_not_stripes_is_named(gift: Donation, sandbox: StripeSandbox) -> None:
    report = check_books(with_stripe=True)
    assert report.findings == []
    sandbox.inside.world.totals[None, "usd", "available"] = 12_345
    findings = check_books(with_stripe=True).findings
    assert findings == ["stripe:balance is $0.00 in the books and $123.45 at Stripe"]


def run(*words: str) -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("check_books", *words, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


@pytest.mark.money
def test_the_command_says_that_all_is_right(gift: Donation, sandbox: StripeSandbox) -> None:
    out, error = run()
    assert error == ""
    assert "3 entries checked, 0 findings, $0.00 unexplained. Stripe's balance agrees." in out


def test_the_command_names_what_is_wrong_and_fails(gift: Donation) -> None:
    Fundraiser.objects.update(raised_cents=1)
    out, error = run("--offline")
    assert error == "1 findings"
    assert "wrong: Fundraiser Amina Warsame keeps 1 cents" in out
    assert "Stripe was not asked" in out


def test_the_command_speaks_json(gift: Donation, sandbox: StripeSandbox) -> None:
    out, error = run("--json")
    assert (json.loads(out)["findings"], json.loads(out)["compared_with_stripe"], error) == ([], True, "")
    Fundraiser.objects.update(gift_count=9)
    out, error = run("--json", "--offline")
    told = json.loads(out)
    assert error
    assert len(told["findings"]) == 1
    assert told["compared_with_stripe"] is False
    assert set(told) == {"entries", "findings", "unexplained_cents", "compared_with_stripe"}


@pytest.mark.money
def test_the_command_checks_what_it_can_when_stripe_is_away(gift: Donation, sandbox: StripeSandbox) -> None:
    sandbox.do("faults", **{"429": 1})
    out, error = run()
    assert error == ""
    assert "Stripe was not asked" in out


@pytest.mark.money
def test_an_open_item_is_no_finding_before_its_time(sandbox: StripeSandbox) -> None:
    payment: Payment = a_payment(a_page())
    paid(payment)
    assert open_keys() == {payment.key: 5000}
    assert check_books().findings == []
    sandbox.do("time", advance=8 * 86_400 + 60)
    assert found(payment.key, "is open at $50.00")
    assert check_books().unexplained_cents == 5000
    sandbox.do("time", offset=0)


def test_a_team_that_was_miscounted_is_named(gift: Donation) -> None:
    plant("UPDATE teams_team SET member_count = member_count + 1")
    assert found("keeps 2 members, 1 are there")
