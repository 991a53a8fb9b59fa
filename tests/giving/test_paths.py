"""A gift from the form to the page, by every way Stripe's news can take."""

from urllib.error import HTTPError

import pytest
from django.core import mail as sent_mail
from django.test import Client
from pytest_django import Settings

from donations.giving import services
from donations.giving.models import Donation
from donations.ledger.models import Entry, Ledger
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from outreach.services import send_waiting
from teams.models import Team
from tests.factories import a_page
from tests.giving.donors import CARD, DAY, come_back, hear, pay, press, start
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money
DECLINED = "4000000000000002"
CHALLENGED = "4000002760003184"


@pytest.fixture
def page(site: Site, sandbox: StripeSandbox) -> Fundraiser:
    """A runner's page on the live site, wired to Stripe's stand-in."""
    page = a_page(email="amina@example.org")
    # The mail that comes with a page is not what these tests count.
    OutboxMail.objects.all().delete()
    return page


def give_url(page: Fundraiser) -> str:
    return f"/r/{page.slug}/give"


def totals(page: Fundraiser) -> list[tuple[int, int]]:
    """Cents and gifts of the page, its team and the event."""
    assert page.team_id
    page.refresh_from_db()
    team, event = Team.objects.get(pk=page.team_id), Event.objects.get(pk=page.event_id)
    return [
        (page.raised_cents, page.gift_count),
        (team.raised_cents, team.gift_count),
        (event.raised_cents, event.gift_count),
    ]


def counts_once(page: Fundraiser, cents: int = 5000) -> None:
    assert totals(page) == [(cents, 1)] * 3
    assert Entry.objects.filter(kind="gift").count() == 1
    keys = sorted(OutboxMail.objects.values_list("key", flat=True))
    item = Donation.objects.get(received_at__isnull=False)
    assert keys == [f"gift:{item.pk}", f"milestone:{page.pk}:0", f"receipt:{item.pk}"]


def counts_nothing(page: Fundraiser) -> None:
    assert totals(page) == [(0, 0)] * 3
    assert not Entry.objects.exists()
    assert not OutboxMail.objects.exists()


def test_the_form_shows_the_page_and_nothing_is_ticked(page: Fundraiser) -> None:
    answer = Client().get(give_url(page))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Give to Amina" in text
    assert text.count(" checked") <= 1, "only the way the name is shown is chosen beforehand"
    assert 'name="cover"' in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_gift_counts_on_page_team_event_and_leaderboard(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page), message="Go!")
    counts_nothing(page)
    assert pay(sandbox, payment)["payment_status"] == "paid"
    hear(sandbox)
    counts_once(page)
    board = Client().get("/leaderboard").content.decode()
    assert "Amina Warsame" in board
    assert "$50" in board
    assert "Thank you" in come_back(payment)
    assert "Go!" in Client().get(page.get_absolute_url()).content.decode()
    payment.refresh_from_db()
    assert payment.status == Payment.Status.PAID


def test_receipt_and_news_go_out_once(page: Fundraiser, sandbox: StripeSandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    payment = start(give_url(page))
    pay(sandbox, payment)
    hear(sandbox)
    come_back(payment)
    assert [send_waiting(), send_waiting()] == [3, 0], "receipt, news, and the first gift as a milestone"
    assert sorted({mail.to[0] for mail in sent_mail.outbox}) == ["amina@example.org", "rosa@example.org"]
    receipt = next(str(mail.body) for mail in sent_mail.outbox if mail.to == ["rosa@example.org"])
    assert "$50.00" in receipt
    assert str(payment.link) in receipt


def test_a_declined_card_takes_nothing_and_another_one_pays(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page))
    with pytest.raises(HTTPError) as refused:
        pay(sandbox, payment, card=DECLINED)
    refused.value.close()
    hear(sandbox)
    counts_nothing(page)
    assert "Thank you" not in come_back(payment)
    pay(sandbox, payment)
    hear(sandbox)
    counts_once(page)


def test_three_d_secure_counts_when_passed_and_not_before(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page))
    with pytest.raises(HTTPError) as refused:
        pay(sandbox, payment, card=CHALLENGED, authenticate=False)
    refused.value.close()
    hear(sandbox)
    counts_nothing(page)
    pay(sandbox, payment, card=CHALLENGED, authenticate=True)
    hear(sandbox)
    counts_once(page)


def test_a_bank_debit_counts_when_it_clears(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page))
    pay(sandbox, payment, account="000123456789")
    hear(sandbox)
    counts_nothing(page)
    assert "On its way" in come_back(payment)
    sandbox.do("time", advance=2 * DAY)
    hear(sandbox)
    counts_nothing(page)
    sandbox.do("time", advance=DAY + 60)
    hear(sandbox)
    counts_once(page)
    assert "Thank you" in come_back(payment)


def test_a_bank_debit_that_fails_never_counts(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page))
    pay(sandbox, payment, account="000222222227")
    hear(sandbox)
    sandbox.do("time", advance=4 * DAY)
    hear(sandbox)
    counts_nothing(page)
    assert "did not go through" in come_back(payment)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.FAILED


def test_without_webhooks_the_return_page_settles(page: Fundraiser, sandbox: StripeSandbox) -> None:
    sandbox.do("pause")
    payment = start(give_url(page))
    pay(sandbox, payment)
    assert "Thank you" in come_back(payment)
    counts_once(page)
    sandbox.do("resume")
    hear(sandbox)
    counts_once(page)


def test_without_the_return_the_webhook_settles(page: Fundraiser, sandbox: StripeSandbox) -> None:
    pay(sandbox, start(give_url(page)))
    hear(sandbox)
    counts_once(page)


def test_with_both_lost_the_sweep_settles(page: Fundraiser, sandbox: StripeSandbox) -> None:
    sandbox.do("pause")
    pay(sandbox, start(give_url(page)))
    ledger = Ledger.objects.get()
    assert services.sweep(ledger) == 0, "a payment that has just begun is left alone"
    sandbox.do("time", advance=180)
    assert services.sweep(ledger) >= 1
    counts_once(page)
    services.sweep(ledger)
    counts_once(page)


@pytest.mark.parametrize("way", ["webhook", "sweep", "return"])
def test_a_session_that_expires_takes_nothing(page: Fundraiser, sandbox: StripeSandbox, way: str) -> None:
    payment = start(give_url(page))
    if way != "webhook":
        sandbox.do("pause")
    sandbox.do("time", advance=3 * 3600)
    if way == "webhook":
        hear(sandbox)
    elif way == "sweep":
        services.sweep(Ledger.objects.get())
    assert "Nothing was taken" in come_back(payment)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.EXPIRED
    counts_nothing(page)


def test_the_way_back_says_that_nothing_was_taken(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page))
    text = come_back(payment, "?back=1")
    assert "Nothing was taken" in text
    assert payment.session_url in text
    counts_nothing(page)
    pay(sandbox, payment)
    sandbox.do("time", advance=5)
    assert "Thank you" in come_back(payment, "?back=1"), "who paid after all is thanked"


def test_the_page_and_the_webhook_together_count_once(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start(give_url(page), card=CARD)
    pay(sandbox, payment)
    come_back(payment)
    hear(sandbox)
    come_back(payment)
    counts_once(page)


def test_a_hidden_page_takes_no_gift(page: Fundraiser) -> None:
    Fundraiser.objects.filter(pk=page.pk).update(is_hidden=True)
    assert Client().get(give_url(page)).status_code == 404
    assert press(give_url(page)).status_code == 404
    assert not Payment.objects.exists()


def test_a_stranger_finds_no_thanks_page(page: Fundraiser) -> None:
    assert Client().get("/thanks/00000000-0000-4000-8000-000000000000").status_code == 404
    assert Client().get("/thanks/1").status_code == 404


def test_money_for_the_fees_counts_on_no_page(page: Fundraiser, sandbox: StripeSandbox) -> None:
    payment = start("/give/fees", amount="200")
    pay(sandbox, payment)
    hear(sandbox)
    assert totals(page) == [(0, 0)] * 3
    assert list(Entry.objects.values_list("kind", flat=True)) == ["funding"]
    assert "pays card fees" in come_back(payment)
