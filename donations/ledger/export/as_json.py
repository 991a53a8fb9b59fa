"""The books as one JSON array, an entry a line, so that it can be read whole or line by line. Cents, times in UTC."""

import json
from collections.abc import Iterable, Iterator

from donations.ledger.export.book import Book, Told


def write(book: Book, entries: Iterable[Told]) -> Iterator[str]:
    codes = {account.pk: account.code for account in book.accounts}
    before = "[\n"
    for entry in entries:
        told = {
            "sequence": entry.sequence,
            "kind": entry.kind,
            "reference": entry.reference,
            "happened_at": f"{entry.happened_at:%Y-%m-%dT%H:%M:%SZ}",
            "posted_at": f"{entry.posted_at:%Y-%m-%dT%H:%M:%SZ}",
            "note": entry.note,
            "legs": [{"account": codes[leg.account_id], "cents": leg.cents, "key": leg.key} for leg in entry.legs],
        }
        yield before + json.dumps(told)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"
