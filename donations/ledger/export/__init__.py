"""The books as files that other programs read: beancount, hledger, CSV, JSON. Written while they are read."""

from collections.abc import Callable, Iterable, Iterator

from donations.ledger.export import as_beancount, as_csv, as_hledger, as_json
from donations.ledger.export.book import Book, Told

FORMATS: dict[str, Callable[[Book, Iterable[Told]], Iterator[str]]] = {
    "beancount": as_beancount.write,
    "hledger": as_hledger.write,
    "csv": as_csv.write,
    "json": as_json.write,
}
# What one write is: small enough to be nothing in memory, large enough not to be counted.
_BLOCK = 64 * 1024


def export(book: Book, form: str, entries: Iterable[Told] | None = None) -> Iterator[str]:
    """The whole file, a block at a time. `form` is one of FORMATS; `entries` are the book's, watched by who asks."""
    block: list[str] = []
    size = 0
    for text in FORMATS[form](book, book.entries() if entries is None else entries):
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield "".join(block)
            block, size = [], 0
    yield "".join(block)
