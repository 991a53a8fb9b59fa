"""What banks send is read to the cent, or refused with a sentence: never half, never guessed, never a crash."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import signed_cents
from donations.bank.formats import form_of, read
from donations.bank.formats.table import Columns, guess, table_of
from donations.bank.lines import BadStatement, Told
from tests.bank.files import CSV, bai, camt, entry, ofx

TODAY = date(2026, 11, 24)
COLUMNS = Columns(day=0, day_format="%m/%d/%Y", text=(1,), amount=2, balance=3)


def told(content: bytes | str, columns: Columns = COLUMNS) -> Told:
    return read(content.encode() if isinstance(content, str) else content, TODAY, columns)


def cents(found: Told) -> list[int]:
    return [line.cents for line in found.lines]


@pytest.mark.parametrize(
    ("form", "content"), [("ofx", ofx()), ("bai2", bai()), ("camt", camt()), ("csv", CSV.encode())]
)
def test_every_form_says_the_same(form: str, content: bytes) -> None:
    found = told(content)
    assert (found.form, form_of(content)) == (form, form)
    assert cents(found) == [400_000, -123_456, -150]
    assert (found.opening_cents, found.closing_cents) == (500_000, 776_394)
    assert [word in line.text for word, line in zip(("STRIPE", "101", "FEE"), found.lines, strict=True)] == [True] * 3
    assert found.lines[-1].happened_on == date(2026, 11, 4)
    assert found.account == ("" if form == "csv" else "3210")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + CSV,
        CSV.replace("\n", "\r\n"),
        CSV.replace(",", ";").replace('"4;000.00";"9;000.00"', "4000;9000").replace('"(1;234.56)"', "(1234.56)")
        .replace('"7;765.44"', "7765.44").replace('"7;763.94"', "7763.94"),
        "Downloaded by,Treasurer\n\n" + CSV,
        CSV.replace("11/02/2026", "11/02/2026 09:30"),
        CSV + "\n\n",
        CSV.splitlines()[0] + "\n" + "\n".join(CSV.splitlines()[:0:-1]) + "\n",
    ],
    ids=["mark", "line ends", "semicolons", "preamble", "time of day", "blank lines", "newest first"],
)  # fmt: skip
def test_however_a_bank_writes_its_csv(text: str) -> None:
    found = told(text)
    assert cents(found) == [400_000, -123_456, -150]
    assert (found.opening_cents, found.closing_cents) == (500_000, 776_394)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_whatever_its_encoding(encoding: str) -> None:
    assert told(CSV.replace("CHECK 101", "Café").encode(encoding)).lines[1].text == "Café"


def test_money_in_and_money_out_in_two_columns_and_a_carried_balance() -> None:
    text = "Posted,Memo,Paid out,Paid in\n2026-11-01,Brought forward,,\n2026-11-02,A,,40.00\n2026-11-03,B,12.34,\n"
    columns = Columns(day=0, day_format="%Y-%m-%d", text=(1,), money_in=3, money_out=2)
    assert cents(told(text, columns)) == [4_000, -1_234]
    assert cents(told(text.replace("12.34", "-12.34"), columns)) == [4_000, -1_234]
    found = guess(table_of(text.encode()))
    assert (found["money_in"], found["money_out"], found["day"], found["text"]) == (3, 2, 0, [1])


def test_a_csv_without_a_heading_begins_with_a_line() -> None:
    table = table_of(b'"11/02/2026","-12.34","*","","POS"\n"11/03/2026","5.00","*","","DEPOSIT"\n')
    assert (len(table.rows), table.heading[0]) == (2, "Column 1")


def test_an_amount_that_is_written_turned_is_turned() -> None:
    text = CSV.replace(',"4,000.00",', ",-4000,").replace('"(1,234.56)"', "1234.56").replace("-$1.50", "1.50")
    assert cents(told(text, replace(COLUMNS, turned=True))) == [400_000, -123_456, -150]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7 statement", "not a CSV"),
        (b"PK\x03\x04\x00\x00", "not a CSV"),
        (b"\x00\x01\x02\x03", "not a CSV"),
        (b"just some words", "No columns"),
        (b"a,b\n1,2\n" * 2**19, "larger than 2 MB"),
        (CSV.partition(",-$1.50")[0].encode(), "Row 4 has 2 columns"),
        (CSV[:-4].encode(), "or it breaks off"),
        (CSV.replace("CHECK 101", "CHECK, 101").encode(), "Row 3 has 5 columns"),
        (CSV.replace("4,000.00", "4.000,00").encode(), "is not an amount"),
        (CSV.replace("4,000.00", "1e5").encode(), "is not an amount"),
        (CSV.replace("1,234.56", "1,234.57").encode(), "do not follow from the amounts"),
        (CSV.replace("11/03/2026", "13/11/2026").encode(), "Row 3: “13/11/2026” is not the day"),
        (CSV.replace("2026", "2027").encode(), "Are day and month the right way round"),
        (CSV.splitlines()[0].encode() + b"\n" + CSV.splitlines()[0].encode(), "is not an amount"),
        (CSV.splitlines()[0].encode(), "no line"),
        (ofx(currency="EUR"), "US dollars"),
        (ofx()[:-200], "breaks off"),
        (ofx(fee="-1,500"), "cannot be read"),
        (ofx(fee="NaN"), "cannot be read"),
        (ofx().replace(b"20261103", b"20261399"), "cannot be read"),
        (ofx().replace(b"<STMTTRN>", b"<A>" * 9_000 + b"</B>" * 9_000 + b"<STMTTRN>"), "not built like a bank's"),
        (ofx().replace(b"STRIPE", b"<!--" * 101), "not built like a bank's"),
        (ofx().replace(b"STRIPE", b" " * 500), "not built like a bank's"),
        (ofx() .replace(b"</STMTRS>", b"<STMTRS></STMTRS></STMTRS>"), "one account"),
        (bai(currency="EUR"), "US dollars"),
        (bai().partition(b"49,")[0], "breaks off"),
        (bai().replace(b"99,", b"88,"), "breaks off"),
        (bai().replace(b"16,475,123456", b"16,475,123457"), "not whole"),
        (bai("890,5,Z,,,NOTE"), "neither money in nor"),
        (bai(closing="776395"), "by -$0.01. Is the file whole?"),
        (b"01,\n", "breaks off"),
        (b"01,\n99,\n", "not whole"),
        (camt()[:-100], "not whole"),
        (camt(closing="7763.95"), "Is the file whole?"),
        (camt(entry("5.00", "CRDT", "2026-11-02", "A", currency="EUR")), "US dollars"),
        (camt(entry("-5.00", "CRDT", "2026-11-02", "A")), "cannot be read"),
        (camt(entry("5.00", "BOTH", "2026-11-02", "A")), "cannot be read"),
        (camt(entry("5.00", "CRDT", "yesterday", "A")), "cannot be read"),
        (b"<html><body>Sign in</body></html>", "not a bank's statement"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(BadStatement) as refusal:
        told(content)
    assert why in str(refusal.value)
    assert str(refusal.value).endswith((".", "?"))


def test_more_lines_than_a_person_could_match_are_refused() -> None:
    with pytest.raises(BadStatement, match="more than 20,000"):
        told(b"Date,Description,Amount,Running Bal.\n" + b"11/02/2026,A,1,\n" * 20_001, replace(COLUMNS, balance=None))


BOMB = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "head", [BOMB, '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>']
)  # fmt: skip
def test_xml_that_does_more_than_say_is_refused(head: str) -> None:
    with pytest.raises(BadStatement, match="not XML as a bank sends it"):
        told(camt(entry("5.00", "CRDT", "2026-11-02", "&x;" if "file" in head else "A"), head=head))


def test_a_balance_of_today_in_a_file_of_last_month_is_not_its_own() -> None:
    found = told(ofx(as_of="20261124", closing="12.00"))
    assert (found.opening_cents, found.closing_cents) == (None, None)


def test_deep_nesting_costs_no_crash() -> None:
    for content in (b"<OFX><STMTRS>" + b"<A>" * 50_000 + b"</OFX>", b"<a>" * 50_000):
        with pytest.raises(BadStatement):
            told(content)


@given(content=st.binary(max_size=400))
def test_no_bytes_break_the_readers(content: bytes) -> None:
    _read_or_refused(content)


@given(
    content=st.sampled_from([ofx(), bai(), camt(), CSV.encode()]),
    place=st.integers(0, 2_000),
    gone=st.integers(0, 60),
    put=st.binary(max_size=20) | st.sampled_from([b"<", b",", b"/\n", b"88,", b'"', b"\n", b"-", b"&a;", b"16,"]),
)
def test_no_damage_to_a_good_file_breaks_the_readers(content: bytes, place: int, gone: int, put: bytes) -> None:
    place %= len(content)
    _read_or_refused(content[:place] + put + content[place + gone :])


def _read_or_refused(content: bytes) -> None:
    try:
        found = told(content)
    except BadStatement:
        return
    assert found.lines
    assert all(type(line.cents) is int and "\x00" not in line.text for line in found.lines)


@given(cents=st.integers(-(10**11), 10**11))
def test_an_amount_is_read_back_however_it_is_written(cents: int) -> None:
    whole, rest = divmod(abs(cents), 100)
    bare, sign = f"{whole}.{rest:02}", "-" if cents < 0 else ""
    ways = [sign + bare, f"{sign}${whole:,}.{rest:02}", f"{bare}{sign}", f" {sign} $ {bare} ", f"{sign}{bare}0"]
    ways += [f"({bare})"] if cents < 0 else []
    assert {signed_cents(way) for way in ways} == {cents}


@pytest.mark.parametrize("text", ["", "--5", "1,23", "12.345", "1e5", "NaN", "٣", "(5)-", "(-5)", "5 5", "0x10", "½"])
def test_what_is_no_amount_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is the message
        signed_cents(text)
