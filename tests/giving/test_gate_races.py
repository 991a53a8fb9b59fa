"""A hundred at once: the gate counts them one by one."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from common.tries import within
from donations.giving.gate import tries
from donations.giving.gate.judgement import FREE
from donations.payments import gateway
from donations.payments.models import Payment
from tests.factories import a_ledger
from tests.giving.donors import words
from tests.tools.fixtures.databases import CommittedDatabase


@pytest.mark.postgres
def test_a_hundred_presses_at_once_from_one_address_begin_no_more_than_allowed(
    committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ledger()
    numbers = count(1)
    monkeypatch.setattr(
        gateway, "create_checkout", lambda *_a, **_k: gateway.Session(f"cs_{next(numbers)}", "https://stripe.example")
    )

    def press(number: int) -> int:
        try:
            answer: Any = Client().post("/give", words(email=f"donor{number}@example.org"))
            return int(answer.status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(press, range(100)))
    assert Payment.objects.count() == answers[302] == FREE
    assert set(answers) <= {302, 200, 429}


@pytest.mark.postgres
def test_a_hundred_tries_at_once_are_counted_in_redis_within_a_tenth() -> None:
    assert settings.REDIS_URL
    limit = tries.ADDRESS[0]
    with ThreadPoolExecutor(20) as pool:
        let_in = sum(pool.map(lambda _number: within((limit,), "one address"), range(100)))
    assert limit.amount <= let_in <= limit.amount * 1.1
