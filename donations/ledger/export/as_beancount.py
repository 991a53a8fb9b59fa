"""The books for beancount (v2 and v3): references and keys as metadata, our balances asserted at the end."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from common.money import exact
from donations.ledger.export.book import Book, Told
from donations.ledger.export.names import names_of, one_line


def write(book: Book, entries: Iterable[Told]) -> Iterator[str]:
    names, unit = names_of(book.accounts), book.ledger.currency.upper()
    about = f"{book.event.name}, of the ledger {book.ledger.code}" if book.event else f"The ledger {book.ledger.code}"
    yield f'option "title" {_text(about)}\noption "operating_currency" "{unit}"\n\n'
    if book.first_on is None:
        return
    yield "".join(f"{book.first_on} open {name} {unit}\n" for name in names.values())
    last_on = book.first_on
    for entry in entries:
        day = book.day(entry.happened_at)
        last_on = max(last_on, day)
        yield f"\n{day} * {_text(entry.kind)} {_text(entry.note)} #{entry.kind}\n  seq: {entry.sequence}\n"
        yield f"  reference: {_text(entry.reference)}\n  posted: {_text(f'{entry.posted_at:%Y-%m-%dT%H:%M:%SZ}')}\n"
        for leg in entry.legs:
            yield f"  {names[leg.account_id]}  {exact(leg.cents)} {unit}\n"
            if leg.key:
                yield f"    key: {_text(leg.key)}\n"
    yield "\n"
    # It holds at the beginning of its day. Without "~ 0" beancount would let a cent pass.
    day = last_on + timedelta(days=1)
    for account, cents in book.balances.items():
        yield f"{day} balance {names[account]}  {exact(cents)} ~ 0 {unit}\n"


def _text(text: str) -> str:
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
