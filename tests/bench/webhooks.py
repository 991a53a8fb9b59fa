"""A signed webhook to a posted gift, drained: through the site, against the least that any program must do for it."""

import hashlib
import hmac
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import RequestFactory

from common import clock
from donations.giving import services
from donations.giving.models import Donation
from donations.ledger.models import SEQUENCE_BITS, Ledger
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from tests.bench.posting import many
from tests.bench.rounds import Line, compare

numbers = count(1)
EVENTS = 300
SHARES = (1667, 1667, 1666)
Row = tuple[object, ...]


def line(event: Event, pages: list[Fundraiser]) -> Line:
    ledger = Ledger.objects.get(code=event.ledger_code)
    batches = iter([_signed(event, ledger, pages) for _ in range(20)])
    return compare(
        "signed webhook to posted gift, drained",
        lambda: _ours(ledger, next(batches)),
        lambda: _by_hand(ledger, next(batches)),
    )


Signed = tuple[bytes, str, Donation]


def _signed(event: Event, ledger: Ledger, pages: list[Fundraiser]) -> list[Signed]:
    weights = [(lane.pk, lane.weight) for lane in event.beneficiaries.all()]
    payments = Payment.objects.bulk_create(
        Payment(
            ledger=ledger,
            form_token=uuid4(),
            fingerprint="bench",
            amount_cents=5000,
            email="a@example.org",
            expires_at=clock.now(),
        )
        for _ in range(EVENTS)
    )
    items = Donation.objects.bulk_create(
        Donation(
            payment=payment,
            event=event,
            fundraiser=pages[place % len(pages)],
            amount_cents=5000,
            weights=weights,
            start=place % 3,
            name="Rosa Delgado",
        )
        for place, payment in enumerate(payments)
    )
    return [(*_event(item.payment), item) for item in items]


def _event(payment: Payment) -> tuple[bytes, str]:
    number, now = next(numbers), int(time.time())
    charge = {
        "id": f"ch_bench{number}",
        "object": "charge",
        "amount": 5000,
        "currency": "usd",
        "status": "succeeded",
        "created": now,
        "payment_intent": f"pi_bench{number}",
        "metadata": {"payment": str(payment.token)},
    }
    body = {
        "id": f"evt_bench{number}",
        "object": "event",
        "type": "charge.succeeded",
        "created": now,
        "livemode": False,
        "data": {"object": charge},
    }
    raw = json.dumps(body).encode()
    mark = hmac.new(settings.STRIPE_WEBHOOK_SECRET.encode(), b"%d.%s" % (now, raw), hashlib.sha256).hexdigest()
    return raw, f"t={now},v1={mark}"


def _ours(ledger: Ledger, signed: list[Signed]) -> int:
    handler, factory = WSGIHandler(), RequestFactory(headers={"host": "localhost"})
    for raw, signature, _item in signed:
        headers = {"Stripe-Signature": signature}
        statuses: list[str] = []
        environ = factory.post("/stripe/webhook", raw, "application/json", headers=headers).environ
        handler(environ, lambda status, _headers, found=statuses: found.append(status))
        assert statuses == ["200 OK"]
    while services.drain_inbox(ledger.pk):
        pass
    return len(signed)


def _by_hand(ledger: Ledger, signed: list[Signed]) -> int:
    """No framework in between: verify, keep, and in batches of 100 the rows of entry, credit, totals and mail."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    for raw, signature, _item in signed:
        stamp, mark = (part.split("=", 1)[1] for part in signature.split(","))
        good = hmac.new(settings.STRIPE_WEBHOOK_SECRET.encode(), f"{stamp}.".encode() + raw, hashlib.sha256)
        assert hmac.compare_digest(good.hexdigest(), mark)
        event = json.loads(raw)
        with connection.cursor() as cursor:
            many(
                cursor,
                "payments_stripeevent (event_id, type, created_at, body, received_at, processed_at, attempts, error)",
                [(event["id"], event["type"], now, raw.decode(), now, now, 0, "")],
            )
    accounts = dict(ledger.accounts.values_list("code", "pk"))
    payables = [pk for code, pk in accounts.items() if code.startswith("payable:")]
    books = Books(ledger.pk, accounts["stripe:clearing"], payables)
    for first in range(0, len(signed), 100):
        some = [(json.loads(raw)["data"]["object"], item) for raw, _signature, item in signed[first : first + 100]]
        with transaction.atomic(), connection.cursor() as cursor:
            _settle_by_hand(cursor, books, some, now)
    return len(signed)


@dataclass
class Books:
    ledger: int
    clearing: int
    payables: list[int]


@dataclass
class Batch:
    """The rows of some gifts, as one would lay them out for this one case."""

    charges: list[Row] = field(default_factory=list)
    legs: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    credits: list[Row] = field(default_factory=list)
    mails: list[Row] = field(default_factory=list)


def _settle_by_hand(cursor: CursorWrapper, books: Books, some: list[tuple[dict[str, Any], Donation]], now: Any) -> None:
    lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"
    cursor.execute(f"SELECT last_sequence FROM ledger_ledger WHERE id = %s{lock}", [books.ledger])
    sequence = cursor.fetchone()[0] + 1
    batch = Batch()
    for number, (charge, item) in enumerate(some, start=sequence):
        _lay_out(batch, books, number, charge, item, now)
    _insert(cursor, batch)
    _update(cursor, books, [item for _charge, item in some], now)


def _lay_out(batch: Batch, books: Books, number: int, charge: dict[str, Any], item: Donation, now: Any) -> None:
    entry, key = (books.ledger << SEQUENCE_BITS) + number, f"payment:{item.payment_id}"
    batch.charges.append((charge["id"], item.payment_id, 5000, "usd", "succeeded", charge["payment_intent"], now))
    batch.legs.append((entry, books.clearing, 5000, key))
    batch.legs += [(entry, payable, -cents, "") for payable, cents in zip(books.payables, SHARES, strict=True)]
    batch.entries.append((entry, books.ledger, number, "gift", f"item:{item.pk}", now, now, ""))
    batch.items.append((books.clearing, key, 5000, now))
    batch.credits.append((item.pk, item.fundraiser_id, item.team_id, 5000, entry, "gift", "", now))
    mail = ("a@example.org", "Your receipt", "email/receipt", "{}", "waiting", 0, "", now)
    batch.mails.append((f"receipt:{item.pk}", *mail))


def _insert(cursor: CursorWrapper, batch: Batch) -> None:
    charge = "id, payment_id, amount_cents, currency, status, payment_intent, created_at"
    many(cursor, f"payments_charge ({charge})", batch.charges)
    many(cursor, "ledger_leg (entry_id, account_id, cents, key)", batch.legs)
    entry = "id, ledger_id, sequence, kind, reference, posted_at, happened_at, note"
    many(cursor, f"ledger_entry ({entry})", batch.entries)
    many(cursor, "ledger_openitem (account_id, key, cents, opened_at)", batch.items)
    credit = "donation_id, fundraiser_id, team_id, cents, entry_id, reason, note, created_at"
    many(cursor, f"giving_credit ({credit})", batch.credits)
    mail = 'key, "to", subject, template, context, status, attempts, error, created_at'
    many(cursor, f"outreach_outboxmail ({mail})", batch.mails)


def _update(cursor: CursorWrapper, books: Books, items: list[Donation], now: Any) -> None:
    marks = ", ".join(["%s"] * len(items))
    cursor.execute(
        f"UPDATE giving_donation SET received_at = %s WHERE id IN ({marks})", [now, *(item.pk for item in items)]
    )
    cursor.execute(
        f"UPDATE payments_payment SET status = 'paid' WHERE id IN ({marks})", [item.payment_id for item in items]
    )
    for page, count_of_gifts in Counter(item.fundraiser_id for item in items).items():
        cursor.execute(
            "UPDATE fundraisers_fundraiser SET raised_cents = raised_cents + %s, gift_count = gift_count + %s"
            " WHERE id = %s",
            [5000 * count_of_gifts, count_of_gifts, page],
        )
    cursor.execute("UPDATE events_event SET raised_cents = raised_cents + %s", [5000 * len(items)])
    moved = zip((books.clearing, *books.payables), (5000, *(-share for share in SHARES)), strict=True)
    for account, cents in moved:
        cursor.execute(
            "UPDATE ledger_balance SET cents = cents + %s WHERE account_id = %s AND kind = 'gift'",
            [cents * len(items), account],
        )
