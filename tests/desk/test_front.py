"""The front of the desk: today's numbers, the days as a picture, and what waits for whom."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from common import clock
from desk.probes import MOST_URGENT_FIRST
from desk.today import Day, Days, counted
from donations.giving.checks import check_books
from donations.giving.models import Donation, RefundRequest
from donations.ledger.models import BooksCheck
from donations.ledger.services import raise_alarm
from donations.payments.models import Dispute
from events.models import Event
from frontend.drawings.days import days as drawn
from fundraisers.models import Report, Visits
from outreach.models import OutboxMail
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page, a_payment, an_event, paid

pytestmark = pytest.mark.django_db


def waiting(client: Client) -> list[str]:
    """The sentences of what waits, in their order."""
    return [line.strip() for line in re.findall(r"<li[^>]*><p>([^<]*)", text_of(client, "/desk"))]


def received(event: Event, moment: datetime, cents: int) -> None:
    charge = paid(a_payment(event=event, cents=cents))
    Donation.objects.filter(payment__token=str(charge.payment)).update(received_at=moment)


def test_nothing_waits_on_a_quiet_day() -> None:
    an_event()
    assert "Nothing waits for you." in text_of(at_desk(Role.ORGANIZER), "/desk")


def test_who_can_do_nothing_about_it_is_not_told() -> None:
    page = a_page()
    Report.objects.create(fundraiser=page, reason="Not her name.")
    paid(a_payment(page))
    OutboxMail.objects.filter(key__startswith="receipt").update(status="failed", next_try_at=clock.now())
    assert waiting(at_desk(Role.MODERATOR)) == ["1 page is reported."]
    organizer = at_desk(Role.ORGANIZER, email="organizer@example.org")
    assert waiting(organizer) == ["1 page is reported.", "1 mail is stuck."]
    for role in (Role.COORDINATOR, Role.APPROVER):
        assert waiting(at_desk(role, email=f"{role}@example.org")) == []


def test_a_near_deadline_comes_before_everything_else() -> None:
    page = a_page()
    charge = paid(a_payment(page))
    raise_alarm(page.donations.all()[0].payment.ledger_id, "ch_odd", "A charge of nobody.")
    due = clock.now() + timedelta(days=9)
    words = {"amount_cents": 100, "currency": "usd", "status": "needs_response", "created_at": clock.now()}
    dispute = Dispute.objects.create(id="du_1", charge_id=charge.id, due_at=due, told_at=clock.now(), **words)
    treasurer = at_desk(Role.TREASURER)
    assert [line[:9] for line in waiting(treasurer)] == ["1 alarm: ", "1 dispute"]
    dispute.due_at = clock.now() + timedelta(hours=20)
    dispute.save()
    assert [line[:9] for line in waiting(treasurer)] == ["1 dispute", "1 alarm: "]
    assert "is-pressing" in text_of(treasurer, "/desk")


def test_a_refund_that_was_refused_leads_to_its_gift_until_it_is_asked_for_again() -> None:
    payment = a_payment(a_page())
    charge = payment.charges.get(pk=paid(payment).id)
    words = {"payment": payment, "charge": charge, "amount_cents": 100, "parts": {}, "reason": "Given twice"}
    RefundRequest.objects.create(state="refused", **words)
    treasurer = at_desk(Role.TREASURER)
    assert "Stripe refused 1 refund." in text_of(treasurer, "/desk")
    assert f'href="/desk/gifts/{payment.donations.get().pk}">See the first' in text_of(treasurer, "/desk")
    RefundRequest.objects.create(state="waiting", **words)
    assert "Stripe refused" not in text_of(treasurer, "/desk")


def test_books_that_nobody_checks_are_named() -> None:
    paid(a_payment(a_page()))
    check_books()
    treasurer = at_desk(Role.TREASURER)
    assert "not checked for half an hour" not in text_of(treasurer, "/desk")
    BooksCheck.objects.update(at=clock.now() - timedelta(minutes=31))
    assert "not checked for half an hour" in text_of(treasurer, "/desk")


def test_every_kind_of_thing_that_may_wait_is_asked_of_the_database_in_one_query(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    an_event()
    client = at_desk(*[role for role in Role if role != Role.CHARITY])
    assert len(MOST_URGENT_FIRST) > 20
    with django_assert_max_num_queries(12):
        text_of(client, "/desk")


@pytest.mark.parametrize(("year", "month", "day", "hours"), [(2027, 3, 14, 23), (2027, 11, 7, 25), (2027, 6, 1, 24)])
def test_a_day_is_one_of_the_events_calendar_when_the_clock_changes(
    year: int, month: int, day: int, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event()
    start = datetime(year, month, day, tzinfo=event.zone)
    end = datetime.fromtimestamp(start.timestamp() + hours * 3600, tz=event.zone)
    assert end.date() == start.date() + timedelta(days=1)
    for cents, moment in ((100, start - timedelta(seconds=1)), (2000, start), (5000, end - timedelta(seconds=1))):
        received(event, moment, cents)
    received(event, end, 40_000)
    monkeypatch.setattr(clock, "now", lambda: end + timedelta(hours=3))
    days, _ways = counted(event)
    assert [shown.cents for shown in days.days[-3:]] == [100, 7000, 40_000]
    assert (days.today.gifts, days.yesterday.gifts) == (1, 2)


def test_today_stands_beside_yesterday_and_a_usual_day() -> None:
    event = an_event()
    for back, cents in ((0, 1000), (1, 3000), (3, 5000)):
        received(event, clock.now() - timedelta(days=back), cents)
    front = text_of(at_desk(Role.COORDINATOR), "/desk")
    for words in ("1 gift today", "$10.00", "1 gift yesterday", "$30.00", "On a usual day", "$26.66"):
        assert words in front


def test_a_usual_day_is_counted_from_the_first_gift_on() -> None:
    start = date(2026, 11, 1)
    days = Days(
        tuple(Day(start + timedelta(days=n), int(cents > 0), cents) for n, cents in enumerate((0, 600, 0, 9))), None
    )
    assert days.average_cents == 300


def test_pages_are_found_by_ways_the_commonest_first() -> None:
    page = a_page()
    for source, count in (("qr", 2), ("email", 5)):
        Visits.objects.create(fundraiser=page, day=clock.now().date(), source=source, count=count)
    front = text_of(at_desk(Role.COORDINATOR), "/desk")
    assert front.index("E-mail</dt>") < front.index("QR code</dt>")


def test_the_picture_has_a_name_and_words_and_a_line_only_where_it_fits() -> None:
    class Column:
        def __init__(self, cents: int) -> None:
            self.cents, self.words = cents, f"<{cents}>"

    picture = drawn([Column(0), Column(100), Column(50)], title="Gifts", words="Most on & on", line_cents=150)
    assert 'role="img"' in picture
    assert "<desc" in picture
    assert "Most on &amp; on" in picture
    assert "&lt;100&gt;" in picture
    assert re.findall(r'height="(\d+)" rx', picture) == ["0", "112", "56"]
    assert "days-line" in picture
    assert "days-line" not in drawn([Column(100)], title="Gifts", words="", line_cents=201)
