"""The books for hledger: references and keys as tags, our balances asserted at the end."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from common.money import exact
from donations.ledger.export.book import Book, Told
from donations.ledger.export.names import names_of, one_line

# What would end a description, and what ends a tag or begins a date inside one. The JSON and the CSV have every sign.
_DESCRIPTION = str.maketrans({";": ",", "|": "/"})
_TAG = str.maketrans({",": " ", "[": "(", "]": ")"})


def write(book: Book, entries: Iterable[Told]) -> Iterator[str]:
    names, unit = names_of(book.accounts), book.ledger.currency.upper()
    about = f"{book.event.slug}, of the ledger {book.ledger.code}" if book.event else f"The ledger {book.ledger.code}"
    yield f"; {about}\ndecimal-mark .\ncommodity 1000.00 {unit}\n\n"
    yield "".join(f"account {name}\n" for name in names.values())
    if book.first_on is None:
        return
    last_on = book.first_on
    for entry in entries:
        day = book.day(entry.happened_at)
        last_on = max(last_on, day)
        note = one_line(entry.note).translate(_DESCRIPTION)
        tags = f"reference:{_tag(entry.reference)}, posted:{entry.posted_at:%Y-%m-%dT%H:%M:%SZ}, kind:{entry.kind}"
        yield f"\n{day} * ({entry.sequence}) {entry.kind}{f' | {note}' if note else ''}  ; {tags}\n"
        for leg in entry.legs:
            key = f"  ; key:{_tag(leg.key)}" if leg.key else ""
            yield f"    {names[leg.account_id]}  {exact(leg.cents)} {unit}{key}\n"
    yield f"\n{last_on + timedelta(days=1)} * the balances that the site keeps\n"
    for account, cents in book.balances.items():
        yield f"    {names[account]}  0.00 {unit} = {exact(cents)} {unit}\n"


def _tag(text: str) -> str:
    return one_line(text).translate(_TAG)
