"""A cancelled race is carried out by real workers: killed again and again, and several at once."""

from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, connections

from donations.giving.decisions import carry_out
from donations.giving.models import EventDecision
from donations.giving.queries import money_of
from donations.payments.models import Refund
from events.models import Event
from outreach.models import OutboxMail
from registration.models import Participant
from tests.factories import a_race
from tests.giving.donors import client_of
from tests.registration_desk.households import FEE, a_household, a_race_at, statuses
from tests.registration_desk.race import cancelling, decide, organizer
from tests.tools.fixtures.databases import CommittedDatabase
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox
from tests.workers.processes import wait_for, working

pytestmark = pytest.mark.money
HOUSEHOLDS = 6


def a_field(sandbox: StripeSandbox | None = None) -> Event:
    event = a_race_at(a_race())
    for number in range(HOUSEHOLDS):
        a_household(event, f"Runner {number}", sandbox=sandbox)
    return event


def told() -> list[str]:
    return sorted(OutboxMail.objects.filter(key__startswith="race:").values_list("to", flat=True))


def has_cancelled(more_than: int) -> bool:
    return Participant.objects.filter(status=Participant.Status.CANCELLED).count() > more_than


def assert_once(event: Event) -> None:
    assert statuses(event) == ["cancelled"] * HOUSEHOLDS
    assert len(told()) == len(set(told())) == HOUSEHOLDS


def test_workers_that_are_killed_again_and_again_do_everything_once(
    site: Site, sandbox: StripeSandbox, tmp_path: Path
) -> None:
    event = a_field(sandbox)
    decision = decide(organizer(), cancelling())
    for number in range(2):
        with working(site.env, tmp_path / f"{number}.log") as worker:
            wait_for(partial(has_cancelled, more_than=number), "it has begun", worker)
            worker.kill()
    with working(site.env, tmp_path / "last.log") as worker:
        wait_for(lambda: Refund.objects.count() == HOUSEHOLDS, "all fees went back", worker)
        wait_for(lambda: EventDecision.objects.get().state == EventDecision.State.DONE, "it is done", worker)
    assert_once(event)
    assert [refund.amount_cents for refund in Refund.objects.all()] == [FEE] * HOUSEHOLDS
    assert (money_of(event).need_cents, decision.refunds.count()) == (0, HOUSEHOLDS)
    at_stripe = client_of(sandbox).v1.refunds.list({"limit": 100})
    assert [refund.amount for refund in at_stripe.data] == [FEE] * HOUSEHOLDS


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_four_at_once_do_everything_once(committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    # Stripe is not asked: what goes on at once are the rows.
    monkeypatch.setattr("donations.giving.refunds.send", lambda _request: None)
    event = a_field()
    decision = decide(organizer(), cancelling())
    errors: list[Exception] = []

    def work() -> None:
        try:
            carry_out()
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert_once(event)
    assert decision.refunds.count() == HOUSEHOLDS
