"""beancount and hledger take our books, and come to our balances to the cent."""

import csv
import io
import re
from pathlib import Path

import pytest

from donations.giving.models import Donation
from donations.ledger.export.names import names_of
from donations.ledger.models import Ledger, Role
from donations.ledger.services import open_ledger
from events.models import Beneficiary
from tests.export.books import bean, cents_of, every_kind, exported, hledger, ours, run, saved
from tests.factories import a_ledger, an_event

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def named() -> dict[str, int]:
    """Our balances under the names of the export."""
    accounts = {account.pk: account.code for account in Ledger.objects.get().accounts.all()}
    names = names_of(Ledger.objects.get().accounts.select_related("beneficiary__event"))
    return {name: ours()[accounts[number]] for number, name in names.items()}


def test_bean_check_takes_every_kind_and_bean_query_comes_to_our_balances(tmp_path: Path) -> None:
    every_kind()
    path = saved(tmp_path, "beancount")
    run(bean("check"), path)
    query = "SELECT account, sum(position) AS total GROUP BY account"
    told = csv.DictReader(io.StringIO(run(bean("query"), "--format", "csv", path, query)))
    found = {row["account"].strip(): cents_of(row["total"]) for row in told}
    assert {**dict.fromkeys(named(), 0), **found} == named()
    assert sum(map(bool, found.values())) >= 7


def test_hledger_check_takes_every_kind_and_comes_to_our_balances(tmp_path: Path) -> None:
    program = hledger()
    every_kind()
    path = saved(tmp_path, "hledger")
    run(program, "check", "--strict", "-f", path)
    table = run(program, "bal", "-f", path, "--flat", "--empty", "--no-total", "-O", "csv")
    found = {row["account"]: cents_of(row["balance"]) for row in csv.DictReader(io.StringIO(table))}
    assert {**dict.fromkeys(named(), 0), **found} == named()
    assert any(found.values())


@pytest.mark.parametrize("form", ["beancount", "hledger"])
def test_a_cent_that_is_wrong_is_refused(form: str, tmp_path: Path) -> None:
    program = (bean("check"),) if form == "beancount" else (hledger(), "check", "-f")
    every_kind()
    path = saved(tmp_path, form)
    text = path.read_text()
    # The balance of the bank, one cent off: what an assertion is for.
    pattern = r"(balance Assets:Bank:Account +)(\S+)" if form == "beancount" else r"(Account  0.00 USD = )(\S+)"
    wrong = re.sub(pattern, lambda found: f"{found[1]}{float(found[2]) + 0.01:.2f}", text)
    assert wrong != text
    path.write_text(wrong)
    with pytest.raises(AssertionError, match="Account"):
        run(*program, path)


def test_keys_references_and_words_come_along(tmp_path: Path) -> None:
    every_kind()
    path = saved(tmp_path, "beancount")
    query = "SELECT any_meta('reference') AS ref, any_meta('key') AS key, narration, account WHERE account ~ 'Clearing'"
    told = list(csv.DictReader(io.StringIO(run(bean("query"), "--format", "csv", path, query))))
    items = list(Donation.objects.order_by("pk").select_related("payment"))
    assert {items[0].reference, items[3].reference} <= {row["ref"].strip() for row in told}
    assert items[3].payment.key in {row["key"].strip() for row in told}
    words = run(bean("query"), "--format", "csv", path, "SELECT DISTINCT narration WHERE payee = 'placed'")
    assert '=HYPERLINK(""x""), \\ ; ""quoted"" |' in words


def test_hledger_finds_an_entry_by_its_tag(tmp_path: Path) -> None:
    program = hledger()
    every_kind()
    path = saved(tmp_path, "hledger")
    item = Donation.objects.order_by("pk")[3]
    assert item.payment.key in run(program, "print", "-f", path, f"tag:reference=^{item.reference}$")
    assert "(1)" in run(program, "print", "-f", path, "code:^1$")


@pytest.mark.parametrize("form", ["beancount", "hledger"])
def test_the_books_of_one_event_are_taken_too(form: str, tmp_path: Path) -> None:
    program = (bean("check"),) if form == "beancount" else (hledger(), "check", "--strict", "-f")
    event = every_kind()
    path = saved(tmp_path, form, event=event.slug)
    run(*program, path)
    text = path.read_text()
    assert "Liabilities:Payable:Not-in-our-city-5k:Breaking-free" in text
    assert "settled" not in text


@pytest.mark.parametrize("form", ["beancount", "hledger"])
def test_books_without_an_entry_are_taken(form: str, tmp_path: Path) -> None:
    program = (bean("check"),) if form == "beancount" else (hledger(), "check", "--strict", "-f")
    a_ledger()
    run(*program, saved(tmp_path, form))


def test_two_exports_of_the_same_books_are_the_same() -> None:
    every_kind()
    for form in ("beancount", "hledger", "csv", "json"):
        assert exported(form) == exported(form)


def test_names_are_valid_and_each_is_there_once() -> None:
    event = an_event()
    for place, slug in enumerate(("a_b", "a-b", "-", "A-b"), start=10):
        Beneficiary.objects.create(event=event, slug=slug, name=slug, about="", place=place)
    accounts = open_ledger(event).accounts.select_related("beneficiary__event")
    names = list(names_of(accounts).values())
    assert len(set(names)) == len(names) == len(Role) - 1 + 7
    pattern = re.compile(r"(Assets|Liabilities|Equity)(:[A-Z0-9][A-Za-z0-9-]*)+")
    assert all(pattern.fullmatch(name) for name in names)
