"""Gifts moved in any order, with refunds before, between and after: the books hold after each step."""

from contextlib import suppress
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.services import create_person
from donations.giving import credits, moves
from donations.giving.checks import check_books
from donations.giving.models import Credit, Donation
from donations.giving.settle import settle
from donations.payments.facts import Facts
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team
from tests.factories import a_charge, a_page, a_payment, a_refund, a_team, an_event, paid
from tests.tools.books import assert_books_hold, rolled_back
from tests.tools.fixtures.databases import CommittedDatabase

pytestmark = pytest.mark.money

Place = tuple[Fundraiser | None, Team | None]


class World:
    """Three pages, two teams, and every place a gift may be at."""

    def __init__(self) -> None:
        self.event = an_event()
        self.by = create_person(email="organizer@example.org")
        teams = [a_team(self.event, name) for name in ("Frogtown", "Midway")]
        pages = [a_page(self.event, name=name, team="") for name in ("Tou Vang", "Grace Okafor")]
        self.places: list[Place] = [(page, team) for page in (*pages, None) for team in (*teams, None)]

    def totals(self) -> list[tuple[int, int]]:
        """Cents and gifts of every page and team, and of the event."""
        rows: list[Any] = [*Fundraiser.objects.order_by("pk"), *Team.objects.order_by("pk"), Event.objects.get()]
        return [(row.raised_cents, row.gift_count) for row in rows]

    def wanted(self) -> list[tuple[int, int]]:
        """The same from the gifts alone, wherever they have been."""
        gifts = [gift for gift in Donation.objects.all() if gift.received_at]
        owners: list[tuple[str, int]] = [
            *(("fundraiser_id", pk) for pk in Fundraiser.objects.order_by("pk").values_list("pk", flat=True)),
            *(("team_id", pk) for pk in Team.objects.order_by("pk").values_list("pk", flat=True)),
            ("event_id", self.event.pk),
        ]
        found = []
        for column, owner in owners:
            left = [g.amount_cents - g.returned_cents for g in gifts if getattr(g, column) == owner]
            found.append((sum(left), sum(1 for cents in left if cents)))
        return found


STEP = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 1), st.integers(0, 8)),
    st.tuples(st.just("refund"), st.integers(0, 1), st.integers(1, 4000)),
    st.tuples(st.just("fail"), st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("pay"), st.integers(0, 1), st.just(0)),
)


@settings(max_examples=30)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_moves_and_refunds_in_any_order_keep_the_books(db: None, steps: list[tuple[str, int, int]]) -> None:
    with rolled_back():
        world = World()
        payments = [a_payment(world.places[0][0], cents=5000), a_payment(event=world.event, cents=3000)]
        charges = [a_charge(payment) for payment in payments]
        refunds: list[list[Any]] = [[], []]
        for what, which, number in steps:
            payment, ledger = payments[which], payments[which].ledger_id
            if what == "pay":
                settle(ledger, Facts(charges=[charges[which]]))
            elif what == "refund":
                refunds[which].append(a_refund(charges[which], number))
                settle(ledger, Facts(charges=[charges[which]], refunds=[refunds[which][-1]]))
            elif what == "fail" and number < len(refunds[which]):
                failed = a_refund(charges[which], refunds[which][number].amount_cents, "failed")
                again = type(failed)(**{**vars_of(failed), "id": refunds[which][number].id})
                settle(ledger, Facts(refunds=[again]))
            elif what == "move":
                page, team = world.places[number]
                with suppress(moves.Refused):
                    moves.move_gift(
                        donation=payment.donations.get(), fundraiser=page, team=team, by=world.by, reason="Test"
                    )
            assert_books_hold()
            assert world.totals() == world.wanted()


def vars_of(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in type(fact).__dataclass_fields__}


def moved_gift() -> tuple[World, Donation]:
    world = World()
    paid(a_payment(world.places[0][0], cents=5000))
    gift = Donation.objects.get()
    page, team = world.places[4]
    moves.move_gift(donation=gift, fundraiser=page, team=team, by=world.by, reason="Wrong page")
    gift.refresh_from_db()
    return world, gift


def test_a_refund_after_a_move_is_taken_off_the_new_place(db: None) -> None:
    world = World()
    payment = a_payment(world.places[0][0], cents=5000)
    charge = paid(payment)
    page, team = world.places[4]
    assert page
    moves.move_gift(donation=payment.donations.get(), fundraiser=page, team=team, by=world.by, reason="Wrong page")
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 1500)]))
    page.refresh_from_db()
    assert page.raised_cents == 3500
    assert world.totals() == world.wanted()


def test_a_gift_on_its_way_is_moved_and_counts_where_it_is_when_it_arrives(db: None) -> None:
    world = World()
    payment = a_payment(world.places[0][0], cents=5000)
    page, team = world.places[4]
    moves.move_gift(donation=payment.donations.get(), fundraiser=page, team=team, by=world.by, reason="Wrong page")
    assert not Credit.objects.exists()
    paid(payment)
    assert world.totals() == world.wanted()
    assert page
    page.refresh_from_db()
    assert page.raised_cents == 5000


def test_a_place_of_another_event_is_refused(db: None) -> None:
    world, gift = moved_gift()
    other = Event.objects.get(pk=world.event.pk)
    other.pk, other.slug, other.is_current, other.raised_cents, other.gift_count = None, "next", False, 0, 0
    other.save()
    stranger = a_team(other, "Elsewhere")
    with pytest.raises(moves.Refused, match="another event"):
        moves.move_gift(donation=gift, fundraiser=None, team=stranger, by=world.by, reason="Test")


def test_checks_name_a_gift_that_was_moved_behind_their_back(db: None) -> None:
    with rolled_back():
        _world, gift = moved_gift()
        Donation.objects.filter(pk=gift.pk).update(fundraiser=None)
        found = check_books().findings
        assert any(f"{gift.reference} stands for $50.00 on its page and team" in finding for finding in found)
        assert any("it is not there" in finding for finding in found)


def test_checks_name_half_a_move(db: None) -> None:
    with rolled_back():
        world, gift = moved_gift()
        change = credits.Change(gift, 100, 0, None, Credit.Reason.MOVED, world.by, "half")
        credits.add([change])
        assert any(gift.reference in finding for finding in check_books().findings)


def test_past_boards_can_be_replayed_from_the_credits(db: None) -> None:
    world, gift = moved_gift()
    before = Credit.objects.filter(donation=gift, reason=Credit.Reason.GIFT).get()
    out, into = Credit.objects.filter(donation=gift, reason=Credit.Reason.MOVED).order_by("pk")
    assert (before.fundraiser_id, before.team_id) == (out.fundraiser_id, out.team_id)
    assert (into.fundraiser_id, into.team_id) == (gift.fundraiser_id, gift.team_id)
    assert before.cents + out.cents == 0
    assert out.cents + into.cents == 0
    assert isinstance(world.by, User)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's")
def test_moves_and_refunds_at_once_lose_and_double_nothing(committed_db: CommittedDatabase) -> None:
    world = World()
    payments = [a_payment(world.places[0][0], cents=1000 + number) for number in range(6)]
    charges = [paid(payment) for payment in payments]
    together, errors = Barrier(4), list[Exception]()

    def work(start: int) -> None:
        try:
            together.wait()
            for step in range(6):
                at = (start + step) % 6
                page, team = world.places[(start * 3 + step) % 9]
                with suppress(moves.Refused):
                    moves.move_gift(
                        donation=payments[at].donations.get(), fundraiser=page, team=team, by=world.by, reason="Race"
                    )
                settle(payments[at].ledger_id, Facts(refunds=[a_refund(charges[at], 50)]))
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert world.totals() == world.wanted()


def test_words_that_nobody_has_read_wait_on_a_protected_page(db: None) -> None:
    page, safe = a_page(an_event()), a_page(an_event(), name="J", is_listed=False)
    Fundraiser.objects.filter(pk=safe.pk).update(is_protected=True)
    safe.refresh_from_db()
    payment = a_payment(page, message="Go Jane Roe of Elm town!")
    paid(payment)
    item = payment.donations.get()
    moves.move_gift(
        donation=item, fundraiser=safe, team=None, by=create_person(email="o@example.org"), reason="asked for"
    )
    item.refresh_from_db()
    assert item.message_state == Donation.MessageState.WAITING
    assert item.public_message == ""
