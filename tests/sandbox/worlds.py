"""What the sandbox's tests begin with: a sandbox, a client of Stripe's own library, a browser without JavaScript."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe
from stripe.checkout import Session

from stripe_sandbox.sandbox import Sandbox

SECRET = "whsec_test"
DAY = 86_400


@contextmanager
def running(**options: Any) -> Iterator[Sandbox]:
    sandbox = Sandbox(**options).start()
    try:
        yield sandbox
    finally:
        sandbox.stop()


def client_of(sandbox: Sandbox, key: str = "sk_test_sandbox", *, retries: int = 0) -> stripe.StripeClient:
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        key,
        base_addresses={"api": sandbox.url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=10),
    )


def gift(cents: int = 5000, **more: Any) -> Any:
    """Parameters of a session for one gift."""
    price = {"currency": "usd", "unit_amount": cents, "product_data": {"name": "Gift for Ana's run"}}
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://127.0.0.1:9/thanks?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:9/r/ana",
        "customer_email": "donor@example.org",
        "client_reference_id": "payment-7",
        "metadata": {"payment": "7"},
        "payment_intent_data": {"metadata": {"payment": "7", "page": "3"}, "description": "Gift"},
        **more,
    }


def opened(sandbox: Sandbox, cents: int = 5000, **more: Any) -> Session:
    return client_of(sandbox).v1.checkout.sessions.create(gift(cents, **more))


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    location: str | None


def visit(url: str, fields: dict[str, str] | None = None) -> Page:
    """One request as a browser makes it; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    method, headers = ("GET", {}) if fields is None else ("POST", {"Content-Type": "application/x-www-form-urlencoded"})
    connection.request(method, f"{parts.path}?{parts.query}", urlencode(fields or {}), headers)
    answer = connection.getresponse()
    page = Page(answer.status, answer.read().decode(), answer.headers["Location"])
    connection.close()
    return page


def typed_card(number: str = "4242 4242 4242 4242", **more: str) -> dict[str, str]:
    fields = {"method": "card", "email": "donor@example.org", "name": "Dana Donor", "card_number": number}
    return {**fields, "expiry": "12 / 34", "cvc": "123", **more}


def typed_account(number: str = "000123456789", **more: str) -> dict[str, str]:
    fields = {"method": "us_bank_account", "email": "donor@example.org", "name": "Dana Donor"}
    return {**fields, "routing_number": "110000000", "account_number": number, **more}


def control(sandbox: Sandbox, name: str, wanted: dict[str, Any] | None = None) -> dict[str, Any]:
    """A call of the control surface: GET without a body, POST with one."""
    parts = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    body = None if wanted is None else json.dumps(wanted)
    connection.request("GET" if wanted is None else "POST", f"/_sandbox/{name}", body)
    answered: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return answered


def advance(sandbox: Sandbox, seconds: float) -> None:
    control(sandbox, "time", {"advance": seconds})


def paid(sandbox: Sandbox, card: str = "4242424242424242", cents: int = 5000) -> Session:
    """A session paid by card, with its balance transaction."""
    session = opened(sandbox, cents)
    control(sandbox, f"pay/{session.id}", {"card": card})
    advance(sandbox, 3)
    return client_of(sandbox).v1.checkout.sessions.retrieve(session.id)


def charge_of(sandbox: Sandbox, session: Session) -> stripe.Charge:
    """The charge of a session that was paid."""
    intent = client_of(sandbox).v1.payment_intents.retrieve(str(session.payment_intent), {"expand": ["latest_charge"]})
    assert isinstance(intent.latest_charge, stripe.Charge)
    return intent.latest_charge


def charged(sandbox: Sandbox, card: str = "4242424242424242", cents: int = 5000) -> stripe.Charge:
    return charge_of(sandbox, paid(sandbox, card, cents))


def funded(sandbox: Sandbox, cents: int = 100_000) -> None:
    """Gives the balance so much, available at once."""
    control(sandbox, "transactions", {"type": "adjustment", "amount": cents})


def balance_of(sandbox: Sandbox, account: str | None = None) -> tuple[int, int]:
    """Available and pending, in cents."""
    options: Any = {"stripe_account": account} if account else {}
    balance = client_of(sandbox).v1.balance.retrieve({}, options)
    return balance.available[0].amount, balance.pending[0].amount


def transactions_of(sandbox: Sandbox, account: str | None = None, **wanted: Any) -> list[stripe.BalanceTransaction]:
    """Balance transactions, oldest first, their sources expanded."""
    options: Any = {"stripe_account": account} if account else {}
    params: Any = {"limit": 100, "expand": ["data.source"], **wanted}
    return list(client_of(sandbox).v1.balance_transactions.list(params, options).auto_paging_iter())[::-1]


def event_types(sandbox: Sandbox) -> list[str]:
    """The types of all events, oldest first."""
    events = client_of(sandbox).v1.events.list({"limit": 100})
    return [str(event.type) for event in events.auto_paging_iter()][::-1]


@dataclass
class Receiver:
    """A webhook endpoint that keeps what it got and answers as it is told (200 when told nothing)."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    seconds: float = 0
    got: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.got]


@contextmanager
def receiving(*answers: int) -> Iterator[Receiver]:
    receiver = Receiver(answers=list(answers))

    class Endpoint(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(receiver.seconds)
            receiver.got.append((body, self.headers["Stripe-Signature"]))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/stripe/webhook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def refused(code: str | None = None) -> Iterator[None]:
    """Expects Stripe's 400 with this code."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        yield
    assert (caught.value.http_status, caught.value.code) == (400, code)
