"""The books, checked by the product's own checker, and examples that leave nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


def assert_books_hold() -> None:
    """Fails with the rows that are wrong."""
    from donations.giving.checks import check_books

    findings = check_books().findings
    assert not findings, "check_books found:\n" + "\n".join(map(str, findings))


@contextmanager
def rolled_back() -> Iterator[None]:
    """One Hypothesis example in a test with `db`: its rows are gone afterwards, though the ledger refuses DELETE."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
