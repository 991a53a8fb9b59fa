"""Many people at the table, many buttons at once: one gift, one import, and never more back than there is."""

from collections.abc import Callable
from threading import Thread
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from donations.giving.models import Donation, GiftImport
from donations.payments.models import Refund
from tests.factories import a_page
from tests.giving.legs import raised
from tests.offline.at_table import entered, treasurer, words
from tests.tools.fixtures.databases import CommittedDatabase

pytestmark = [
    pytest.mark.money,
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's"),
]


def at_once(press: Callable[[], object], count: int = 12) -> None:
    errors: list[Exception] = []

    def run() -> None:
        try:
            press()
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_one_form_pressed_many_times_at_once_is_one_gift(committed_db: CommittedDatabase) -> None:
    client, form = treasurer(), words(page=a_page().bib)
    at_once(lambda: client.post("/desk/offline/new", form))
    assert (Donation.objects.count(), raised()) == (1, (5000, 1))


def test_one_file_imported_many_times_at_once_is_imported_once(committed_db: CommittedDatabase) -> None:
    a_page()
    client = treasurer()
    rows = b"name,amount,date,method\nRosa,5,2026-11-20,cash\nBen,6,2026-11-20,cash\n"
    client.post("/desk/offline/import", {"file": SimpleUploadedFile("a.csv", rows)})
    address = f"/desk/offline/import/{GiftImport.objects.get().pk}"
    at_once(lambda: client.post(address, {"what": "import"}))
    assert Donation.objects.count() == 2


def test_many_at_once_never_give_back_more_than_there_is(committed_db: CommittedDatabase) -> None:
    item, client = entered(page=a_page().bib), treasurer()
    said = {"what": "handed_back", "amount": "20", "reason": "Asked for"}

    def press() -> None:
        client.post(f"/desk/offline/{item.pk}/back", said | {"form_token": str(uuid4())})

    at_once(press)
    assert (Refund.objects.count(), raised()) == (2, (1000, 1))
