"""The audit log and the credits only ever grow, whoever speaks to the database."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import StaffAct
from accounts.services import create_person
from common.append_only import HOLE, is_append_only, with_hole
from donations.giving.models import Credit
from tests.factories import NOON, a_page, a_payment, paid


@pytest.mark.money
@pytest.mark.parametrize("sql", ["UPDATE giving_credit SET cents = 1", "DELETE FROM giving_credit"])
def test_a_credit_is_not_changed_and_not_removed(db: None, sql: str) -> None:
    paid(a_payment(a_page()))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Credit.objects.get().cents == 5000


@pytest.mark.money
@pytest.mark.parametrize("table", ["giving_credit", "accounts_staffact"])
def test_the_triggers_are_installed(db: None, table: str) -> None:
    assert is_append_only(connection, table)


def an_act(target: str, reason: str = "") -> StaffAct:
    return StaffAct.objects.create(
        user=create_person(email="organizer@example.org"), verb="hid", target=target, reason=reason
    )


@pytest.mark.money
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("bib 12 amina-warsame", "bib 12 [erased]"),
        ("amina-warsame", "[erased]"),
        ("a Amina b Amina c", "a [erased] c"),
        ("bib [erased] and Amina too", "bib [erased] too"),
    ],
)
def test_a_text_of_an_act_can_lose_a_piece(db: None, before: str, after: str) -> None:
    act = an_act(before)
    assert with_hole(before, ["amina-warsame", "Amina"]) == after
    StaffAct.objects.filter(pk=act.pk).update(target=after)
    assert StaffAct.objects.get().target == after


@pytest.mark.money
@pytest.mark.parametrize(
    "text",
    [
        "bib 13",
        "bib [erased]",
        "",
        "bib 12 [erased] amina",
        "bib 12 amina-warsame [erased]",
        "b [erased] amina-warsame!",
    ],
)
def test_nothing_can_be_put_into_an_act(db: None, text: str) -> None:
    act = an_act("bib 12 amina-warsame" if text != "bib [erased]" else "act 12")
    with pytest.raises(DatabaseError), transaction.atomic():
        StaffAct.objects.filter(pk=act.pk).update(target=text)


@pytest.mark.money
@pytest.mark.parametrize("change", [{"verb": "[erased]"}, {"address": "127.0.0.9"}, {"at": NOON}])
def test_nothing_else_of_an_act_changes_with_it(db: None, change: dict[str, object]) -> None:
    act = an_act("bib 12 amina-warsame")
    with pytest.raises(DatabaseError), transaction.atomic():
        StaffAct.objects.filter(pk=act.pk).update(target="bib 12 [erased]", **change)


@given(st.text("ab [", max_size=12), st.lists(st.text("ab", min_size=1, max_size=3), max_size=2))
def test_a_hole_only_ever_takes_away(text: str, words: list[str]) -> None:
    left, hole, right = with_hole(text, words).partition(HOLE)
    assert left + right == text if not hole else text.startswith(left) and text.endswith(right)
    assert not any(re.search(rf"(?<!\w){word}(?!\w)", side) for word in words for side in (left, right))
