"""Joining the list takes two steps: a form, and a press in the mail. Nobody learns who is on it."""

from datetime import timedelta

import pytest
from django.core.signing import dumps
from django.test import Client

from common import clock
from common.stamps import stamp
from events.models import Event
from outreach.news.consent import NEWEST
from outreach.news.models import NEWS_CONFIRM, Subscriber
from outreach.news.subscribing import ASKS_SPAN, confirm, rough
from tests.newsletter.readers import a_subscriber, is_off, later, links_in, mailed, off_link, one_click, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_event(event: Event) -> None: ...


def confirm_link(client: Client, email: str = "rosa@example.org") -> str:
    sign_up(client, email)
    [message] = mailed()
    [link] = links_in(message, "confirm")
    return link


def is_confirmed(email: str = "rosa@example.org") -> bool:
    return Subscriber.objects.filter(email=email, confirmed_at__isnull=False).exists()


def test_a_press_in_the_mail_confirms_and_looking_does_not(client: Client) -> None:
    link = confirm_link(client)
    for _scanner in range(3):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert not is_confirmed()
    assert "You are on the list" in client.post(link).content.decode()
    person = Subscriber.objects.get()
    assert (person.email, person.words, person.asks) == ("rosa@example.org", NEWEST, 0)
    assert person.asked_from == person.confirmed_from == "127.0.0.0/24"
    assert "You are on the list" in client.post(link).content.decode(), "again is the same"


def test_the_page_says_what_one_gets_and_holds_no_form_and_no_cookie(client: Client) -> None:
    answer = client.get("/news")
    page = answer.content.decode()
    assert "twice a month" in page
    assert "We hate spam and promise to keep your e-mail address safe." in page
    assert "<form" not in page
    assert not answer.cookies
    assert "no-store" in client.get("/news/sign-up").headers["Cache-Control"]


def test_the_same_answer_whether_known_or_not(client: Client) -> None:
    a_subscriber("known@example.org")
    a_subscriber("waits@example.org", confirmed_at=None, asks=3)
    answers = [
        client.post("/news/sign-up", {"email": email, "drawn": stamp()}, follow=True).content
        for email in ("known@example.org", "Waits@example.org", "new@example.org")
    ]
    assert answers == [answers[0]] * 3
    assert [message.to for message in mailed()] == [["new@example.org"]]


def test_who_is_on_the_list_gets_no_second_mail_and_keeps_their_proof(client: Client) -> None:
    person = a_subscriber("known@example.org", asked_from="10.0.0.0/24")
    assert sign_up(client, "KNOWN@example.org") == 302
    assert mailed() == []
    person.refresh_from_db()
    assert person.asked_from == "10.0.0.0/24"


def test_nobody_can_have_many_mails_sent_to_an_address(client: Client) -> None:
    for minute in range(8):
        with later(minutes=minute):
            assert sign_up(client, "victim@example.org") == 302
    assert len(mailed()) == 3
    Subscriber.objects.update(asked_at=clock.now() - ASKS_SPAN - timedelta(days=1))
    sign_up(client, "victim@example.org")
    assert len(mailed()) == 1


def test_who_wants_none_gets_one_mail_a_month_at_most(client: Client) -> None:
    link = confirm_link(client)
    off = Subscriber.objects.get()
    client.post(link)
    assert one_click(off_link(off.email)) == 200
    for minute in range(4):
        with later(minutes=1 + minute):
            sign_up(client, off.email)
    assert len(mailed()) == 1


def test_many_sign_ups_of_one_network_are_held(client: Client) -> None:
    answers = [sign_up(client, f"a{number}@example.org") for number in range(25)]
    assert answers[:20] == [302] * 20
    assert 429 in answers


def test_a_confirmation_ends_after_seven_days(client: Client) -> None:
    with later(days=-8):
        link = confirm_link(client)
    assert "This link has ended" in client.get(link).content.decode()
    assert "This link has ended" in client.post(link).content.decode()
    assert not is_confirmed()


def test_a_confirmation_from_before_one_left_brings_nobody_back(client: Client) -> None:
    link = confirm_link(client)
    client.post(link)
    one_click(off_link("rosa@example.org"))
    assert "This link has ended" in client.post(link).content.decode()
    assert is_off("rosa@example.org")


def test_who_left_comes_back_by_confirming_anew(client: Client) -> None:
    client.post(confirm_link(client))
    person = Subscriber.objects.get()
    one_click(off_link(person.email))
    with later(minutes=1):
        client.post(confirm_link(client))
    assert not is_off(person.email)


def test_forged_confirmations_are_nothing(client: Client) -> None:
    link = confirm_link(client)
    start = len("/news/confirm/")
    for place in range(start, len(link) - 1):
        forged = link[:place] + ("x" if link[place] != "x" else "y") + link[place + 1 :]
        assert client.post(forged).status_code == 404
    other = dumps([Subscriber.objects.get().pk, 0], salt="another purpose")
    assert client.post(f"/news/confirm/{other}").status_code == 404
    assert not is_confirmed()


def test_the_trap_and_a_bad_address_are_said_and_the_words_kept(client: Client) -> None:
    answer = client.post("/news/sign-up", {"email": "rosa@example.org", "website": "x"})
    assert answer.status_code == 422
    assert "rosa@example.org" in answer.content.decode()
    answer = client.post("/news/sign-up", {"email": "rosa"})
    assert "Enter an e-mail address like name@example.org." in answer.content.decode()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "email", ["a@b.org\nBcc: all@example.org", "a@b.org\r\nX: y", "a@b.org,c@d.org", "a@b.org%0aX:y"]
)
def test_no_address_carries_a_header(client: Client, email: str) -> None:
    assert sign_up(client, email) == 422
    assert mailed() == []


def test_what_is_kept_of_a_network_names_no_household() -> None:
    assert rough("203.0.113.77") == "203.0.113.0/24"
    assert rough("2001:db8:12:34::/64") == "2001:db8:12::/48"


def test_a_link_of_somebody_forgotten_is_over(client: Client) -> None:
    link = confirm_link(client)
    Subscriber.objects.all().delete()
    assert "This link has ended" in client.post(link).content.decode()
    with pytest.raises(Subscriber.DoesNotExist):
        confirm(number=1, asked=0, network="10.0.0.1")


def test_the_token_says_no_address(client: Client) -> None:
    assert NEWS_CONFIRM.endswith("_token")
    link = confirm_link(client)
    assert "rosa" not in link
