"""The tools of the tests keep their word."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from playwright.sync_api import Page

from common import clock
from config.celery import app as celery_app
from donations.payments import gateway
from tests.project.sources import ROOT
from tests.tools import processes
from tests.tools.books import rolled_back
from tests.tools.fixtures.databases import CommittedDatabase
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox
from tests.tools.network import NetworkRefusedError

TOMORROW = datetime(2100, 1, 1, tzinfo=UTC)
COUNT = "from django.contrib.sessions.models import Session; print(Session.objects.count())"


def remember(key: str) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=TOMORROW)


@pytest.mark.parametrize("turn", [1, 2])
def test_db_is_rolled_back(turn: int, db: None) -> None:
    assert not Session.objects.exists()
    remember(f"turn {turn}")


def test_examples_are_rolled_back(db: None) -> None:
    for number in range(3):
        with rolled_back():
            assert not Session.objects.exists()
            remember(f"example {number}")


@pytest.mark.postgres
@pytest.mark.parametrize("turn", [1, 2])
def test_committed_db_is_fresh_on_postgres(turn: int, committed_db: CommittedDatabase) -> None:
    assert connection.vendor == "postgresql"
    check_fresh_and_shared(turn, committed_db)


@pytest.mark.parametrize("turn", [1, 2])
def test_committed_db_is_fresh(turn: int, committed_db: CommittedDatabase) -> None:
    check_fresh_and_shared(turn, committed_db)


def check_fresh_and_shared(turn: int, database: CommittedDatabase) -> None:
    assert not connection.in_atomic_block
    assert not Session.objects.exists()
    with transaction.atomic():
        remember(f"turn {turn}")

    def from_a_thread() -> None:
        remember(f"thread of {turn}")
        connection.close()

    thread = threading.Thread(target=from_a_thread)
    thread.start()
    thread.join()
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", COUNT]
    done = subprocess.run(command, cwd=ROOT, env=database.env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "2", done.stderr


def test_sqlite_has_the_settings_of_the_site(committed_db: CommittedDatabase) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own")
    with connection.cursor() as cursor:
        for pragma, expected in {"journal_mode": "wal", "recursive_triggers": 1, "foreign_keys": 1}.items():
            assert cursor.execute(f"PRAGMA {pragma}").fetchone()[0] == expected


@pytest.mark.postgres
def test_every_worker_has_a_redis_of_its_own() -> None:
    assert settings.CACHES["default"]["LOCATION"] == settings.CELERY_BROKER_URL == os.environ["REDIS_URL"]
    assert celery_app.conf.broker_url == os.environ["REDIS_URL"]
    assert cache.get("mine") is None
    cache.set("mine", os.environ.get("PYTEST_XDIST_WORKER", "gw0"))
    assert cache.get("mine") == os.environ.get("PYTEST_XDIST_WORKER", "gw0")


def test_site_answers_on_localhost(site: Site) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(site.url + "/no-such-page")
    assert site.url == settings.SITE_URL


def test_sandbox_is_what_the_gateway_talks_to(site: Site, sandbox: StripeSandbox) -> None:
    assert settings.STRIPE_API_BASE == sandbox.url == site.env["STRIPE_API_BASE"]
    assert sandbox.do("deliver")["empty"]
    assert gateway.balance_cents("usd") == 0


def test_sandbox_and_site_share_one_clock(sandbox: StripeSandbox) -> None:
    sandbox.do("time", advance=86400)
    assert clock.offset() == timedelta(days=1)


def test_another_machine_is_out_of_reach() -> None:
    from tests.conftest import network

    with pytest.raises(NetworkRefusedError), socket.socket() as probe:
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkRefusedError):
        socket.getaddrinfo("example.com", 443)
    assert network.attempts == ["192.0.2.1", "example.com"]
    network.attempts.clear()


def test_a_stray_process_is_found_and_ended() -> None:
    stray = subprocess.Popen(["sleep", "600"])
    assert stray.pid in processes.descendants(os.getpid())
    stray.kill()
    stray.wait()


@pytest.mark.browser
def test_browser_sees_the_site(site: Site, browser_page: Page) -> None:
    answer = browser_page.goto(site.url + "/no-such-page")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.browser
def test_browser_runs_scripts(browser_page: Page) -> None:
    browser_page.goto("data:text/html,<p>off</p><script>document.querySelector('p').textContent = 'on'</script>")
    assert browser_page.text_content("p") == "on"


@pytest.mark.browser
def test_browser_without_scripts(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("data:text/html,<p>off</p><script>document.querySelector('p').textContent = 'on'</script>")
    assert page.text_content("p") == "off"
