"""What donors do in these tests: fill in the form, pay at Stripe's page, come back."""

import json
import time
from typing import Any, cast
from uuid import uuid4

import stripe
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from donations.giving import services
from donations.giving.gate.stamps import stamp
from donations.ledger.models import Ledger
from donations.payments.models import Payment
from tests.factories import numbers
from tests.tools.fixtures.stripe import StripeSandbox

CARD = "4242424242424242"
DAY = 86_400


def words(**more: Any) -> dict[str, Any]:
    """What a donor types, and what the form carries."""
    typed = {"amount": "50.00", "name": "Rosa Delgado", "email": "rosa@example.org"}
    return typed | {"form_token": str(uuid4()), "drawn": stamp()} | more


def an_address() -> str:
    """A network address of a donor's own."""
    number = next(numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def press(path: str = "/give", home: str = "", **more: Any) -> HttpResponse:
    """The answer to the form, pressed once, by somebody at home: at this address, or at one of their own."""
    return cast(HttpResponse, Client(REMOTE_ADDR=home or an_address()).post(path, words(**more)))


def start(path: str = "/give", **more: Any) -> Payment:
    """A payment whose donor has been sent to Stripe's page."""
    before = set(Payment.objects.values_list("pk", flat=True))
    answer = press(path, **more)
    assert answer.status_code in (302, 303), answer.content.decode()[:2000]
    payment = Payment.objects.exclude(pk__in=before).get()
    assert answer.headers["Location"] == payment.session_url
    return payment


def pay(sandbox: StripeSandbox, payment: Payment, **way: Any) -> dict[str, Any]:
    """Pays at Stripe's page, by card unless an account is named."""
    return sandbox.do(f"pay/{payment.session_id}", **(way or {"card": CARD}))


def come_back(payment: Payment, query: str = "") -> str:
    """The donor's own page."""
    answer = Client().get(f"/thanks/{payment.token}{query}")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def drain() -> None:
    for ledger in Ledger.objects.all():
        while services.drain_inbox(ledger.pk):
            pass


def hear(sandbox: StripeSandbox) -> None:
    """The webhooks arrive and a worker takes them."""
    assert sandbox.do("deliver", now=True)["empty"]
    drain()


def client_of(sandbox: StripeSandbox) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_x", base_addresses={"api": sandbox.url})


def sign(body: bytes | str, at: float | None = None, secret: str | None = None) -> str:
    text = body.decode() if isinstance(body, bytes) else body
    moment = int(time.time() if at is None else at)
    key = settings.STRIPE_WEBHOOK_SECRET if secret is None else secret
    return str(stripe.WebhookSignature.generate_signature_header(text, key, moment))


def tell(body: bytes | str, signature: str | None = None, **more: Any) -> HttpResponse:
    """A webhook with this body, signed unless a signature is given."""
    header = sign(body) if signature is None else signature
    client = Client(raise_request_exception=False)
    headers = {"HTTP_STRIPE_SIGNATURE": header, **more}
    return cast(HttpResponse, client.post("/stripe/webhook", body, content_type="application/json", **headers))


def an_event_body(thing: dict[str, Any], kind: str = "charge.succeeded", **more: Any) -> str:
    """An event of Stripe's shape about `thing`."""
    event = {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "api_version": stripe.api_version,
        "created": int(time.time()),
        "livemode": False,
        "type": kind,
        "data": {"object": thing},
    }
    return json.dumps(event | more)


def name_of(payment: Payment) -> str:
    """What Stripe's objects call one of our payments in their metadata."""
    return str(payment.token)


def a_told_charge(payment: Payment | str | None, **more: Any) -> dict[str, Any]:
    """A charge as an event shows it, of a payment or of whatever its metadata name."""
    named = name_of(payment) if isinstance(payment, Payment) else payment
    charge = {
        "id": f"ch_{uuid4().hex}",
        "object": "charge",
        "amount": 5000,
        "currency": "usd",
        "status": "succeeded",
        "payment_intent": f"pi_{uuid4().hex}",
        "created": int(time.time()),
        "metadata": {} if named is None else {"payment": named},
    }
    return charge | more
