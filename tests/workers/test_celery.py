"""Celery on PostgreSQL with Redis: real workers, killed and doubled, and Redis gone in the middle."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from donations.giving.tasks import drain_inbox, sweep
from donations.ledger.models import Ledger
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail, Topic
from outreach.tasks import send_outbox
from tests.giving.donors import an_event_body, sign
from tests.tools import servers
from tests.tools.fixtures.databases import CommittedDatabase
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import WEBHOOK_PATH, StripeSandbox
from tests.workers.donors import (
    a_quiet_page,
    assert_no_mail_twice,
    assert_once,
    get,
    give,
    inbox_is_empty,
    mails_sent,
    pay,
    post,
    received,
    start_gift,
)
from tests.workers.processes import celery, serving, wait_for, working

# Seconds a donor or Stripe may wait for an answer while Redis gives none; two are its timeout.
PATIENCE = 4

pytestmark = [
    pytest.mark.money,
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql" or not settings.REDIS_URL,
        reason="Celery needs DATABASE_URL and REDIS_URL; `make test PARTS=postgres` brings both",
    ),
]


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    """Messages of other tests are gone before, and ours afterwards."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    broker.flushdb()
    yield
    broker.flushdb()
    broker.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def amina(site: Site) -> Fundraiser:
    return a_quiet_page()


def test_a_gift_is_posted_within_seconds_and_the_outbox_is_sent(
    site: Site, sandbox: StripeSandbox, amina: Fundraiser, tmp_path: Path
) -> None:
    with celery(site.env, tmp_path / "worker.log") as worker:
        give(sandbox, site.url, f"/r/{amina.slug}/give")
        wait_for(lambda: received() == 1, "the webhook's nudge woke the worker", worker, seconds=5)
        send_outbox.delay()
        wait_for(lambda: mails_sent() == 2, "the outbox is sent", worker)
        assert_no_mail_twice(worker.mails())
        assert "Traceback" not in worker.said
    assert_once(gifts=1)
    amina.refresh_from_db()
    assert amina.raised_cents == 5000


def test_the_same_task_twice_and_by_two_workers_has_one_effect(
    site: Site, sandbox: StripeSandbox, amina: Fundraiser, tmp_path: Path
) -> None:
    sandbox.do("pause")
    for number in range(6):
        give(sandbox, site.url, f"/r/{amina.slug}/give", number)
    with celery(site.env, tmp_path / "one.log") as one, celery(site.env, tmp_path / "two.log") as two:
        sandbox.do("faults", duplicate=1.0)
        sandbox.do("resume")
        sandbox.do("deliver", now=True)
        for _ in range(4):
            drain_inbox.delay()
            sweep.delay()
            send_outbox.delay()
        wait_for(lambda: received() == 6 and inbox_is_empty(), "the inbox is drained", one)
        for _ in range(4):
            send_outbox.delay()
        wait_for(lambda: mails_sent() == 12, "all mails are sent", two)
        for worker in (one, two):
            assert "received" in worker.said
            assert "Traceback" not in worker.said
        mails = one.mails() + two.mails()
    assert len(mails) == 12
    assert_no_mail_twice([mail for mail in mails if "rosa" in mail])
    assert_once(gifts=6)


def test_a_worker_killed_while_it_posts_leaves_nothing_behind_and_the_next_one_posts_once(
    site: Site, sandbox: StripeSandbox, amina: Fundraiser, tmp_path: Path, stack: ExitStack
) -> None:
    for number in range(3):
        give(sandbox, site.url, f"/r/{amina.slug}/give", number)
    assert sandbox.do("deliver", now=True)["empty"]
    assert received() == 0
    with transaction.atomic():
        # Held here, the ledger's lock stops the worker in the middle of its transaction; the webhooks have nudged it.
        Ledger.objects.select_for_update().get()
        worker = stack.enter_context(celery(site.env, tmp_path / "killed.log"))
        wait_for(_somebody_waits_for_a_lock, "the worker stands at the lock", worker)
        worker.kill()
    assert received() == 0
    with celery(site.env, tmp_path / "next.log") as worker:
        drain_inbox.delay()
        wait_for(lambda: received() == 3 and inbox_is_empty(), "the next worker has posted", worker)
        send_outbox.delay()
        wait_for(lambda: mails_sent() == 6, "all mails are sent", worker)
        assert len(worker.mails()) == 6
    assert_once(gifts=3)


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        # In a transaction PostgreSQL would go on showing what it showed first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_killed_while_it_sends_sends_no_mail_twice_and_hides_none(
    site: Site, sandbox: StripeSandbox, amina: Fundraiser, tmp_path: Path
) -> None:
    for number in range(20):
        give(sandbox, site.url, f"/r/{amina.slug}/give", number)
    assert sandbox.do("deliver", now=True)["empty"]
    drain_inbox()
    waiting = OutboxMail.objects.filter(status=OutboxMail.Status.WAITING)
    assert waiting.exclude(topic=Topic.MILESTONES).count() == 40
    with celery(site.env, tmp_path / "killed.log") as worker:
        send_outbox.delay()
        wait_for(worker.mails, "the first mail is on its way", worker)
        worker.kill()
        mails = worker.mails()
    assert mails_sent() < 40, "it was killed too late to prove anything"
    with celery(site.env, tmp_path / "next.log") as worker:
        send_outbox.delay()
        wait_for(lambda: not OutboxMail.objects.filter(status=OutboxMail.Status.WAITING).exists(), "all left", worker)
        mails += worker.mails()
    assert_no_mail_twice([mail for mail in mails if "rosa" in mail])
    # At most the one in hand is in doubt: it is not sent again by itself, and the desk lists it.
    doubtful = OutboxMail.objects.filter(status=OutboxMail.Status.SENDING).count()
    assert doubtful <= 1
    assert mails_sent() + doubtful == 40
    assert 40 - doubtful <= len(mails) <= 40


@pytest.fixture(params=["stopped", "hanging"])
def without_redis(request: pytest.FixtureRequest, committed_db: CommittedDatabase, tmp_path: Path) -> Iterator[str]:
    """The address of the site behind gunicorn, which has used its Redis; that has died since, or does not answer."""
    with ExitStack() as stack:
        with ExitStack() as redis_alone:
            a_quiet_page()
            url = redis_alone.enter_context(servers.redis())
            site = stack.enter_context(serving({**committed_db.env, "REDIS_URL": url}, tmp_path / "site.log"))
            for path in ("/", "/r/amina-warsame"):
                assert get(site + path)[0] == 200
            body = an_event_body({"id": "thing", "object": "thing"}, kind="unknown.happened").encode()
            assert post(site + WEBHOOK_PATH, body, {"Stripe-Signature": sign(body)})[0] == 200
            if request.param == "hanging":
                pid = _process_of(url)
                os.kill(pid, signal.SIGSTOP)
                redis_alone.callback(os.kill, pid, signal.SIGCONT)
                yield site
        if request.param == "stopped":
            yield site


def _process_of(url: str) -> int:
    with redis.Redis.from_url(url) as server:
        told: Any = server.info("server")
        return int(told["process_id"])


def test_with_redis_gone_the_site_takes_webhooks_and_gifts_and_work_catches_up(
    committed_db: CommittedDatabase, sandbox: StripeSandbox, without_redis: str, tmp_path: Path
) -> None:
    sandbox.restart(without_redis + WEBHOOK_PATH)
    for number in range(2):
        payment, seconds = start_gift(without_redis, "/r/amina-warsame/give", number)
        assert seconds < PATIENCE, f"the form took {seconds:.1f} s"
        pay(sandbox, payment)
    for number in range(3):
        body = an_event_body({"id": f"thing_{number}", "object": "thing"}, kind="unknown.happened").encode()
        status, _address, seconds = post(without_redis + WEBHOOK_PATH, body, {"Stripe-Signature": sign(body)})
        assert status == 200
        assert seconds < PATIENCE, f"the webhook took {seconds:.1f} s"
    assert sandbox.do("deliver", now=True, timeout=40)["empty"]
    assert received() == 0
    with working({**committed_db.env, "REDIS_URL": ""}, tmp_path / "work.log") as worker:
        wait_for(lambda: mails_sent() == 4 and inbox_is_empty(), "it has caught up", worker)
        assert len(worker.mails()) == 4
    assert_once(gifts=2)


def test_with_redis_gone_people_can_read_the_pages(
    committed_db: CommittedDatabase, sandbox: StripeSandbox, without_redis: str
) -> None:
    for path in ("/", "/r/amina-warsame", "/r/amina-warsame/give", "/leaderboard", "/money"):
        status, seconds = get(without_redis + path)
        assert status == 200, f"{path} answered {status}"
        assert seconds < PATIENCE, f"{path} took {seconds:.1f} s"
