"""Donors who reach the site over the network, as it runs, and what the books then hold."""

import http.client
import time
import urllib.parse
from collections import Counter
from uuid import uuid4

from donations.giving.gate.stamps import stamp
from donations.giving.models import Credit, Donation
from donations.ledger.models import Entry, Kind
from donations.payments.models import Payment, StripeEvent
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail, Topic
from outreach.services import turn_off
from tests.factories import a_page
from tests.tools.fixtures.stripe import StripeSandbox


def post(
    url: str, words: dict[str, str] | bytes, headers: dict[str, str] | None = None, host: int = 1
) -> tuple[int, str, float]:
    """Status, Location and seconds; redirects are not followed. `host` is the last number of who asks: 127.0.0.1."""
    parts = urllib.parse.urlsplit(url)
    body = words if isinstance(words, bytes) else urllib.parse.urlencode(words).encode()
    kind = "application/json" if isinstance(words, bytes) else "application/x-www-form-urlencoded"
    begun = time.monotonic()
    connection = http.client.HTTPConnection(parts.netloc, timeout=30, source_address=(f"127.0.0.{host}", 0))
    try:
        connection.request("POST", parts.path, body, {"Content-Type": kind, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", ""), time.monotonic() - begun
    finally:
        connection.close()


def get(url: str) -> tuple[int, float]:
    """Status and seconds."""
    parts = urllib.parse.urlsplit(url)
    begun = time.monotonic()
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status, time.monotonic() - begun
    except TimeoutError:
        return 0, time.monotonic() - begun
    finally:
        connection.close()


def start_gift(site_url: str, path: str = "/give", number: int = 0, amount: str = "50.00") -> tuple[Payment, float]:
    """A donor fills in the form; gives the payment and how long the site took."""
    token = uuid4().hex
    words = {"amount": amount, "name": "Rosa Delgado", "email": f"rosa{number}@example.org"}
    words |= {"form_token": str(uuid4()), "drawn": stamp()}
    cookie = {"Cookie": f"csrftoken={token[:32]}", "X-CSRFToken": token[:32]}
    status, address, seconds = post(site_url + path, words, cookie, host=2 + number % 250)
    assert status == 302, f"the form answered {status}"
    payment = Payment.objects.latest("pk")
    assert address == payment.session_url
    return payment, seconds


def pay(sandbox: StripeSandbox, payment: Payment) -> None:
    sandbox.do(f"pay/{payment.session_id}", card="4242424242424242")


def give(sandbox: StripeSandbox, site_url: str, path: str = "/give", number: int = 0) -> Payment:
    payment, _seconds = start_gift(site_url, path, number)
    pay(sandbox, payment)
    return payment


def received() -> int:
    return Donation.objects.filter(received_at__isnull=False).count()


def inbox_is_empty() -> bool:
    return not StripeEvent.objects.filter(processed_at=None).exists()


def a_quiet_page() -> Fundraiser:
    """A runner's page without mails of its own: what is counted here are mails about gifts."""
    page = a_page(email="amina@example.org")
    turn_off(email=page.email, topic=Topic.MILESTONES, off=True)
    OutboxMail.objects.all().delete()
    return page


def mails_sent() -> int:
    return OutboxMail.objects.filter(status=OutboxMail.Status.SENT).count()


def assert_once(gifts: int) -> None:
    """Each gift has one entry and one credit, and nothing else is in the books."""
    assert received() == gifts
    assert Entry.objects.filter(kind=Kind.GIFT).count() == gifts
    assert Credit.objects.count() == gifts
    assert set(Credit.objects.values_list("reason", flat=True)) == {Credit.Reason.GIFT}


def assert_no_mail_twice(mails: list[str]) -> None:
    twice = [mail for mail, count in Counter(mails).items() if count > 1]
    assert not twice, f"sent more than once: {twice}"
