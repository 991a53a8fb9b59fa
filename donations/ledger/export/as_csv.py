"""The books as a table, one row a leg: what a bookkeeper's own program reads in."""

from collections.abc import Iterable, Iterator

from common.money import exact
from common.tables import csv_lines
from donations.ledger.export.book import Book, Told

HEAD = ("date", "sequence", "kind", "reference", "account", "debit", "credit", "key", "note", "posted_at")


def write(book: Book, entries: Iterable[Told]) -> Iterator[str]:
    return csv_lines(HEAD, _rows(book, entries))


def _rows(book: Book, entries: Iterable[Told]) -> Iterator[list[object]]:
    codes = {account.pk: account.code for account in book.accounts}
    for entry in entries:
        day, posted = book.day(entry.happened_at).isoformat(), f"{entry.posted_at:%Y-%m-%dT%H:%M:%SZ}"
        for leg in entry.legs:
            debit, credit = (exact(leg.cents), "") if leg.cents > 0 else ("", exact(-leg.cents))
            yield [
                *(day, entry.sequence, entry.kind, entry.reference, codes[leg.account_id]),
                *(debit, credit, leg.key, entry.note, posted),
            ]
