"""Posting: an entry once, the same again a no-op, another under its name refused; balances kept beside it."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from donations.ledger import services
from donations.ledger.entries import Chart, EntryDraft, LegDraft, draft
from donations.ledger.models import Alarm, Balance, Entry, Kind, Leg, OpenItem, Role
from donations.ledger.queries import unexplained_cents
from tests.factories import NOON, a_ledger, an_event
from tests.giving.legs import balances, open_keys
from tests.tools.books import rolled_back

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def an_entry(chart: Chart, reference: str, cents: int, key: str = "payment:1") -> EntryDraft:
    return draft(Kind.PLACED, reference, NOON, [chart.leg(Role.CLEARING, cents, key), chart.leg(Role.FEE_POOL, -cents)])


def test_a_draft_must_add_up_and_be_something() -> None:
    for legs in ([], [LegDraft(1, 5)], [LegDraft(1, 0), LegDraft(2, 0)], [LegDraft(1, 5), LegDraft(1, -5)]):
        with pytest.raises(ValueError, match="does not balance"):
            draft(Kind.GIFT, "x", NOON, legs)


def test_legs_on_one_place_become_one() -> None:
    made = draft(Kind.GIFT, "x", NOON, [LegDraft(1, 5), LegDraft(1, 6), LegDraft(2, -11), LegDraft(3, 0)])
    assert made.legs == (LegDraft(1, 11), LegDraft(2, -11))


def test_the_same_again_is_a_no_op_in_one_batch_or_two() -> None:
    ledger = a_ledger()
    entry = an_entry(services.chart_of(ledger.pk), "item:1", 500)
    assert len(services.post(ledger.pk, [entry, entry]).entries) == 1
    assert services.post(ledger.pk, [entry]).entries == {}
    assert balances() == {"clearing": 500, "fee_pool": -500}


def test_the_same_name_with_other_legs_is_refused_and_the_rest_posted() -> None:
    ledger = a_ledger()
    chart = services.chart_of(ledger.pk)
    services.post(ledger.pk, [an_entry(chart, "item:1", 500)])
    batch = [an_entry(chart, "item:1", 501), an_entry(chart, "item:1", 501), an_entry(chart, "item:2", 7)]
    posted = services.post(ledger.pk, batch)
    assert posted.refused == ["item:1", "item:1"]
    assert list(posted.entries) == ["item:2"]
    assert [alarm.reference for alarm in Alarm.objects.all()] == ["item:1"]
    assert balances()["clearing"] == 507


def test_nothing_to_post_is_nothing_posted() -> None:
    ledger = a_ledger()
    assert services.post(ledger.pk, []).entries == {}


def test_sequences_have_no_gaps_across_batches() -> None:
    ledger = a_ledger()
    chart = services.chart_of(ledger.pk)
    for first in (1, 4, 9):
        services.post(ledger.pk, [an_entry(chart, f"item:{n}", n) for n in range(first, 10)])
    assert list(Entry.objects.order_by("id").values_list("sequence", flat=True)) == list(range(1, 10))


def test_a_batch_that_fails_leaves_nothing() -> None:
    ledger = a_ledger()
    chart = services.chart_of(ledger.pk)
    bad = draft(Kind.FEE, "x", NOON, [chart.leg(Role.CLEARING, 5, "k"), chart.leg(Role.FEE_POOL, -5)])
    with pytest.raises(DatabaseError, match="books"), transaction.atomic():
        services.post(ledger.pk, [an_entry(chart, "item:1", 5), bad])
    assert not Entry.objects.exists()
    assert not Leg.objects.exists()
    assert not Balance.objects.exists()


@given(amounts=st.lists(st.tuples(st.integers(-500, 500).filter(bool), st.integers(1, 4)), min_size=1, max_size=12))
def test_kept_balances_and_items_are_the_sums_of_legs(amounts: list[tuple[int, int]]) -> None:
    with rolled_back():
        ledger = a_ledger()
        chart = services.chart_of(ledger.pk)
        half = len(amounts) // 2
        drafts = [an_entry(chart, f"item:{n}", cents, f"k:{key}") for n, (cents, key) in enumerate(amounts)]
        services.post(ledger.pk, drafts[:half])
        services.post(ledger.pk, drafts)
        want: dict[str, int] = {}
        for cents, key in amounts:
            want[f"k:{key}"] = want.get(f"k:{key}", 0) + cents
        assert open_keys() == {key: cents for key, cents in want.items() if cents}
        assert balances().get("clearing", 0) == sum(cents for cents, _key in amounts)


def test_what_a_person_places_moves_whole_and_once() -> None:
    ledger = a_ledger()
    chart = services.chart_of(ledger.pk)
    services.post(ledger.pk, [an_entry(chart, "item:1", 500, "ch_stranger")])
    item, token = OpenItem.objects.select_related("account").get(), uuid4()
    for _press in range(2):
        services.place(item=item, role=Role.FEE_POOL, key="", reason="a sponsor's", token=token)
    assert services.placed_already(token)
    assert (open_keys(), balances()) == ({}, {})
    assert unexplained_cents(ledger) == 0


def test_opening_a_ledger_again_adds_nothing() -> None:
    event = an_event()
    first = services.open_ledger(event)
    count = first.accounts.count()
    assert services.open_ledger(event).pk == first.pk
    assert first.accounts.count() == count == 7 + event.beneficiaries.count()


def test_a_closed_alarm_opens_anew_only_when_the_trouble_lasts() -> None:
    ledger = a_ledger()
    services.raise_alarm(ledger.pk, "ch_1", "Wrong.")
    Alarm.objects.update(closed_at=clock.now())
    services.raise_alarm(ledger.pk, "ch_1", "Wrong.")
    assert Alarm.objects.get().closed_at
    Alarm.objects.update(closed_at=clock.now() - services.REMIND_AFTER)
    services.raise_alarm(ledger.pk, "ch_1", "Wrong.")
    assert Alarm.objects.get().closed_at is None
