"""An export costs the same memory however many entries there are, says how far it is, and is of one moment."""

import sys
import tracemalloc
from io import StringIO

import pytest
from django.core.management import call_command

from donations.ledger.export import FORMATS, export
from donations.ledger.export.book import open_book
from donations.ledger.management.commands import export_ledger
from donations.ledger.models import Ledger
from tests.export.books import as_json, every_kind, more_gifts
from tests.factories import a_ledger

pytestmark = pytest.mark.django_db


def peaks() -> dict[str, int]:
    """Bytes that writing each whole file needed at most."""
    book, found = open_book(Ledger.objects.get()), {}
    for form in FORMATS:
        tracemalloc.start()
        for _block in export(book, form):
            pass
        found[form] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return found


def test_eight_times_the_entries_take_the_same_memory() -> None:
    book = a_ledger()
    more_gifts(book, 1_100)
    peaks()
    small = peaks()
    more_gifts(book, 7_700, "more")
    large = peaks()
    assert {form: large[form] / small[form] for form in FORMATS if large[form] > small[form] * 1.3} == {}


def test_what_is_posted_meanwhile_is_not_in_it() -> None:
    every_kind()
    ledger = Ledger.objects.get()
    book = open_book(ledger)
    written = export(book, "json")
    more_gifts(ledger, 3)
    assert len(as_json("".join(written))) == book.last < Ledger.objects.get().last_sequence


def test_progress_goes_to_standard_error_and_leaves_the_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    every_kind()
    monkeypatch.setattr(export_ledger, "SECONDS", 0)
    out, err = StringIO(), StringIO()
    call_command("export_ledger", format="json", stdout=out, stderr=err)
    last = Ledger.objects.get().last_sequence
    assert f"{last} of {last} entries" in err.getvalue()
    assert len(as_json(out.getvalue())) == last


def test_on_a_terminal_a_bar_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    every_kind()
    screen = StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    out = StringIO()
    call_command("export_ledger", format="csv", stdout=out)
    assert screen.getvalue()
    assert "\x1b" not in out.getvalue()
