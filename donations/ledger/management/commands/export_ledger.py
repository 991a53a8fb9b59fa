import sys
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from donations.ledger.export import FORMATS, export
from donations.ledger.export.book import Book, Told, open_book
from donations.ledger.models import Ledger
from events.models import Event

# How often a line is written for who reads no bar.
SECONDS = 5


class Command(BaseCommand):
    help = "Writes the books to standard output, with what they must come to. Progress goes to standard error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument(
            "--event", metavar="SLUG", help="only entries that move what this event's organizations get"
        )

    def handle(self, *args: Any, format: str, event: str | None, **options: Any) -> None:  # noqa: A002
        book = _book(event)
        watched = _bar(book) if sys.stderr.isatty() else self._lines(book)
        for text in export(book, format, watched):
            self.stdout.write(text, ending="")

    def _lines(self, book: Book) -> Iterator[Told]:
        """Plain lines where nobody watches, none for what is done at once."""
        told_at = time.monotonic()
        for entry in book.entries():
            yield entry
            if time.monotonic() - told_at >= SECONDS:
                told_at = time.monotonic()
                self.stderr.write(f"{entry.sequence} of {book.last} entries")


def _bar(book: Book) -> Iterator[Told]:
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=book.last)
        for entry in book.entries():
            yield entry
            if entry.sequence % 500 == 0:
                progress.update(task, completed=entry.sequence)


def _book(slug: str | None) -> Book:
    event = Event.objects.filter(slug=slug).first() if slug else None
    if slug and event is None:
        known = ", ".join(Event.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no event {slug}. There is: {known or 'none yet'}.")
    ledgers = Ledger.objects.filter(code=event.ledger_code) if event else Ledger.objects.order_by("pk")
    ledger = ledgers.first()
    if ledger is None:
        raise CommandError("There are no books yet. An event opens them: manage.py load_event, and its first gift.")
    return open_book(ledger, event)
