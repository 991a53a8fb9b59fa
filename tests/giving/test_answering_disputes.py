"""Disputes at the desk, with Stripe's stand-in: seen with their deadline, answered, given up, and never lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, StaffAct
from common import clock
from donations.giving import services
from donations.giving.models import DisputeAnswer, Donation
from donations.ledger.models import Entry, Ledger
from donations.payments import feed, gateway
from donations.payments.facts import Facts
from donations.payments.models import Dispute
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page
from tests.giving.donors import DAY, client_of, drain, hear, pay, start
from tests.giving.legs import balances, open_keys
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money
FRAUD, INQUIRY = "4000000000000259", "4000000000001976"
State = DisputeAnswer.State


@pytest.fixture(autouse=True)
def _no_bypass_code(settings: Settings) -> None:
    """allauth refuses the demo's bypass code without DEBUG, and tests run without."""
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture
def desk(site: Site) -> Client:
    return at_desk(Role.TREASURER)


def disputed(sandbox: StripeSandbox, card: str = FRAUD) -> Dispute:
    """A gift of $50.00 to Amina that its cardholder disputes."""
    pay(sandbox, start(f"/r/{a_page().slug}/give"), card=card)
    sandbox.do("time", advance=60)
    hear(sandbox)
    return Dispute.objects.get()


def now(dispute: Dispute) -> str:
    dispute.refresh_from_db()
    return dispute.status


def raised() -> int:
    item = Donation.objects.select_related("fundraiser").get()
    assert item.fundraiser
    return item.fundraiser.raised_cents


def answer(desk: Client, dispute: Dispute, **words: str) -> str:
    text = {"uncategorized_text": "winning_evidence", "send": "1"} | words
    return desk.post(f"/desk/disputes/{dispute.pk}/answer", text, follow=True).content.decode()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Stripe does not answer to answers."""

    def away(*_args: object, **_more: object) -> Facts:
        raise gateway.Unavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "answer_dispute", away)
        patch.setattr(gateway, "accept_dispute", away)
        yield patch


def test_the_front_the_list_and_the_page_say_why_and_until_when(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    assert dispute.due_at
    until = dispute.due_at.astimezone(Donation.objects.get().event.zone).strftime("%b %-d, %Y")
    front = text_of(desk, "/desk")
    assert "1 dispute waits for an answer" in front
    assert until in front
    assert "left" in text_of(desk, "/desk/disputes")
    text = text_of(desk, f"/desk/disputes/{dispute.pk}")
    assert "they did not make this payment" in text
    assert until in text
    assert "Rosa Delgado" in text
    assert "$50.00" in text


def test_evidence_goes_out_with_what_our_rows_know_and_wins(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    assert raised() == 0
    assert "A gift of $50.00" in text_of(desk, f"/desk/disputes/{dispute.pk}")
    assert "evidence is sent" in answer(desk, dispute, customer_name="Rosa Delgado")
    assert now(dispute) == "under_review", "without waiting for a webhook"
    sent = client_of(sandbox).v1.disputes.retrieve(dispute.pk)
    assert (sent.evidence.customer_name, sent.evidence_details.submission_count) == ("Rosa Delgado", 1)
    sandbox.do("time", advance=60)
    hear(sandbox)
    assert (now(dispute), raised()) == ("won", 5000)
    feed.sync(Ledger.objects.get())
    assert open_keys() == {}


def test_a_draft_is_kept_and_sent_nowhere(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    desk.post(f"/desk/disputes/{dispute.pk}/answer", {"uncategorized_text": "She wrote to us.", "keep": "1"})
    assert "She wrote to us." in text_of(desk, f"/desk/disputes/{dispute.pk}")
    assert now(dispute) == "needs_response"
    assert not client_of(sandbox).v1.disputes.retrieve(dispute.pk).evidence.uncategorized_text
    answer(desk, dispute)
    assert [(row.state, row.kind) for row in DisputeAnswer.objects.all()] == [("made", "evidence")]


def test_pressed_twice_it_is_sent_once(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    answer(desk, dispute)
    assert "takes no answer" in answer(desk, dispute)
    assert client_of(sandbox).v1.disputes.retrieve(dispute.pk).evidence_details.submission_count == 1
    assert StaffAct.objects.get().verb == "answered a dispute"


def test_nothing_at_all_is_no_evidence(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    reply = desk.post(f"/desk/disputes/{dispute.pk}/answer", {"send": "1"})
    assert reply.status_code == 422
    assert "at least one thing" in reply.content.decode()
    assert not DisputeAnswer.objects.exists()


def test_given_up_it_is_lost_at_once(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    assert "for good" in text_of(desk, f"/desk/disputes/{dispute.pk}/accept")
    for _twice in range(2):
        desk.post(f"/desk/disputes/{dispute.pk}/accept", {"sure": "True"})
    assert (now(dispute), raised(), StaffAct.objects.get().verb) == ("lost", 0, "accepted a dispute")


def test_an_inquiry_cannot_be_given_up_but_its_gift_refunded(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox, INQUIRY)
    assert raised() == 5000
    reply = desk.post(f"/desk/disputes/{dispute.pk}/accept", {"sure": "True"}, follow=True)
    assert "Refund the gift instead" in reply.content.decode()
    assert "Refund the whole gift" in text_of(desk, f"/desk/disputes/{dispute.pk}")


def test_with_stripe_silent_the_answer_waits_and_the_sweep_sends_it(
    desk: Client, sandbox: StripeSandbox, silent: pytest.MonkeyPatch
) -> None:
    dispute = disputed(sandbox)
    for _twice in range(2):
        assert "goes out by itself" in answer(desk, dispute)
    assert (DisputeAnswer.objects.get().state, StaffAct.objects.count()) == (State.WAITING, 1)
    silent.undo()
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert (DisputeAnswer.objects.get().state, now(dispute)) == (State.MADE, "under_review")


def test_an_answer_that_was_taken_while_the_word_of_it_was_lost_is_not_sent_again(
    desk: Client, sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute, send = disputed(sandbox), gateway.answer_dispute

    def lost(*args: object, **more: object) -> Facts:
        send(*args, **more)  # type: ignore[arg-type]
        raise gateway.Unavailable("the answer was lost")

    with monkeypatch.context() as away:
        away.setattr(gateway, "answer_dispute", lost)
        answer(desk, dispute)
    sandbox.do("time", advance=DAY + 60)
    services.sweep(Ledger.objects.get(), timedelta(0))
    hear(sandbox)
    assert DisputeAnswer.objects.get().state == State.MADE
    assert client_of(sandbox).v1.disputes.retrieve(dispute.pk).evidence_details.submission_count == 1


def test_what_stripe_refuses_is_said_and_can_be_written_anew(
    desk: Client, sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute = disputed(sandbox)

    def refuse(*_args: object, **_more: object) -> Facts:
        raise gateway.Refused("The evidence is too long.")

    with monkeypatch.context() as no:
        no.setattr(gateway, "answer_dispute", refuse)
        assert "The evidence is too long." in answer(desk, dispute, product_description="A gift")
    assert "A gift" in text_of(desk, f"/desk/disputes/{dispute.pk}")
    answer(desk, dispute)
    assert sorted(DisputeAnswer.objects.values_list("state", flat=True)) == ["made", "refused"]


def test_answered_in_stripes_dashboard_the_desk_says_so(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    client_of(sandbox).v1.disputes.update(dispute.pk, {"evidence": {"customer_name": "Rosa"}})
    hear(sandbox)
    assert "Evidence was sent in Stripe's dashboard" in text_of(desk, f"/desk/disputes/{dispute.pk}")


def test_a_missed_deadline_is_lost(desk: Client, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    sandbox.do("time", advance=10 * DAY)
    hear(sandbox)
    assert now(dispute) == "lost"
    assert "takes no answer" in answer(desk, dispute)


def test_it_takes_a_fresh_second_factor(sandbox: StripeSandbox, desk: Client) -> None:
    dispute = disputed(sandbox)
    stale = at_desk(Role.TREASURER, email="stale@example.org", mfa_seconds_ago=3600)
    stale.post(f"/desk/disputes/{dispute.pk}/accept", {"sure": "True"})
    answer(stale, dispute)
    assert now(dispute) == "needs_response"
    assert not DisputeAnswer.objects.exists()


def test_without_any_the_list_says_so(desk: Client) -> None:
    a_page()
    assert "No gift was ever disputed" in text_of(desk, "/desk/disputes")


def test_with_every_webhook_lost_the_sweep_finds_disputes_and_inquiries(site: Site, sandbox: StripeSandbox) -> None:
    page = a_page()
    sandbox.do("faults", drop=1)
    for number, card in enumerate((FRAUD, INQUIRY, FRAUD, INQUIRY)):
        pay(sandbox, start(f"/r/{page.slug}/give", email=f"donor{number}@example.org"), card=card)
    sandbox.do("time", advance=60)
    told = client_of(sandbox).v1.disputes.list({"limit": 100}).data
    taken = [dispute.id for dispute in told if dispute.status == "needs_response"]
    client_of(sandbox).v1.disputes.update(taken[0], {"evidence": {"uncategorized_text": "winning_evidence"}})
    sandbox.do("time", advance=60)
    sandbox.do("deliver", now=True)
    drain()
    assert not Dispute.objects.exists(), "nothing was told"
    ledger = Ledger.objects.get()
    feed.sync(ledger)
    services.sweep(ledger, timedelta(0))
    page.refresh_from_db()
    assert page.raised_cents == 15000
    assert {row.pk: row.status for row in Dispute.objects.all()} == {
        dispute.id: dispute.status for dispute in client_of(sandbox).v1.disputes.list({"limit": 100}).data
    }
    assert open_keys() == {}
    assert balances()["stripe"] == gateway.balance_cents("usd")


def test_an_old_inquiry_is_asked_for_until_its_end(site: Site, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox, INQUIRY)
    sandbox.do("faults", drop=1)
    sandbox.do("time", advance=121 * DAY)
    feed.sync(Ledger.objects.get())
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert now(dispute) == "warning_closed"


def test_older_news_of_the_same_second_does_not_hide_a_newer_event(site: Site, sandbox: StripeSandbox) -> None:
    dispute = disputed(sandbox)
    facts = gateway.look_up_dispute(dispute.pk)
    assert facts.disputes[0].told_at.microsecond == 0
    assert facts.disputes[0].told_at <= clock.now()
    assert Entry.objects.filter(kind="refund").count() == 1
