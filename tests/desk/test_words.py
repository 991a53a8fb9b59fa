"""Words of donors at the desk: read, shown or not, undone; and how far giving is open."""

import re

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from donations.giving.gate import tries
from donations.giving.models import Donation, Gate
from donations.giving.moderation import digest
from fundraisers.models import Fundraiser
from tests.desk.cast import at_desk, text_of, the_act
from tests.factories import a_page, a_payment, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Fundraiser:
    return a_page()


def a_gift(page: Fundraiser, message: str = "see evil.com") -> Donation:
    payment = a_payment(page, message=message)
    paid(payment)
    return payment.donations.get()


def decide(client: Client, item: Donation, state: str) -> int:
    item.refresh_from_db()
    path = f"/desk/messages/{item.pk}"
    return client.post(path, {"state": state, "seen": digest(item)}).status_code


def seen(page: Fundraiser) -> str:
    return Client().get(page.get_absolute_url()).content.decode()


def test_words_wait_are_read_and_shown_at_once(page: Fundraiser) -> None:
    item, moderator = a_gift(page), at_desk(Role.MODERATOR)
    assert "evil.com" not in seen(page)
    front = text_of(moderator, "/desk")
    assert "The words of 1 gift wait to be read." in front
    assert 'href="/desk/messages"' in front
    assert "see evil.com" in text_of(moderator, "/desk/messages")
    assert decide(moderator, item, "shown") == 302
    assert "evil.com" in seen(page)
    assert "No words wait" in text_of(moderator, "/desk/messages")
    assert (the_act().verb, the_act().target) == ("set words to shown", f"gift {item.pk}")


def test_what_is_shown_can_be_taken_away_and_given_back(page: Fundraiser) -> None:
    item, moderator = a_gift(page, "Run!"), at_desk(Role.MODERATOR)
    assert "Don&#x27;t show" in text_of(moderator, f"/desk/gifts/{item.pk}").replace("Don't", "Don&#x27;t")
    assert decide(moderator, item, "refused") == 302
    assert "Run!" not in seen(page)
    assert "Rosa" not in seen(page)
    assert "Run!" in text_of(moderator, "/desk/messages", state="refused")
    assert decide(moderator, item, "waiting") == decide(moderator, item, "shown") == 302
    assert "Run!" in seen(page)
    assert StaffAct.objects.count() == 3


def test_words_that_changed_meanwhile_are_not_shown_unread(page: Fundraiser) -> None:
    item, moderator = a_gift(page), at_desk(Role.MODERATOR)
    form = {"state": "shown", "seen": digest(item)}
    Donation.objects.filter(pk=item.pk).update(message="see worse.com")
    moderator.post(f"/desk/messages/{item.pk}", form)
    item.refresh_from_db()
    assert item.message_state == "waiting"
    assert not StaffAct.objects.exists()


def test_gifts_that_were_not_paid_trouble_nobody(page: Fundraiser) -> None:
    a_payment(page, message="see evil.com")
    assert "No words wait" in text_of(at_desk(Role.MODERATOR), "/desk/messages")


def test_the_longest_list_is_paged(page: Fundraiser) -> None:
    Donation.objects.filter(pk=a_gift(page).pk).update(message="w" * 500)
    assert "1 gift whose words wait" in text_of(at_desk(Role.MODERATOR), "/desk/messages", page="99")


def test_giving_is_closed_and_opened_by_an_organizer_with_a_reason(page: Fundraiser) -> None:
    tries.count("code")
    organizer = at_desk(Role.ORGANIZER)
    text = text_of(organizer, "/desk/giving")
    assert "Calm" in text
    assert re.search(r"Asked for a code</dt><dd class=\"num\">1<", text)
    assert organizer.post("/desk/giving", {"mode": "closed", "reason": ""}).status_code == 422
    assert organizer.post("/desk/giving", {"mode": "closed", "reason": "Stolen cards"}).status_code == 302
    assert Gate.objects.get().mode == Gate.Mode.CLOSED
    assert Client().get("/give").status_code == 503
    assert "on alert or closed" in text_of(organizer, "/desk")
    organizer.post("/desk/giving", {"mode": "auto", "reason": "Over"})
    assert Client().get("/give").status_code == 200
    assert [act.reason for act in StaffAct.objects.order_by("pk")] == ["Stolen cards", "Over"]


def test_closing_needs_a_fresh_second_factor(page: Fundraiser) -> None:
    stale = at_desk(Role.ORGANIZER, mfa_seconds_ago=3600)
    assert stale.post("/desk/giving", {"mode": "closed", "reason": "x"}).status_code == 302
    assert not Gate.objects.filter(mode="closed").exists()
