"""The gate before Stripe: what it asks of whom, what it says, and what never gets past it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import TimestampSigner
from django.test import Client, RequestFactory
from pytest_django import Settings
from redis import RedisError

from common import clock
from common.breaker import Breaker
from common.tries import within
from donations.giving import gate
from donations.giving.gate import codes, tries, watch
from donations.giving.gate.judgement import FREE, FREE_OF_MAILBOX, Level
from donations.giving.models import Donation, Entrance, Gate
from donations.payments import gateway
from donations.payments.models import Payment
from events.queries import current_event
from outreach.models import OutboxMail
from registration.services import hold
from tests.factories import a_cart, a_ledger, a_page
from tests.giving.donors import an_address, press, words

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def stripe(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sessions that were begun at Stripe."""
    a_ledger()
    begun: list[str] = []

    def begin(*_args: object, idempotency_key: str) -> gateway.Session:
        begun.append(idempotency_key)
        return gateway.Session(f"cs_{len(begun)}", "https://stripe.example/pay")

    monkeypatch.setattr(gateway, "create_checkout", begin)
    return begun


def comes(address: str = HERE, **more: Any) -> Any:
    """The answer to the form from this address, with a mailbox of its own."""
    email = f"donor{Payment.objects.count()}@example.org"
    return Client(REMOTE_ADDR=address).post("/give", words(**{"email": email} | more))


def on_alert() -> None:
    Gate.objects.filter(pk=watch.the_gate().pk).update(mode=Gate.Mode.ALERT)


def code_for(email: str) -> str:
    return str(re.findall(r"\d{6}", OutboxMail.objects.filter(to=email).latest("pk").subject)[0])


# --- The form itself ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stamped", ["", "drawn", "drawn:1:x", "x" * 5000, "another form's"])
def test_a_form_without_its_time_is_drawn_again_with_the_words(stamped: str, stripe: list[str]) -> None:
    answer = press(drawn=TimestampSigner(salt="other").sign("drawn") if "another" in stamped else stamped)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "please press once more" in text
    assert 'value="Rosa Delgado"' in text
    fresh = re.search(r'name="drawn" value="([^"]+)"', text)
    assert fresh
    assert press(drawn=fresh[1]).status_code == 302
    assert len(stripe) == 1


def test_a_form_of_yesterday_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = words()
    monkeypatch.setattr("common.stamps.KEPT_SECONDS", -1)
    answer = Client().post("/give", typed)
    assert answer.status_code == 422
    assert "open for a long time" in answer.content.decode()


def test_a_form_that_is_sent_at_once_is_not_taken(settings: Settings, stripe: list[str]) -> None:
    settings.FORM_SECONDS = 2
    assert "very quick" in press().content.decode()
    settings.FORM_SECONDS = 0.000001
    assert press().status_code == 302
    assert len(stripe) == 1


def test_who_fills_in_what_nobody_sees_is_not_taken_and_learns_how_to_go_on(stripe: list[str]) -> None:
    answer = press(website="https://spam.example")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "spam.example" not in text
    assert "press once more" in text
    assert not stripe
    assert not Payment.objects.exists()


def test_the_trap_is_out_of_the_way_of_people() -> None:
    text = Client().get("/give").content.decode()
    trap = re.search(r'<div class="trap" aria-hidden="true">.*?</div>', text)
    assert trap
    assert 'tabindex="-1"' in trap[0]
    assert 'autocomplete="off"' in trap[0]


# --- Addresses and mailboxes ----------------------------------------------------------------------------------


def test_an_address_that_pays_nothing_is_asked_for_a_code_and_gets_on_with_it(stripe: list[str]) -> None:
    assert [comes().status_code for _ in range(FREE)] == [302] * FREE
    answer = comes(email="rosa@example.org")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "One more step" in text
    assert "rosa@example.org" in text
    assert Payment.objects.count() == len(stripe) == FREE
    wrong = comes(email="rosa@example.org", code="12")
    assert wrong.status_code == 422
    assert "not the code" in wrong.content.decode()
    spoken = f" {code_for('rosa@example.org')[:3]} {code_for('rosa@example.org')[3:]} "
    assert comes(email="rosa@example.org", code=spoken).status_code == 302
    assert Entrance.objects.filter(with_code=True).count() == 1


def test_the_words_come_back_from_the_page_that_asks_for_the_code() -> None:
    page = a_page()
    on_alert()
    path = f"/r/{page.slug}/give"
    typed = words(amount="5", message="Run!", shown="alias", alias="Grandma", dedication="memory", dedicated_to="Kaiya")
    text = Client().post(path, typed).content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    kept.pop("csrfmiddlewaretoken", None)
    changed = Client().post(path, kept | {"change": "1"})
    assert 'value="Grandma"' in changed.content.decode()
    assert "There is a problem" not in changed.content.decode()
    answer = Client().post(path, kept | {"code": code_for("rosa@example.org")})
    assert answer.status_code == 302
    item = Donation.objects.get()
    assert (item.message, item.alias, item.shown, item.amount_hidden) == ("Run!", "Grandma", "alias", False)
    assert (item.dedication, item.dedicated_to, item.cover_cents) == ("memory", "Kaiya", 0)


def test_each_gift_that_was_paid_lets_the_address_have_one_more() -> None:
    for _ in range(FREE):
        comes()
    Payment.objects.filter(pk__in=Payment.objects.values("pk")[:4]).update(status=Payment.Status.PAID)
    assert [comes().status_code for _ in range(9)] == [302] * 8 + [200]


def test_one_mailbox_cannot_begin_payments_from_many_addresses(stripe: list[str]) -> None:
    amounts = range(20, 20 + FREE_OF_MAILBOX)
    assert {comes(an_address(), email="r@example.org", amount=str(cents)).status_code for cents in amounts} == {302}
    assert comes(an_address(), email="R@example.org", amount="99").status_code == 200
    assert len(stripe) == FREE_OF_MAILBOX


def test_the_same_press_again_is_no_other_payment_and_needs_no_code(stripe: list[str]) -> None:
    on_alert()
    typed = words(amount="25")
    answers = [Client(REMOTE_ADDR=HERE).post("/give", typed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302] * 3
    assert len(stripe) == 1


def test_a_forged_header_makes_nobody_another(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    requests = RequestFactory()
    seen = {
        gate.comer_of(requests.get("/give", HTTP_X_FORWARDED_FOR=f"10.9.8.{number}, {HERE}", REMOTE_ADDR="10.0.0.1"))
        for number in range(50)
    }
    assert len(seen) == 1


def test_a_line_with_sixty_four_bits_of_addresses_is_one() -> None:
    requests = RequestFactory()

    def hashed(address: str) -> str:
        return gate.comer_of(requests.get("/", REMOTE_ADDR=address)).address

    assert hashed("2001:db8:1:2::1") == hashed("2001:db8:1:2:ffff::9") != hashed("2001:db8:1:3::1")
    assert hashed("::ffff:203.0.113.7") == hashed(HERE) != hashed("203.0.113.8")
    assert HERE not in hashed(HERE)


def test_what_was_known_of_an_address_is_thrown_away_after_two_days() -> None:
    comes()
    Entrance.objects.update(created_at=clock.now() - timedelta(hours=49))
    comes(an_address())
    gate.forget()
    assert Entrance.objects.count() == 1
    assert Payment.objects.count() == 2


def test_too_many_tries_are_held_with_a_time_to_come_back(stripe: list[str]) -> None:
    for _ in range(60):
        within(tries.ADDRESS, gate.comer_of(RequestFactory().get("/", REMOTE_ADDR=HERE)).address)
    answer = comes(name="Ole Olson")
    text = answer.content.decode()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 900
    assert "Nothing was taken" in text
    assert "try again in 15 minutes" in text
    assert "hello@" in text or "write to" in text
    assert 'value="Ole Olson"' in text
    assert comes(an_address()).status_code == 302
    assert len(stripe) == 1


# --- Codes ----------------------------------------------------------------------------------------------------


def test_codes_are_few_for_a_mailbox_and_guesses_too() -> None:
    on_alert()
    assert {comes(an_address(), amount="5", email="r@example.org").status_code for _ in range(8)} == {200}
    assert OutboxMail.objects.filter(to="r@example.org").count() == 1, "one in a quarter of an hour"
    guesses = [comes(amount="5", email="r@example.org", code=f"{n:06}").status_code for n in range(12)]
    assert guesses == [422] * 10 + [429] * 2
    right = {"amount": "5", "email": "r@example.org", "code": code_for("r@example.org")}
    assert comes(**right).status_code == 429, "who guessed too often waits, even with the right one"
    assert comes(an_address(), **right).status_code == 302, "its owner, elsewhere, does not"


def test_guesses_from_many_addresses_are_few_too() -> None:
    on_alert()
    comes(amount="5", email="r@example.org")
    guesses = {codes.is_right(email="r@example.org", address=f"a{n // 9}", code=f"x{n:05}") for n in range(100)}
    assert guesses == {False}
    assert codes.is_right(email="r@example.org", address="other", code="1") is None


def test_one_address_cannot_have_codes_sent_to_the_whole_world() -> None:
    on_alert()
    answers = [comes(amount="5", email=f"stranger{number}@example.org").status_code for number in range(14)]
    assert answers == [200] * 10 + [429] * 4
    assert OutboxMail.objects.count() == 10


def test_a_code_is_for_one_mailbox_and_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    on_alert()
    comes(amount="5", email="rosa@example.org")
    code = code_for("rosa@example.org")
    now = clock.now()
    for later, good in ((0, True), (15, True), (31, False)):
        moment = now + timedelta(minutes=later)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert codes.is_right(email="Rosa@Example.org", address="a", code=code) is good
        assert codes.is_right(email="tom@example.org", address="a", code=code) is False


# --- Alert and closing ----------------------------------------------------------------------------------------


def test_unpaid_sessions_begin_an_alert_and_small_gifts_then_need_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(20):
        comes(an_address(), amount="1")
    assert watch.level_now() == Level.CALM
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert watch.level_now() == Level.ALERT
    assert comes(an_address(), amount="5").status_code == 200
    assert comes(an_address(), amount="50").status_code == 302
    over = later + timedelta(hours=1, minutes=6)
    monkeypatch.setattr(clock, "now", lambda: over)
    assert watch.level_now() == Level.CALM


def test_as_many_that_pay_are_no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(40):
        comes(an_address(), amount="1")
    Payment.objects.filter(pk__in=Payment.objects.values("pk")[:20]).update(status=Payment.Status.PAID)
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert watch.level_now() == Level.CALM


def test_an_alert_goes_on_while_tries_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    Gate.objects.filter(pk=watch.the_gate().pk).update(alert_until=now + timedelta(seconds=30))
    for _ in range(20):
        tries.count("later")
    assert watch.level_now() == Level.ALERT
    assert watch.the_gate().alert_until == pytest.approx(now + timedelta(hours=1), abs=timedelta(minutes=1))


def test_closed_says_so_before_anybody_types_and_takes_nothing(stripe: list[str]) -> None:
    page = a_page()
    Gate.objects.filter(pk=watch.the_gate().pk).update(mode=Gate.Mode.CLOSED)
    for path in ("/give", "/give/fees", f"/r/{page.slug}/give"):
        shown = Client().get(path)
        assert shown.status_code == 503
        assert "closed just now" in shown.content.decode()
        assert "<button" not in shown.content.decode().split("<main")[1].split("</main")[0]
    answer = comes()
    assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
    assert "closed just now" in answer.content.decode()
    assert not stripe


# --- Without Redis --------------------------------------------------------------------------------------------


def test_with_redis_away_gifts_go_on_with_a_local_limit(
    settings: Settings, stripe: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.tries.shelf", Breaker(RedisError, OSError))
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert comes().status_code == 302
    for _ in range(80):
        within(tries.ADDRESS, gate.comer_of(RequestFactory().get("/", REMOTE_ADDR=HERE)).address)
    assert comes().status_code == 429
    assert len(stripe) == 1


# --- Registrations --------------------------------------------------------------------------------------------


def a_held_cart(email: str) -> str:
    """The address where a household whose places are held goes on to be paid."""
    cart = hold(registration=a_cart(current_event(), email=email), until=clock.now() + timedelta(minutes=35))
    return f"/checkout/{cart.token}"


def test_a_registration_goes_through_the_same_gate(stripe: list[str]) -> None:
    on_alert()
    client = Client(REMOTE_ADDR=HERE)
    assert client.get(a_held_cart("amina@example.org"))["Location"] == "https://stripe.example/pay"
    second = a_held_cart("tou@example.org")
    asked = client.get(second)
    assert (asked.status_code, len(stripe)) == (200, 1)
    assert "One more step" in asked.content.decode()
    assert client.post(second, {"code": "000000x"}).status_code == 422
    assert client.post(second, {"code": code_for("tou@example.org")})["Location"] == "https://stripe.example/pay"
    Gate.objects.update(mode=Gate.Mode.CLOSED)
    closed = client.get(a_held_cart("mai@example.org"))
    assert (closed.status_code, len(stripe)) == (503, 2)
    assert "closed just now" in closed.content.decode()


def test_whoever_types_a_strangers_mailbox_does_not_lock_its_owner_out() -> None:
    for number in range(50):
        comes(f"10.7.0.{number % 4}", email="sponsor@example.org", amount=f"{20 + number}")
    asked = {"email": "sponsor@example.org", "amount": "500"}
    assert comes(an_address(), **asked).status_code == 200, "asked for the code in the mailbox"
    assert comes(an_address(), **asked, code=code_for("sponsor@example.org")).status_code == 302
