"""`manage.py work`: all background work in one process, until it is asked to stop."""

import signal
import time
from pathlib import Path

import pytest

from donations.ledger.models import Entry, Kind
from fundraisers.models import Fundraiser
from tests.factories import a_page
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox
from tests.workers.donors import (
    a_quiet_page,
    assert_no_mail_twice,
    assert_once,
    give,
    inbox_is_empty,
    mails_sent,
    received,
)
from tests.workers.processes import wait_for, working

pytestmark = pytest.mark.money


def test_work_takes_a_gift_from_the_webhook_to_both_mails_and_ends_when_asked(
    site: Site, sandbox: StripeSandbox, tmp_path: Path
) -> None:
    page = a_quiet_page()
    with working(site.env, tmp_path / "work.log") as worker:
        give(sandbox, site.url, f"/r/{page.slug}/give")
        wait_for(lambda: mails_sent() == 2, "receipt and news are sent", worker)
        wait_for(lambda: Entry.objects.filter(kind=Kind.SETTLED).exists(), "the feed is posted", worker)
        worker.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        assert worker.process.wait(10) == 0
        assert time.monotonic() - begun < 2, "it took too long to stop"
        assert_no_mail_twice(worker.mails())
        assert [mail.split()[2].rstrip(":") for mail in worker.mails()] == ["rosa0@example.org", "amina@example.org"]
        assert "Traceback" not in worker.said
    assert_once(gifts=1)
    assert Fundraiser.objects.get().raised_cents == 5000


def test_work_goes_on_while_stripe_is_away_and_catches_up_without_webhooks(
    site: Site, sandbox: StripeSandbox, tmp_path: Path
) -> None:
    a_page()
    sandbox.do("pause")
    give(sandbox, site.url)
    sandbox.do("faults", **{"500": 1.0, "path": "/v1/"})
    # The gift is old enough to be asked for, and the webhook never comes.
    sandbox.do("time", advance=300)
    with working(site.env, tmp_path / "work.log") as worker:
        wait_for(lambda: "background work failed" in worker.said, "it says that Stripe is away", worker)
        assert received() == 0
        sandbox.do("faults")
        sandbox.do("resume")
        wait_for(lambda: mails_sent() == 1 and inbox_is_empty(), "it has caught up", worker)
    assert_once(gifts=1)


def test_two_at_once_do_everything_once(site: Site, sandbox: StripeSandbox, tmp_path: Path) -> None:
    page = a_quiet_page()
    with working(site.env, tmp_path / "one.log") as one, working(site.env, tmp_path / "two.log") as two:
        for number in range(5):
            give(sandbox, site.url, f"/r/{page.slug}/give", number)
        wait_for(lambda: mails_sent() == 10, "all mails are sent", one)
        wait_for(inbox_is_empty, "the inbox is empty", two)
        assert_no_mail_twice([mail for mail in one.mails() + two.mails() if "rosa" in mail])
        assert len(one.mails() + two.mails()) == 10
    assert_once(gifts=5)
