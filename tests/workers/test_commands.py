"""The commands that an operator or a timer runs: what they print, how they exit, and what they say without Stripe."""

import json

import pytest

from donations.ledger.models import Entry, Kind
from donations.payments.models import StripeEvent
from tests.factories import a_page
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox
from tests.workers.donors import assert_once, give
from tests.workers.processes import manage

pytestmark = pytest.mark.money
# Nobody listens there, so Stripe is away at once.
AWAY = {"STRIPE_API_BASE": "http://127.0.0.1:9"}


def test_a_gift_without_any_webhook_is_found_by_sweep_and_feed_and_the_books_hold(
    site: Site, sandbox: StripeSandbox
) -> None:
    a_page()
    sandbox.do("pause")
    give(sandbox, site.url)
    young = manage(site.env, "sweep")
    assert (young.returncode, young.stdout) == (0, "0 open objects asked for.\n")
    swept = manage(site.env, "sweep", "--all")
    assert (swept.returncode, swept.stdout) == (0, "3 open objects asked for.\n"), (
        "the payment, its charge in clearing, and the disputes of late"
    )
    assert_once(gifts=1)
    synced = manage(site.env, "sync_stripe")
    assert (synced.returncode, synced.stdout) == (0, "1 new balance transactions.\n")
    again = manage(site.env, "sync_stripe")
    assert (again.returncode, again.stdout) == (0, "0 new balance transactions.\n")
    assert Entry.objects.filter(kind=Kind.SETTLED).count() == 1
    assert not StripeEvent.objects.exists()

    checked = manage(site.env, "check_books", "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    report = json.loads(checked.stdout)
    assert report["findings"] == []
    assert report["compared_with_stripe"] is True
    assert report["unexplained_cents"] == 0
    assert report["entries"] == Entry.objects.count()
    assert manage(site.env, "check_books").stdout.endswith("$0.00 unexplained. Stripe's balance agrees.\n")


def test_without_stripe_each_command_says_so_in_one_sentence(site: Site, sandbox: StripeSandbox) -> None:
    a_page()
    sandbox.do("pause")
    give(sandbox, site.url)
    env = {**site.env, **AWAY}
    for words in (("sync_stripe",), ("sweep", "--all")):
        asked = manage(env, *words)
        assert asked.returncode == 1
        last = asked.stderr.strip().splitlines()[-1]
        assert last.startswith("CommandError: Stripe could not be asked"), asked.stderr
        assert last.endswith("run it again.")
        assert "Traceback" not in asked.stderr
    checked = manage(env, "check_books")
    assert checked.returncode == 0
    assert checked.stdout.endswith("Stripe was not asked.\n")
    report = json.loads(manage(env, "check_books", "--json").stdout)
    assert (report["compared_with_stripe"], report["findings"]) == (False, [])


def test_check_books_names_what_is_wrong_and_exits_with_one(site: Site, sandbox: StripeSandbox) -> None:
    page = a_page()
    give(sandbox, site.url, f"/r/{page.slug}/give")
    assert manage(site.env, "sweep", "--all").returncode == 0
    page.raised_cents = 4999
    page.save(update_fields=["raised_cents"])
    checked = manage(site.env, "check_books", "--offline", "--json")
    assert checked.returncode == 1
    assert checked.stderr.strip().endswith("CommandError: 1 findings")
    (finding,) = json.loads(checked.stdout)["findings"]
    assert "49.99" in str(finding) or "4999" in str(finding), finding
    page.raised_cents = 5000
    page.save(update_fields=["raised_cents"])
    assert manage(site.env, "check_books", "--offline").returncode == 0
