"""The webhook takes what is from Stripe, just now and of our mode; anything else is 400 and leaves nothing."""

import json
import random
import time
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from donations.ledger.models import Entry
from donations.payments.models import StripeEvent
from fundraisers.models import Fundraiser
from tests.factories import a_ledger, a_page, a_payment
from tests.giving.donors import a_told_charge, an_event_body, drain, sign, tell

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def refused(body: bytes | str, signature: str | None = None, **more: Any) -> bool:
    """400 with a sentence, and nothing stored."""
    answer = tell(body, signature, **more)
    assert not StripeEvent.objects.exists()
    return answer.status_code == 400 and len(answer.content) > 10


def test_a_signed_event_is_kept_as_it_came() -> None:
    body = an_event_body(a_told_charge(None))
    assert tell(body).status_code == 200
    event = StripeEvent.objects.get()
    assert (event.body, event.processed_at) == (body, None)


def test_without_its_signature_it_is_refused() -> None:
    body = an_event_body(a_told_charge("1"))
    good = sign(body)
    stamp, _comma, digest = good.partition(",")
    wrong = ["", " ", "garbage", "t=,v1=", "t=abc,v1=abc", stamp, digest, good[:-1], good[:40], good[::-1]]
    wrong += [f"{stamp},v0={digest[3:]}", f"t=1,{digest}", f"{stamp},v1=", f"{stamp},v1={'0' * 64}", "t=1,t=2,v1=é"]
    for signature in wrong:
        assert refused(body, signature), signature
    answer: Any = Client().post("/stripe/webhook", body, content_type="application/json")
    assert answer.status_code == 400


def test_another_secret_is_refused() -> None:
    body = an_event_body(a_told_charge("1"))
    for secret in ("whsec_other", "", "whsec_sandbox "):
        assert refused(body, sign(body, secret=secret))


@pytest.mark.parametrize("seconds", [-86_400, -400, -305, 310, 600, 10**9])
def test_a_stale_one_and_one_from_the_future_are_refused(seconds: int) -> None:
    body = an_event_body(a_told_charge("1"))
    assert refused(body, sign(body, at=time.time() + seconds))


@pytest.mark.parametrize("seconds", [-290, 290])
def test_clocks_may_differ_by_a_few_minutes(seconds: int) -> None:
    body = an_event_body(a_told_charge(None))
    assert tell(body, sign(body, at=time.time() + seconds)).status_code == 200


def test_a_stamp_put_before_the_signed_one_does_not_make_it_fresh() -> None:
    body = an_event_body(a_told_charge("1"))
    old = sign(body, at=time.time() - 4000)
    assert refused(body, f"t={int(time.time())},{old}")


def test_one_changed_byte_anywhere_is_refused() -> None:
    body = an_event_body(a_told_charge("1")).encode()
    signature = sign(body)
    for place in random.Random(5).sample(range(len(body)), 200):
        flipped = bytearray(body)
        flipped[place] ^= 1
        assert refused(bytes(flipped), signature), place
    for cut in (body[:-1], body + b" ", b"", body[1:]):
        assert refused(cut, signature)


def test_a_live_event_is_refused_on_a_test_site_and_the_reverse(settings: Settings) -> None:
    assert refused(an_event_body(a_told_charge("1"), livemode=True))
    settings.STRIPE_LIVEMODE = True
    assert refused(an_event_body(a_told_charge("1")))


NO_EVENTS = [
    *(
        "",
        "not json",
        "{",
        "[]",
        "null",
        "true",
        "1",
        '"evt"',
        "{}",
        '{"object": "event"}',
        "NaN",
        "[[[[[[",
        "\ufeff{}",
    ),
    *('{"id": "evt_1", "object": "event", "livemode": false}', '{"livemode": false}', '{"object": "v2.core.event"}'),
]


@pytest.mark.parametrize("body", NO_EVENTS)
def test_what_is_signed_but_no_event_is_refused(body: str) -> None:
    assert refused(body)


ODD: list[dict[str, Any]] = [
    *({"id": None}, {"id": 7}, {"id": ""}, {"id": "e" * 81}, {"type": None}, {"type": ["x"]}, {"type": "x" * 81}),
    *({"created": None}, {"created": "now"}, {"created": 1.5}, {"created": 10**20}, {"created": -(10**20)}),
    *({"data": None}, {"data": []}, {"data": {}}, {"data": {"object": None}}, {"data": {"object": []}}),
    *({"livemode": None}, {"livemode": "false"}, {"livemode": 0}, {"id": "evt_\x00"}, {"type": "charge\x00"}),
]


@pytest.mark.parametrize("change", ODD, ids=[json.dumps(each)[:40] for each in ODD])
def test_an_event_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    assert refused(an_event_body(a_told_charge("1"), **change))


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refused(b"\xff\xfe{}", "t=1,v1=00")


def test_a_signed_event_of_an_unknown_type_is_kept_and_answered_200() -> None:
    ledger = a_ledger()
    assert tell(an_event_body({"object": "satellite", "id": "sat_1"}, "satellite.launched")).status_code == 200
    drain()
    event = StripeEvent.objects.get()
    assert event.processed_at
    ledger.refresh_from_db()
    assert ledger.last_sequence == 0


def test_the_same_event_a_hundred_times_has_one_effect() -> None:
    page = a_page()
    payment = a_payment(page)
    body = an_event_body(a_told_charge(payment))
    for number in range(100):
        assert tell(body).status_code == 200
        if number % 10 == 0:
            drain()
    drain()
    assert StripeEvent.objects.count() == Entry.objects.count() == 1
    assert Fundraiser.objects.get().raised_cents == 5000


def test_only_a_post_is_answered() -> None:
    client = Client()
    assert [client.get("/stripe/webhook").status_code, client.put("/stripe/webhook").status_code] == [405, 405]
    assert client.head("/stripe/webhook").status_code == 405


def test_no_token_of_ours_is_asked_of_stripe() -> None:
    body = an_event_body(a_told_charge(None))
    answer: Any = Client(enforce_csrf_checks=True).post(
        "/stripe/webhook", body, content_type="application/json", HTTP_STRIPE_SIGNATURE=sign(body)
    )
    assert answer.status_code == 200


def test_a_body_that_is_too_large_is_413() -> None:
    body = an_event_body(a_told_charge("1", description="x" * 600_000))
    assert tell(body).status_code == 413
    assert not StripeEvent.objects.exists()
