"""Milestones: shown on the page, told once, and not when money only came back and forth."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from donations.giving import entries
from donations.giving.settle import settle
from donations.payments.facts import Facts
from fundraisers.emails import milestone_mails
from fundraisers.milestones import newly_reached, reached
from fundraisers.models import Fundraiser
from outreach.emails import text_of
from outreach.models import OutboxMail
from outreach.services import queue
from registration.services import hold
from tests.factories import a_cart, a_charge, a_page, a_payment, a_refund, an_event, paid
from tests.fundraisers.people import told

GOAL = 50_000


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (0, 0, None),
        (0, 1, 0),
        (0, 12_499, 0),
        (0, 12_500, 25),
        (0, 60_000, 100),
        (1, 2, None),
        (12_499, 12_500, 25),
        (12_500, 25_000, 50),
        (49_999, 50_000, 100),
        (50_000, 90_000, None),
        (12_500, 12_499, None),
        (-100, 100, 0),
    ],
)
def test_the_farthest_new_step(before: int, after: int, step: int | None) -> None:
    assert newly_reached(before, after, GOAL) == step


@given(st.lists(st.integers(1, 30_000), max_size=20), st.integers(0, 100_000))
def test_on_the_way_up_every_step_is_told_at_most_once_and_in_order(gifts: list[int], goal: int) -> None:
    total, steps = 0, []
    for cents in gifts:
        step = newly_reached(total, total + cents, goal)
        total += cents
        steps += [] if step is None else [step]
    assert steps == sorted(set(steps))
    assert not steps or steps[-1] == reached(total, goal)[-1]


def test_a_page_without_a_goal_has_its_first_gift() -> None:
    assert reached(100, 0) == [0]


@pytest.mark.django_db
def test_a_milestone_is_one_mail_whatever_comes_back_and_again() -> None:
    page = a_page(email="amina@example.org")
    for before, after in ((0, 12_500), (12_500, 0), (0, 12_500), (12_500, 20_000)):
        queue(milestone_mails(page, before, after))
    mail = OutboxMail.objects.get(key=f"milestone:{page.pk}:25")
    assert OutboxMail.objects.filter(key__startswith="milestone").count() == 1
    assert mail.subject == "25% of your goal: Amina Warsame"
    assert mail.topic == "milestones"
    assert "$125" in text_of(mail)


@pytest.mark.django_db
def test_hidden_pages_and_pages_without_an_address_get_none() -> None:
    assert milestone_mails(a_page(), 0, GOAL) == []
    page = a_page(email="amina@example.org")
    page.is_hidden = True
    assert milestone_mails(page, 0, GOAL) == []


@pytest.mark.money
@pytest.mark.django_db
def test_reached_steps_stand_on_the_page(client: Client) -> None:
    page = a_page()
    assert "milestone-done" not in told(client.get(f"/r/{page.slug}"))
    paid(a_payment(page, cents=26_000))
    shown = told(client.get(f"/r/{page.slug}"))
    assert shown.count("milestone-done") == 3


def steps_told(page: Fundraiser) -> list[int]:
    keys = (
        OutboxMail.objects.filter(key__startswith=f"milestone:{page.pk}:").order_by("id").values_list("key", flat=True)
    )
    return [int(key.rpartition(":")[2]) for key in keys]


@pytest.mark.money
@pytest.mark.django_db
def test_gifts_that_are_settled_together_are_told_by_one_mail_a_page() -> None:
    page, other = a_page(email="amina@example.org"), a_page(name="Bo Lind", email="bo@example.org")
    payments = [a_payment(page, cents=7_000), a_payment(page, cents=6_000), a_payment(other, cents=500)]
    facts = Facts(charges=[a_charge(payment) for payment in payments])
    settle(payments[0].ledger_id, facts)
    settle(payments[0].ledger_id, facts)
    assert (steps_told(page), steps_told(other)) == ([25], [0])
    mail = OutboxMail.objects.get(key=f"milestone:{page.pk}:25")
    assert mail.context["raised_cents"] == 13_000
    paid(a_payment(page, cents=40_000))
    assert steps_told(page) == [25, 100]


@pytest.mark.money
@pytest.mark.django_db
def test_a_gift_that_came_and_went_back_at_once_is_no_milestone() -> None:
    page = a_page(email="amina@example.org")
    payment = a_payment(page, cents=20_000)
    charge = a_charge(payment)
    settle(payment.ledger_id, Facts(charges=[charge], refunds=[a_refund(charge, 20_000)]))
    assert steps_told(page) == []


@pytest.mark.money
@pytest.mark.django_db
def test_money_that_goes_back_tells_nothing_and_what_comes_again_is_not_told_twice() -> None:
    page = a_page(email="amina@example.org")
    charge = paid(payment := a_payment(page, cents=13_000))
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 13_000)]))
    assert steps_told(page) == [25]
    paid(a_payment(page, cents=13_000))
    assert steps_told(page) == [25]


@pytest.mark.money
@pytest.mark.django_db
def test_the_own_first_gift_of_the_cart_is_no_news_but_a_quarter_of_the_goal_is() -> None:
    for cents, steps in ((2_000, []), (12_500, [25])):
        cart = a_cart(an_event(), gift_cents=cents)
        payment = entries.start(hold(registration=cart, until=clock.now() + timedelta(minutes=35)))
        assert payment
        paid(payment)
        page = Fundraiser.objects.latest("pk")
        assert page.raised_cents == cents
        assert steps_told(page) == steps
