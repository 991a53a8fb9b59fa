"""Checks that bounce, gifts that are handed or paid back, and typing errors: books, totals and receipt follow."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import StaffAct
from donations.giving.models import Donation
from donations.giving.offline_queries import Stage
from donations.ledger.models import Entry
from donations.payments.models import Refund
from fundraisers.models import Fundraiser
from tests.factories import a_page
from tests.giving.legs import balances, open_keys, owed, raised, table
from tests.offline.at_table import bank_shows, entered, press, stage, took_back, treasurer

pytestmark = [pytest.mark.money, pytest.mark.django_db]


@pytest.fixture
def page() -> Fundraiser:
    return a_page()


@pytest.fixture
def item(page: Fundraiser) -> Donation:
    """A check of $50.00 in hand."""
    return entered(page=page.bib)


def nothing_is_left(item: Donation) -> None:
    assert (stage(item), owed(), raised()) == (Stage.BACK, [0, 0, 0], (0, 0))


def test_a_check_that_was_never_banked_closes_where_it_was(item: Donation) -> None:
    took_back(item, "never_banked")
    nothing_is_left(item)
    assert open_keys() == {}
    assert table()[1][0] == "refund"


def test_a_check_that_bounced_after_its_deposit_waits_for_the_banks_second_line(item: Donation) -> None:
    bank_shows(5000, item.reference)
    took_back(item, "bounced")
    nothing_is_left(item)
    assert open_keys() == {f"{item.reference}/back": -5000}
    bank_shows(-5000, f"{item.reference}/back")
    assert (open_keys(), balances()) == ({}, {})


def test_a_bounce_told_before_the_banks_two_lines_are_read_ends_alike(item: Donation) -> None:
    took_back(item, "bounced")
    nothing_is_left(item)
    assert open_keys() == {item.reference: 5000, f"{item.reference}/back": -5000}
    bank_shows(-5000, f"{item.reference}/back")
    bank_shows(5000, item.reference)
    assert (open_keys(), balances()) == ({}, {})


def test_a_part_that_is_paid_back_leaves_the_rest(item: Donation) -> None:
    bank_shows(5000, item.reference)
    took_back(item, "paid_back", "20")
    assert (stage(item), sum(owed()), raised()) == (Stage.DEPOSITED, 3000, (3000, 1))
    bank_shows(-2000, f"{item.reference}/back")
    assert balances()["bank"] == 3000


def test_a_part_that_is_handed_back_stays_in_hand_with_the_rest(item: Donation) -> None:
    took_back(item, "handed_back", "20")
    assert (stage(item), open_keys()) == (Stage.IN_HAND, {item.reference: 3000})
    bank_shows(3000, item.reference)
    assert stage(item) == Stage.DEPOSITED


def test_what_the_bank_has_is_not_handed_back(item: Donation) -> None:
    bank_shows(5000, item.reference)
    assert "Select a valid choice" in took_back(item, "handed_back")
    assert raised() == (5000, 1)


def test_a_typing_error_is_taken_out_and_entered_anew(item: Donation, page: Fundraiser) -> None:
    took_back(item, "mistake")
    entered(page=page.bib, amount="500")
    assert (sum(owed()), raised()) == (50000, (50000, 1))


def test_more_than_there_is_does_not_go_back(item: Donation) -> None:
    assert "$50.00 left" in took_back(item, "handed_back", "50.01")
    assert "all $50.00" in took_back(item, "bounced", "20")
    assert not Refund.objects.exists()
    assert StaffAct.objects.count() == 1, "what was refused is not in the log of what was done"


def test_the_same_press_twice_takes_back_once(item: Donation) -> None:
    token = str(uuid4())
    for _twice in range(2):
        took_back(item, "handed_back", "20", form_token=token)
    assert (raised(), Refund.objects.count()) == ((3000, 1), 1)


def test_a_bounce_that_was_none_counts_again_and_can_bounce_once_more(item: Donation) -> None:
    took_back(item, "bounced")
    for _twice in range(2):
        press(item, f"back/{Refund.objects.get().pk.removeprefix('back:')}/good")
    assert (stage(item), raised(), sum(owed())) == (Stage.IN_HAND, (5000, 1), 5000)
    assert Entry.objects.filter(reference__endswith="/failed").count() == 1
    took_back(item, "bounced")
    nothing_is_left(item)


def test_what_the_banks_statement_has_shown_cannot_be_undone(item: Donation) -> None:
    took_back(item, "bounced")
    bank_shows(-5000, f"{item.reference}/back")
    answer = press(item, f"back/{Refund.objects.get().pk.removeprefix('back:')}/good")
    assert "cannot be undone" in answer.content.decode()
    nothing_is_left(item)


def test_cash_cannot_bounce(page: Fundraiser) -> None:
    item = entered(page=page.bib, method="cash", detail="")
    assert "bounced" not in treasurer().get(f"/desk/offline/{item.pk}").content.decode()
    assert "Select a valid choice" in took_back(item, "bounced")


def test_page_board_money_page_and_receipt_say_it_at_once(item: Donation, page: Fundraiser) -> None:
    took_back(item, "never_banked")
    client = Client()
    assert "$50" not in re.sub(r"<svg.*?</svg>", "", client.get("/leaderboard").content.decode(), flags=re.DOTALL)
    assert "Rosa Delgado" not in client.get(page.get_absolute_url()).content.decode()
    assert "$50.00" in client.get("/money").content.decode(), "what came and went back is told there"
    text = client.get(f"/thanks/{item.payment.link}").content.decode()
    assert "Not received, for it bounced: $50.00." in text
    assert "went back to you" not in text


def test_the_reason_is_kept_with_who_did_it(item: Donation) -> None:
    took_back(item, "bounced")
    act = StaffAct.objects.first()
    assert act
    assert (act.verb, act.reason) == ("took back 5000 cents: bounced", "Seen on paper")


def test_somebody_elses_return_is_not_taken_back_here(item: Donation, page: Fundraiser) -> None:
    other = entered(page=page.bib, name="Ben Olson")
    took_back(item, "bounced")
    number = Refund.objects.get().pk.removeprefix("back:")
    assert treasurer().post(f"/desk/offline/{other.pk}/back/{number}/good").status_code == 404
    assert treasurer().post(f"/desk/offline/{item.pk}/back/{uuid4()}/good").status_code == 404


def test_the_same_form_with_another_amount_is_refused_and_not_in_the_log(item: Donation) -> None:
    token, acts = str(uuid4()), StaffAct.objects.filter(verb__startswith="took back")
    assert "It is taken back" in took_back(item, "handed_back", "10", form_token=token)
    assert "sent before with other words" in took_back(item, "handed_back", "25", form_token=token)
    took_back(item, "handed_back", "10", form_token=token)
    item.refresh_from_db()
    assert (item.returned_cents, acts.count()) == (1000, 1)
