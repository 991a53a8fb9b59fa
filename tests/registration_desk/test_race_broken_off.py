"""A race is cancelled and something breaks in between: killed anywhere, refused, silent, it still happens once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from donations.giving import decisions, refunds, services
from donations.giving.models import Donation, EventDecision
from donations.giving.queries import money_of
from donations.giving.settle import settle
from donations.ledger.models import Alarm, Ledger
from donations.payments import gateway
from events.models import Event
from registration import changes
from registration.models import Participant
from tests.factories import a_race
from tests.registration_desk.households import FEE, a_race_at, statuses
from tests.registration_desk.race import ADDRESS, cancelling, carry_through, decide, mails, refunded
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.money, pytest.mark.django_db]


@pytest.fixture
def event() -> Event:
    return a_race_at(a_race())


class Killed(BaseException):
    """Not an Exception: nothing on the way tidies up."""


def killing(call: Callable[..., Any], after: int, *, before_it: bool) -> Callable[..., Any]:
    """`call`, whose process dies at its nth time, before or after it has done its work."""
    left = [after]

    def dying(*args: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and before_it:
            raise Killed
        done = call(*args, **more)
        if left[0] == 0:
            raise Killed
        return done

    return dying


@pytest.mark.parametrize("before_it", [True, False])
@pytest.mark.parametrize("after", [1, 2])
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (changes, "cancel"),
        (refunds, "ask"),
        (decisions, "mail_to"),
        (refunds, "send"),
        (gateway, "create_refund"),
        (refunds, "settle"),
    ],
)
def test_killed_anywhere_and_run_again_nothing_is_lost_or_doubled(
    field: Event, desk: Client, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, after: int, before_it: bool
) -> None:
    decide(desk, cancelling())
    with monkeypatch.context() as faulty:
        faulty.setattr(module, name, killing(getattr(module, name), after, before_it=before_it))
        with pytest.raises(Killed):
            carry_through()
    carry_through()
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert statuses(field) == ["cancelled"] * 4
    assert refunded() == [FEE, 2 * FEE]
    assert len(mails()) == len(set(mails())) == 4
    assert money_of(field).need_cents == 5000


def test_one_household_that_fails_does_not_hold_up_the_others(
    field: Event, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = changes.cancel

    def fails_for_ole(*, participant: Participant, **more: Any) -> Participant:
        if participant.name == "Ole Olson":
            raise RuntimeError("a fault")
        return cancel(participant=participant, **more)

    decision = decide(desk, cancelling())
    with monkeypatch.context() as faulty:
        faulty.setattr(changes, "cancel", fails_for_ole)
        carry_through()
    assert statuses(field) == ["cancelled", "cancelled", "active", "cancelled"]
    decision.refresh_from_db()
    assert decision.state == EventDecision.State.RUNNING
    assert "Registrations still to be done" in desk.get(ADDRESS).content.decode()
    carry_through()
    assert statuses(field) == ["cancelled"] * 4
    assert refunded() == [FEE, 2 * FEE]


def test_with_stripe_silent_places_and_mails_go_on_and_the_refunds_follow(
    field: Event, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def silent(*_args: object, **_more: object) -> None:
        asked.append(1)
        raise gateway.Unavailable("no answer")

    decide(desk, cancelling())
    with monkeypatch.context() as away:
        away.setattr(gateway, "create_refund", silent)
        carry_through()
    assert len(asked) == 2, "it is not asked again and again"
    assert (statuses(field), len(mails())) == (["cancelled"] * 4, 4)
    assert "Waiting for Stripe" in desk.get(ADDRESS).content.decode()
    services.sweep(Ledger.objects.get(), timedelta(0))
    assert refunded() == [FEE, 2 * FEE]


def test_what_stripe_refuses_is_named_at_the_desk(field: Event, desk: Client, sandbox: StripeSandbox) -> None:
    decide(desk, cancelling())
    payment = Donation.objects.filter(participant__name="Ole Olson").get().payment
    charge = payment.charges.get()
    # Somebody was faster in Stripe's dashboard, and its webhook is still on its way.
    gateway.create_refund(charge.pk, FEE, request=payment.token, parts={}, idempotency_key="dashboard")
    carry_through()
    page = desk.get(ADDRESS).content.decode()
    assert "Refused by Stripe: look at each of them" in page
    assert payment.email in page
    services.sweep(Ledger.objects.get(), timedelta(0))
    settle(payment.ledger_id, gateway.look_up_charge(charge.pk))


def test_what_cannot_be_asked_for_is_an_alarm_and_the_others_go_on(
    field: Event, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_args: object, **_more: object) -> None:
        raise refunds.TooMuch("There are $0.00 left to refund of this payment.")

    decide(desk, cancelling())
    with monkeypatch.context() as faulty:
        faulty.setattr(refunds, "ask", too_much)
        carry_through()
    assert statuses(field) == ["cancelled"] * 4
    assert Alarm.objects.filter(sentence__contains="could not be asked back").count() == 2
