"""A file of gifts: read whatever wrote it, looked at, then imported once as a whole, or thrown away."""

import re
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Role, StaffAct
from common import clock
from common.tables import csv_lines
from donations.giving.models import Donation, GiftImport
from donations.giving.offline_csv import LONGEST_CELL, MOST_ROWS, BadFile, read_rows
from donations.ledger.models import Entry
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from tests.desk.cast import at_desk
from tests.factories import a_page, an_event
from tests.giving.legs import balances, open_keys, raised
from tests.offline.at_table import entered, treasurer

TODAY = f"{clock.now():%Y-%m-%d}"
HEADING = "Name,Amount,Date,Method,Check,Bib,E-mail,Pledged"


def a_file(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join([heading, *rows]).encode()


def choose(client: Client, content: bytes, name: str = "checks.csv") -> str:
    """Chooses a file; the page it leads to."""
    answer = client.post("/desk/offline/import", {"file": SimpleUploadedFile(name, content)}, follow=True)
    return str(answer.content.decode())


def finish(client: Client, what: str = "import", **data: object) -> str:
    """Presses a button under what was looked at last."""
    kept = GiftImport.objects.order_by("-pk")[0]
    answer = client.post(f"/desk/offline/import/{kept.pk}", {"what": what, **data}, follow=True)
    return str(answer.content.decode())


@pytest.fixture
def page(db: None) -> Fundraiser:
    return a_page()


@pytest.fixture
def client(page: Fundraiser) -> Client:
    OutboxMail.objects.all().delete()
    return treasurer()


ROSA = f"Rosa Delgado,50,{TODAY},check,1042,101,rosa@example.org,"
BEN = f"Ben Olson,$1.50,{TODAY},cash,,,,"
MAI = "Mai Yang,20,,check,,,,yes"


@pytest.mark.money
def test_what_was_looked_at_is_imported_and_counts(client: Client) -> None:
    text = choose(client, a_file(ROSA, BEN, MAI))
    assert "3 rows, $71.50" in text
    assert not Donation.objects.exists(), "looking makes no gift"
    assert "3 gifts, $71.50, are imported" in finish(client)
    assert raised() == (5000, 1)
    assert (balances()["undeposited"], len(open_keys()), Entry.objects.count()) == (5150, 2, 2)
    assert list(OutboxMail.objects.values_list("to", flat=True)) == ["rosa@example.org"]
    assert GiftImport.objects.get().rows == [], "the file itself is forgotten"


@pytest.mark.money
def test_pressed_twice_it_is_imported_once(client: Client) -> None:
    choose(client, a_file(ROSA, BEN))
    finish(client)
    assert "Nothing new" in finish(client)
    assert (Donation.objects.count(), StaffAct.objects.filter(verb="imported gifts").count()) == (2, 1)


def test_thrown_away_nothing_is_left_of_it(client: Client) -> None:
    choose(client, a_file(ROSA))
    finish(client, "throw_away")
    assert not GiftImport.objects.exists()
    assert not Donation.objects.exists()


@pytest.mark.money
def test_what_was_imported_cannot_be_thrown_away(client: Client) -> None:
    choose(client, a_file(ROSA))
    finish(client)
    finish(client, "throw_away")
    assert (GiftImport.objects.count(), Donation.objects.count()) == (1, 1)


@pytest.mark.money
def test_what_may_be_there_already_is_left_out_unless_it_is_ticked(client: Client) -> None:
    entered(name="rosa  delgado", page=101)
    text = choose(client, a_file(ROSA, BEN, BEN))
    assert text.count('name="take"') == 2
    finish(client, take=["4"])
    assert sorted(Donation.objects.values_list("name", flat=True)) == ["Ben Olson", "Ben Olson", "rosa  delgado"]


@pytest.mark.money
def test_the_same_file_again_adds_nothing_unasked(client: Client) -> None:
    for _twice in range(2):
        choose(client, a_file(ROSA, BEN, MAI))
        finish(client)
    assert Donation.objects.count() == 3


def test_a_row_that_cannot_be_read_is_named_and_holds_up_the_file(client: Client) -> None:
    text = choose(client, a_file(ROSA, f"Eve,abc,{TODAY},check,,99,x,"))
    assert "1 row cannot be read" in text
    for sentence in ("amount in dollars", "number and its bank", "no page with this bib", "name@example.org"):
        assert sentence in text
    assert "Import these gifts" not in text
    assert "Nothing was imported" in finish(client)
    assert not Donation.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "file is empty"),
        (b"Name,Amount\n", "no gift below"),
        (b"Name,Sum\nRosa,5\n", "headings are not known: sum"),
        (b"Name,Check\nRosa,5\n", "needs the headings amount"),
        (b"Name,Amount,Check,Reference\nRosa,5,1,1\n", "same meaning"),
        (b"Name,Amount\nRosa,5,more\n", "more cells"),
        (b'Name,Amount\n"Rosa,5\n', "quotation mark"),
        (b"PK\x03\x04\x00\x00", "is no text"),
        (b"Name,Amount\n" + b"Rosa,5\n" * (MOST_ROWS + 1), "501 gifts"),
        (b"Name,Amount\n" + b"x" * 600_000, "larger than 500 KB"),
        (b"Name,Amount\n" + b"x" * (LONGEST_CELL + 1) + b",5\n", "too long"),
        (b"Name,Amount,Pledged\nRosa,5,perhaps\n", "where yes or no is asked"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(client: Client, content: bytes, sentence: str) -> None:
    text = choose(client, content)
    assert sentence in re.sub(r"\s+", " ", text)
    assert not GiftImport.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_whatever_spreadsheet_wrote_it_names_are_whole(encoding: str, delimiter: str) -> None:
    text = f"name{delimiter}amount\r\nZoë Núñez{delimiter}5\r\n\r\n"
    [row] = read_rows(text.encode(encoding))
    assert (row.number, row.cells) == (2, {"name": "Zoë Núñez", "amount": "5"})


@pytest.mark.money
def test_a_formula_stays_a_text(client: Client) -> None:
    text = choose(client, a_file(f'"=HYPERLINK(""http://x"")",5,{TODAY},cash,,,,', f'<b>,"=1+1",{TODAY},cash,,,,'))
    assert "Enter an amount in dollars" in text
    assert "&lt;b&gt;" in text
    choose(client, a_file(f'"=HYPERLINK(""http://x"")",5,{TODAY},cash,,,,'))
    finish(client)
    assert next(csv_lines([Donation.objects.get().name], [])).lstrip("\ufeff").startswith("\"'=")


def test_a_file_of_another_event_is_not_there(client: Client) -> None:
    assert client.get("/desk/offline/import/1").status_code == 404
    choose(client, a_file(ROSA))
    assert at_desk(Role.MODERATOR, email="m@example.org").get("/desk/offline/import").status_code == 404


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
columns = st.lists(st.sampled_from(["message", "team", "date", "method"]), unique=True, max_size=4)


@given(st.binary(max_size=300))
@example(b"name,amount\n\x00,5")
def test_no_bytes_break_the_reader(content: bytes) -> None:
    rows = []
    with suppress(BadFile):
        rows = read_rows(content)
        assert rows
    assert len(rows) <= MOST_ROWS


def tables(names: list[str]) -> st.SearchStrategy[tuple[list[str], list[tuple[str, ...]]]]:
    return st.tuples(st.just(names), st.lists(st.tuples(cells, *[cells] * len(names)), max_size=5))


@given(columns.flatmap(tables))
def test_what_a_table_wrote_is_read_cell_by_cell(table: tuple[list[str], list[tuple[str, ...]]]) -> None:
    names, rows = table
    content = "".join(csv_lines(["amount", "name", *names], [("5", *row) for row in rows])).encode()
    if not rows:
        with pytest.raises(BadFile):
            read_rows(content)
        return
    read = read_rows(content)
    assert [row.cells["amount"] for row in read] == ["5"] * len(rows)
    for row, written in zip(read, rows, strict=True):
        plain = written[0].strip()
        assert row.cells["name"].removeprefix("'").strip() == plain.removeprefix("'").strip()


@pytest.mark.django_db
def test_the_page_to_choose_a_file_is_there_before_any() -> None:
    an_event()
    assert "No file was imported yet" in treasurer().get("/desk/offline/import").content.decode()
