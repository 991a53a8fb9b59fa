"""Gifts by cash, check and transfer, typed in at the desk: in the books, on the boards, and on a receipt."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, StaffAct
from common import clock
from donations.giving.models import Donation
from donations.giving.offline_queries import Stage
from donations.ledger.models import Entry
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from teams.models import Team
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page, a_team, an_event
from tests.giving.legs import balances, open_keys, owed, raised, table
from tests.offline.at_table import bank_shows, entered, press, stage, took_back, treasurer, words

pytestmark = [pytest.mark.money, pytest.mark.django_db]


@pytest.fixture
def page() -> Fundraiser:
    page = a_page(email="amina@example.org")
    OutboxMail.objects.all().delete()
    return page


def receipt(item: Donation) -> str:
    answer = Client().get(f"/thanks/{item.payment.link}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_check_is_in_hand_credited_dealt_and_on_the_board_at_once(page: Fundraiser) -> None:
    item = entered(page=page.bib, email="rosa@example.org")
    [(kind, legs)] = table()
    assert (kind, legs["undeposited"], sum(owed())) == ("gift", 5000, 5000)
    assert open_keys() == {f"item:{item.pk}": 5000}
    assert raised() == (5000, 1)
    assert Team.objects.get().raised_cents == Event.objects.get().raised_cents == 5000
    assert stage(item) == Stage.IN_HAND
    assert "$50" in Client().get("/leaderboard").content.decode()
    assert "Rosa Delgado" in Client().get(page.get_absolute_url()).content.decode()


def test_its_receipt_names_the_check_and_no_card_statement(page: Fundraiser) -> None:
    item = entered(page=page.bib, email="rosa@example.org")
    text = receipt(item)
    assert "1042, Wells Fargo" in text
    assert "On your statement" not in text
    mails = dict(OutboxMail.objects.values_list("key", "to"))
    assert mails[f"receipt:{item.pk}"] == "rosa@example.org"
    assert mails[f"gift:{item.pk}"] == "amina@example.org"


def test_without_an_address_nothing_is_mailed_to_the_donor(page: Fundraiser) -> None:
    item = entered(page=page.bib)
    assert not OutboxMail.objects.filter(key__startswith="receipt:").exists()
    assert "Thank you" in receipt(item)


def test_its_trace_and_its_receipt_on_paper_are_there(page: Fundraiser) -> None:
    item = entered(page=page.bib)
    for name in ("trace", "receipt_pdf"):
        assert Client().get(reverse(name, args=[item.payment.link])).status_code == 200
    assert "Send the receipt again" not in receipt(item), "there is no address to send it to"


def test_cash_to_a_team_counts_for_the_team() -> None:
    event = an_event()
    team = a_team(event)
    entered(team=team.name.upper(), method="cash", detail="")
    team.refresh_from_db()
    assert (team.raised_cents, sorted(owed())) == (5000, [1666, 1667, 1667])


def test_a_transfer_waits_on_its_way_to_the_bank() -> None:
    an_event()
    item = entered(method="transfer", detail="trace 77")
    assert balances()["in_transit"] == 5000
    bank_shows(5000, item.reference)
    assert stage(item) == Stage.DEPOSITED
    assert balances()["bank"] == 5000


def test_money_for_the_card_fees_is_on_no_page_and_in_the_pool() -> None:
    an_event()
    entered(for_fees="on", method="cash", detail="")
    assert table()[0][0] == "funding"
    assert (balances()["fee_pool"], owed(), Event.objects.get().raised_cents) == (-5000, [0, 0, 0], 0)


@pytest.mark.parametrize(
    ("shown", "public"),
    [
        ({"shown": "alias", "alias": "A friend"}, "A friend"),
        ({"shown": "anonymous"}, "Somebody"),
        ({"shown": "first"}, "Rosa"),
    ],
)
def test_a_donor_is_shown_as_asked(page: Fundraiser, shown: dict[str, str], public: str) -> None:
    entered(page=page.bib, message="Run!", **shown)
    text = Client().get(page.get_absolute_url()).content.decode()
    assert public in text
    assert "Delgado" not in text


def test_an_amount_can_be_hidden(page: Fundraiser) -> None:
    entered(page=page.bib, amount_hidden="on")
    assert Donation.objects.get().public_cents is None


def test_a_deposit_is_what_the_banks_line_closes() -> None:
    an_event()
    item = entered()
    bank_shows(5000, item.reference)
    assert (stage(item), open_keys(), balances()["bank"]) == (Stage.DEPOSITED, {}, 5000)
    text = text_of(treasurer(), "/desk/offline", state="deposited")
    assert "Rosa Delgado" in text
    assert "Rosa Delgado" not in text_of(at_desk(Role.APPROVER), "/desk/offline", state="in_hand")


def test_the_same_form_twice_is_one_gift() -> None:
    an_event()
    client, form = treasurer(), words()
    places = {client.post("/desk/offline/new", form).headers["Location"] for _press in range(2)}
    assert len(places) == Donation.objects.count() == StaffAct.objects.count() == 1


def test_the_back_button_and_another_gift_is_refused_and_not_lost_in_silence() -> None:
    an_event()
    client, form = treasurer(), words()
    client.post("/desk/offline/new", form)
    again = client.post("/desk/offline/new", form | {"amount": "700", "name": "Bo Lind"})
    assert again.status_code == 422
    assert "sent before with other words" in again.content.decode()
    assert Donation.objects.get().amount_cents == 5000


def test_a_pledge_counts_nowhere_until_it_has_come(page: Fundraiser) -> None:
    item = entered(page=page.bib, pledged="on", received_on="", detail="")
    assert (stage(item), raised(), Entry.objects.count()) == (Stage.PLEDGED, (0, 0), 0)
    assert "Rosa" not in Client().get(page.get_absolute_url()).content.decode()
    come = {"method": "check", "detail": "7, US Bank", "received_on": f"{clock.now():%Y-%m-%d}"}
    for _twice in range(2):
        press(item, "came", **come)
    assert (stage(item), raised(), Entry.objects.count()) == (Stage.IN_HAND, (5000, 1), 1)
    assert Payment.objects.get().detail == "7, US Bank"


def test_a_pledge_that_does_not_come_is_given_up_and_cannot_come_any_more() -> None:
    an_event()
    item = entered(pledged="on")
    press(item, "dropped")
    assert stage(item) == Stage.DROPPED
    come = {"method": "cash", "received_on": f"{clock.now():%Y-%m-%d}"}
    assert "given up" in press(item, "came", **come).content.decode()
    assert not Entry.objects.exists()


def test_a_gift_that_came_is_no_pledge_to_give_up() -> None:
    an_event()
    item = entered()
    press(item, "dropped")
    assert (stage(item), Payment.objects.get().status) == (Stage.IN_HAND, "paid")


def test_a_day_counts_in_the_events_own_calendar() -> None:
    event = an_event()
    day = (clock.now() - timedelta(days=3)).astimezone(event.zone).date()
    item = entered(received_on=f"{day:%Y-%m-%d}")
    assert item.received_at
    assert item.received_at.astimezone(event.zone).strftime("%Y-%m-%d %H:%M") == f"{day:%Y-%m-%d} 12:00"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "1,00"}, "Enter an amount in dollars"),
        ({"amount": "-5"}, "Enter an amount in dollars"),
        ({"amount": "0"}, "Enter an amount of up to"),
        ({"amount": "1000001"}, "Enter an amount of up to"),
        ({"name": " "}, "Enter the donor"),
        ({"method": "stripe"}, "Write cash, check or transfer"),
        ({"detail": ""}, "number and its bank"),
        ({"received_on": ""}, "Enter the day"),
        ({"received_on": "2099-01-01"}, "has not come yet"),
        ({"received_on": "2001-01-01"}, "more than a year ago"),
        ({"page": "99"}, "no page with this bib"),
        ({"team": "Nobody"}, "no team of this name"),
        ({"for_fees": "on", "page": "PAGE"}, "on no page and no team"),
        ({"shown": "alias"}, "Enter the name to show"),
        ({"email": "rosa"}, "like name@example.org"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(page: Fundraiser, wrong: dict[str, Any], sentence: str) -> None:
    typed = words(**{name: page.bib if value == "PAGE" else value for name, value in wrong.items()})
    answer = treasurer().post("/desk/offline/new", typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Payment.objects.exists()


def test_it_takes_a_fresh_second_factor() -> None:
    an_event()
    stale = at_desk(Role.TREASURER, mfa_seconds_ago=3600)
    assert stale.post("/desk/offline/new", words()).headers["Location"].startswith("/accounts/")
    assert not Payment.objects.exists()


def test_who_entered_it_is_in_the_log() -> None:
    an_event()
    item = entered()
    act = StaffAct.objects.get()
    assert (act.verb, act.target) == ("entered a gift", f"gift {item.pk}, 5000 cents, check 1042, Wells Fargo")


def test_an_offline_gift_is_never_asked_back_from_stripe() -> None:
    an_event()
    item = entered()
    answer = treasurer().get(f"/desk/gifts/{item.pk}/refund")
    assert answer.headers["Location"] == f"/desk/offline/{item.pk}"


def test_moved_to_another_page_what_goes_back_follows(page: Fundraiser) -> None:
    other = a_page(page.event, name="Tou Vang", team="")
    item = entered(page=page.bib)
    at_desk(Role.ORGANIZER).post(f"/desk/gifts/{item.pk}/move", {"page": other.bib, "reason": "Wrong bib"})
    other.refresh_from_db()
    assert other.raised_cents == 5000
    took_back(item, "never_banked")
    other.refresh_from_db()
    page.refresh_from_db()
    assert (other.raised_cents, page.raised_cents) == (0, 0)
