"""The treasurer places open items; alarms are closed with a reason."""

from uuid import uuid4

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.models import Role, StaffAct
from desk.services import Changed, place_open_item
from donations.ledger.models import Alarm, Entry, OpenItem
from donations.ledger.models import Role as Purpose
from donations.ledger.queries import balances_of
from donations.ledger.services import raise_alarm
from donations.payments.models import Payment
from tests.desk.cast import at_desk, key_of, placing, text_of, the_act
from tests.factories import a_page, a_payment, paid
from tests.matrix.world import odd_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment() -> Payment:
    payment = a_payment(a_page())
    paid(payment)
    return payment


@pytest.fixture
def item(payment: Payment) -> OpenItem:
    return odd_money(payment, cents=1234)


def pool(payment: Payment) -> int:
    return -balances_of(payment.ledger).of_role(Purpose.FEE_POOL)


def placed() -> int:
    return Entry.objects.filter(kind="placed").count()


@pytest.mark.money
def test_a_treasurer_places_an_item_and_the_log_says_why(payment: Payment, item: OpenItem) -> None:
    desk, before = at_desk(Role.TREASURER), pool(payment)
    page = text_of(desk, f"/desk/books/items/{item.pk}/place")
    assert "Place $12.34" in page
    assert "This credit has been open" in page
    answer = desk.post(f"/desk/books/items/{item.pk}/place", placing(item, reason="Interest of November"))
    assert answer.headers["Location"] == "/desk/books"
    assert "$12.34 was placed." in text_of(desk, "/desk/books")
    item.refresh_from_db()
    assert item.cents == 0
    assert pool(payment) - before == 1234
    assert Entry.objects.get(kind="placed").note == "Interest of November"
    act = the_act()
    assert (act.verb, act.reason) == ("placed", "Interest of November")
    assert act.target == "suspense txn_odd, -1234 cents, to fee_pool"
    assert act.address == "127.0.0.1"


@pytest.mark.money
def test_an_item_can_go_to_the_payment_it_belongs_to(payment: Payment, item: OpenItem) -> None:
    words = placing(item, target="clearing", payment=payment.pk)
    at_desk(Role.TREASURER).post(f"/desk/books/items/{item.pk}/place", words)
    assert key_of(payment).cents == 5000 - 1234


@pytest.mark.money
def test_the_button_pressed_twice_is_one_entry_and_one_line_in_the_log(payment: Payment, item: OpenItem) -> None:
    desk, words, before = at_desk(Role.TREASURER), placing(item), pool(payment)
    for _press in range(2):
        answer = desk.post(f"/desk/books/items/{item.pk}/place", words)
        assert answer.headers["Location"] == "/desk/books"
        assert "was placed." in text_of(desk, "/desk/books")
    assert placed() == 1
    assert pool(payment) - before == 1234
    assert StaffAct.objects.count() == 1


@pytest.mark.money
def test_two_treasurers_at_one_item_place_it_once(payment: Payment, item: OpenItem) -> None:
    first = at_desk(Role.TREASURER)
    second = at_desk(Role.TREASURER, email="second@example.org")
    seen, before = placing(item), pool(payment)
    first.post(f"/desk/books/items/{item.pk}/place", placing(item))
    second.post(f"/desk/books/items/{item.pk}/place", seen)
    assert "Somebody at the desk was faster." in text_of(second, "/desk/books")
    assert placed() == 1
    assert pool(payment) - before == 1234
    assert StaffAct.objects.count() == 1


def test_an_item_that_changed_since_it_was_shown_is_not_placed(payment: Payment, item: OpenItem) -> None:
    desk = at_desk(Role.TREASURER)
    answer = desk.post(f"/desk/books/items/{item.pk}/place", placing(item, cents=-999))
    assert answer.headers["Location"] == "/desk/books"
    assert "Somebody at the desk was faster." in text_of(desk, "/desk/books")
    assert placed() == 0
    assert not StaffAct.objects.exists()


@pytest.mark.money
def test_a_page_read_before_another_placed_the_item_is_refused_under_the_lock(
    payment: Payment, item: OpenItem, rf: RequestFactory
) -> None:
    stale = OpenItem.objects.select_related("account").get(pk=item.pk)
    at_desk(Role.TREASURER).post(f"/desk/books/items/{item.pk}/place", placing(item))
    with pytest.raises(Changed):
        place_open_item(
            request=rf.post("/"),
            item=stale,
            seen_cents=-1234,
            role="fee_pool",
            key="",
            reason="x",
            token=uuid4(),
        )
    assert placed() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TREASURER])
def test_nobody_but_a_treasurer_places(role: Role, item: OpenItem) -> None:
    assert at_desk(role).post(f"/desk/books/items/{item.pk}/place", placing(item)).status_code == 404
    assert placed() == 0


def test_placing_needs_a_second_factor_used_just_now(item: OpenItem, settings: Settings) -> None:
    desk = at_desk(Role.TREASURER, mfa_seconds_ago=settings.FRESH_MFA_SECONDS + 1)
    assert "Place" in text_of(desk, "/desk/books")
    for answer in (
        desk.get(f"/desk/books/items/{item.pk}/place"),
        desk.post(f"/desk/books/items/{item.pk}/place", placing(item)),
    ):
        assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert placed() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"target": ""}, "Choose where it belongs."),
        ({"target": "payable"}, "Select a valid choice"),
        ({"target": "clearing"}, "Enter the number of a payment that exists."),
        ({"target": "clearing", "payment": "4711"}, "Enter the number of a payment that exists."),
        ({"target": "clearing", "payment": "9" * 30}, "Enter the number of a payment that exists."),
        ({"reason": ""}, "Say why"),
        ({"reason": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_mistake_moves_nothing(wrong: dict[str, str], sentence: str, item: OpenItem) -> None:
    answer = at_desk(Role.TREASURER).post(f"/desk/books/items/{item.pk}/place", placing(item) | wrong)
    assert answer.status_code == 422
    assert answer.content.decode().count(sentence) == 2
    assert placed() == 0
    assert not StaffAct.objects.exists()


def test_a_payment_is_not_placed_upon_itself(payment: Payment) -> None:
    item = key_of(payment)
    words = placing(item, target="clearing", payment=payment.pk)
    answer = at_desk(Role.TREASURER).post(f"/desk/books/items/{item.pk}/place", words)
    assert "The item is there already." in answer.content.decode()
    assert placed() == 0


@pytest.mark.money
def test_an_item_at_zero_has_no_page(payment: Payment, item: OpenItem) -> None:
    desk = at_desk(Role.TREASURER)
    desk.post(f"/desk/books/items/{item.pk}/place", placing(item))
    assert desk.get(f"/desk/books/items/{item.pk}/place").status_code == 404


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.TREASURER])
def test_an_alarm_is_closed_with_a_reason_and_by_somebody(role: Role, payment: Payment) -> None:
    raise_alarm(payment.ledger_id, "ch_odd", "A charge of nobody.")
    alarm, desk = Alarm.objects.get(), at_desk(role)
    assert "A charge of nobody." in text_of(desk, f"/desk/books/alarms/{alarm.pk}/close")
    assert desk.post(f"/desk/books/alarms/{alarm.pk}/close", {"reason": ""}).status_code == 422
    assert not StaffAct.objects.exists()
    desk.post(f"/desk/books/alarms/{alarm.pk}/close", {"reason": "A test charge of ours"})
    books = text_of(desk, "/desk/books")
    assert "The alarm is closed." in books
    assert "A charge of nobody." not in books
    assert desk.get(f"/desk/books/alarms/{alarm.pk}/close").status_code == 404
    act = the_act()
    assert (act.verb, act.target, act.reason) == (
        "closed an alarm",
        f"alarm {alarm.pk} ch_odd",
        "A test charge of ours",
    )
