"""Refunds that we ask for: what was named goes back, never more than there is, and Stripe's silence loses nothing."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import Role, StaffAct
from donations.giving import refunds, services
from donations.giving.models import Donation, RefundRequest
from donations.giving.settle import settle
from donations.ledger.models import Alarm, Entry, Ledger
from donations.payments import gateway
from donations.payments.facts import Facts, RefundFact
from donations.payments.models import Refund
from tests.accounts.people import make_staff, sign_in
from tests.factories import a_page, a_payment, paid
from tests.giving.donors import hear, pay, start
from tests.tools.fixtures.databases import CommittedDatabase
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money


@pytest.fixture
def item(site: Site, sandbox: StripeSandbox) -> Donation:
    """A gift of $50.00 with $1.81 for the card fee, paid at Stripe's stand-in."""
    payment = start(f"/r/{a_page().slug}/give", cover="on")
    pay(sandbox, payment)
    hear(sandbox)
    return payment.donations.get()


def ask(item: Donation, **parts: int) -> RefundRequest:
    named = {item.reference: parts.get("gift", 0), item.cover_reference: parts.get("cover", 0)}
    return refunds.ask(payment=item.payment, parts=named, reason="asked for", by=None, token=uuid4())


def raised(item: Donation) -> int:
    assert item.fundraiser
    item.fundraiser.refresh_from_db()
    return item.fundraiser.raised_cents


def test_a_part_goes_back_and_the_page_shows_it_at_once(item: Donation, sandbox: StripeSandbox) -> None:
    request = ask(item, gift=2000)
    refunds.send(request)
    assert (request.state, raised(item)) == (RefundRequest.State.MADE, 3000)
    hear(sandbox)
    assert raised(item) == 3000
    assert [left.amount_cents for left in refunds.left_of(item.payment)] == [3000]


def test_a_gift_and_its_cover_go_back_whole_from_where_they_went(item: Donation) -> None:
    refunds.send(ask(item, gift=5000, cover=item.cover_cents))
    entry = Entry.objects.get(kind="refund")
    pool = entry.legs.get(account__role="fee_pool")
    assert (raised(item), pool.cents) == (0, item.cover_cents)


def test_only_the_cover_goes_back_when_only_it_is_named(item: Donation) -> None:
    refunds.send(ask(item, cover=100))
    assert raised(item) == 5000
    assert Entry.objects.get(kind="refund").legs.get(account__role="fee_pool").cents == 100


@pytest.mark.parametrize("cents", [5001, 10_000_000])
def test_more_than_the_gift_is_refused_in_a_sentence(item: Donation, cents: int) -> None:
    with pytest.raises(refunds.TooMuch, match=r"\$50.00 left"):
        ask(item, gift=cents)
    assert not RefundRequest.objects.exists()


def test_what_is_on_its_way_is_not_asked_for_twice(item: Donation) -> None:
    ask(item, gift=3000)
    with pytest.raises(refunds.TooMuch, match=r"\$20.00 left"):
        ask(item, gift=3000)


def test_the_same_token_is_the_same_request(item: Donation) -> None:
    token = uuid4()
    same = [
        refunds.ask(payment=item.payment, parts={item.reference: 1000}, reason="x", by=None, token=token)
        for _ in range(2)
    ]
    for request in same:
        refunds.send(request)
    assert same[0] == same[1]
    assert Refund.objects.count() == 1


def test_a_silent_stripe_loses_nothing_and_the_sweep_asks_again(
    item: Donation, sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object, **_more: object) -> Facts:
        raise gateway.Unavailable("no answer")

    request = ask(item, gift=5000)
    with monkeypatch.context() as away:
        away.setattr(gateway, "create_refund", silent)
        refunds.send(request)
    assert (request.state, raised(item)) == (RefundRequest.State.WAITING, 5000)
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert raised(item) == 0


def test_a_refund_that_was_made_while_the_answer_was_lost_is_made_once(
    item: Donation, sandbox: StripeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = gateway.create_refund

    def lost(*args: object, **more: object) -> Facts:
        made(*args, **more)  # type: ignore[arg-type]
        raise gateway.Unavailable("the answer was lost")

    request = ask(item, gift=2000)
    with monkeypatch.context() as away:
        away.setattr(gateway, "create_refund", lost)
        refunds.send(request)
    hear(sandbox)
    request.refresh_from_db()
    assert (request.state, raised(item), Refund.objects.count()) == (RefundRequest.State.MADE, 3000, 1)
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert Refund.objects.count() == 1


def test_what_stripe_refuses_is_over_and_says_why(item: Donation, sandbox: StripeSandbox) -> None:
    request = ask(item, gift=5000)
    # Somebody gives it back in Stripe's dashboard meanwhile.
    charge = item.payment.charges.get()
    gateway.create_refund(charge.pk, charge.amount_cents, request=uuid4(), parts={}, idempotency_key="dashboard")
    refunds.send(request)
    assert request.state == RefundRequest.State.REFUSED
    assert "already been refunded" in request.error
    hear(sandbox)
    assert raised(item) == 0


def test_the_desk_refunds_with_a_reason_and_a_fresh_second_factor(item: Donation) -> None:
    treasurer = Client()
    sign_in(treasurer, make_staff(Role.TREASURER))
    address = f"/desk/gifts/{item.pk}/refund"
    form = {item.reference: "20", "reason": "Given twice by mistake", "form_token": str(uuid4())}
    assert "Up to $50.00." in treasurer.get(address).content.decode()
    answer = treasurer.post(address, form, follow=True)
    assert "$20.00 goes back." in answer.content.decode()
    act = StaffAct.objects.get(verb="refunded")
    assert (raised(item), act.reason) == (3000, "Given twice by mistake")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "at least one item"), ("0", "at least one item"), ("50.01", "left to refund"), ("x", "amount")],
)
def test_the_desk_says_what_is_wrong_and_nothing_moves(item: Donation, typed: str, said: str) -> None:
    treasurer = Client()
    sign_in(treasurer, make_staff(Role.TREASURER))
    form = {item.reference: typed, "reason": "r", "form_token": str(uuid4())}
    answer = treasurer.post(f"/desk/gifts/{item.pk}/refund", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not RefundRequest.objects.exists()


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's")
def test_fifty_at_once_never_ask_for_more_than_the_charge(committed_db: CommittedDatabase) -> None:
    payment = a_payment(a_page(), cents=5000)
    paid(payment)
    item = payment.donations.get()
    errors: list[Exception] = []

    def press() -> None:
        try:
            ask(Donation.objects.get(pk=item.pk), gift=700)
        except refunds.TooMuch:
            pass
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert RefundRequest.objects.count() == 7


def test_a_refund_that_fails_later_is_told_to_a_person(item: Donation) -> None:
    request = ask(item, gift=2000)
    refunds.send(request)
    made = Refund.objects.get()
    failed = RefundFact(
        made.pk, made.charge_id, made.amount_cents, "usd", "failed", made.parts, made.created_at, request=request.token
    )
    settle(item.payment.ledger_id, Facts(refunds=[failed]))
    request.refresh_from_db()
    assert request.state == RefundRequest.State.REFUSED
    assert "A refund failed" in Alarm.objects.get().sentence
    assert raised(item) == 5000


def test_a_refund_that_stripe_refuses_is_told_to_a_person(item: Donation, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_args: object, **_more: object) -> Facts:
        raise gateway.Refused("Charge has been disputed")

    monkeypatch.setattr(gateway, "create_refund", no)
    refunds.send(ask(item, gift=2000))
    assert "Stripe refused to give $20.00 back: Charge has been disputed" in Alarm.objects.get().sentence


def test_a_form_sent_again_with_other_words_is_refused(item: Donation) -> None:
    token = uuid4()

    def press(cents: int) -> RefundRequest:
        parts = {item.reference: cents}
        return refunds.ask(payment=item.payment, parts=parts, reason="asked for", by=None, token=token)

    assert press(1000) == press(1000)
    with pytest.raises(refunds.TooMuch, match="sent before"):
        press(1500)
