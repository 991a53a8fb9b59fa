"""The CSV and the JSON: every leg, numbers as numbers, nothing that a spreadsheet runs."""

import pytest
from django.core.management import CommandError

from donations.ledger.models import Entry, Leg
from tests.export.books import NASTY, as_json, cents_of, every_kind, exported, ours, rows_of
from tests.factories import a_ledger

pytestmark = [pytest.mark.money, pytest.mark.django_db]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def test_the_csv_has_a_row_a_leg_and_comes_to_our_balances() -> None:
    every_kind()
    rows = rows_of(exported("csv"))
    assert len(rows) == Leg.objects.count()
    sums = dict.fromkeys(ours(), 0)
    for row in rows:
        sums[row["account"]] += cents_of(row["debit"]) - cents_of(row["credit"])
    assert sums == ours()
    assert all(bool(row["debit"]) != bool(row["credit"]) for row in rows)
    assert [int(row["sequence"]) for row in rows] == sorted(int(row["sequence"]) for row in rows)


def test_no_cell_is_a_formula_and_amounts_are_numbers() -> None:
    every_kind()
    rows = rows_of(exported("csv"))
    cells = [value for row in rows for value in row.values() if value]
    assert [value for value in cells if value.startswith(FORMULA)] == []
    assert f"'{NASTY}" in {row["note"] for row in rows}
    amounts = [row["debit"] or row["credit"] for row in rows]
    assert all(amount.replace(".", "", 1).isdigit() and amount[-3] == "." for amount in amounts)


def test_the_json_has_every_entry_with_its_words_as_they_are() -> None:
    every_kind()
    told = as_json(exported("json"))
    assert [entry["sequence"] for entry in told] == list(range(1, Entry.objects.count() + 1))
    assert all(sum(leg["cents"] for leg in entry["legs"]) == 0 for entry in told)
    assert NASTY in {entry["note"] for entry in told}
    assert exported("json").count("\n") == len(told) + 2


def test_of_an_event_come_the_entries_that_move_what_its_organizations_are_owed() -> None:
    event = every_kind()
    kinds = {entry["kind"] for entry in as_json(exported("json", event=event.slug))}
    assert kinds == {"gift", "registration", "refund", "disbursement", "allocation"}
    payables = {code: cents for code, cents in ours().items() if code.startswith("payable:")}
    sums = dict.fromkeys(payables, 0)
    for entry in as_json(exported("json", event=event.slug)):
        for leg in entry["legs"]:
            if leg["account"] in sums:
                sums[leg["account"]] += leg["cents"]
    assert sums == payables


def test_books_without_an_entry_are_a_head_or_an_empty_list() -> None:
    a_ledger()
    assert rows_of(exported("csv")) == []
    assert as_json(exported("json")) == []


def test_an_event_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(CommandError, match="There are no books yet"):
        exported("csv")
    a_ledger()
    with pytest.raises(CommandError, match=r"There is no event nowhere. There is: not-in-our-city-5k."):
        exported("csv", event="nowhere")
