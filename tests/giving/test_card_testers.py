"""Card testers are kept out before Stripe, and a stadium of honest donors behind one address is served."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import Settings

from common import clock
from donations.giving.gate.judgement import FREE, FREE_ON_ALERT, Answer
from donations.payments import gateway
from donations.payments.models import Charge, Payment
from outreach.models import OutboxMail
from tests.factories import a_ledger
from tests.giving.attack import DAY, HOUR, Gate, Person, Remembered, Session, at_home, attackers, in_stadium, play
from tests.giving.donors import words

SEEDS = (1, 2, 3)
ADDRESSES, AT_HOME, IN_STADIUM = 340, 200, 300


def honest(random: Random) -> list[tuple[float, Person]]:
    kick_off = random.uniform(2 * HOUR, DAY - 2 * HOUR)
    return at_home(random, AT_HOME) + in_stadium(random, IN_STADIUM, kick_off)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_attack_from_340_addresses_is_held_and_the_honest_are_served(seed: int) -> None:
    random, gate = Random(seed), Remembered()
    outcome = play(gate, attackers(random, ADDRESSES, each=50) + honest(random))
    attack, served = outcome.share("attack"), outcome.share("home", "stadium")
    print(
        f"seed {seed}: {outcome.tries['attack']} tries of the attack, {outcome.sessions['attack']} reached Stripe"
        f" ({attack:.2%}); {served:.1%} of the honest were served; {gate.mails.total()} codes were mailed"
    )
    assert attack <= 0.02
    assert served >= 0.99
    assert gate.mails.total() <= 11 * ADDRESSES, "strangers' mailboxes get few codes"


@pytest.mark.parametrize("seed", SEEDS)
def test_an_attack_with_larger_gifts_gets_one_session_an_address(seed: int) -> None:
    random = Random(seed)
    outcome = play(Remembered(), attackers(random, ADDRESSES, each=20, cents=(1000, 3000)) + honest(random))
    print(f"seed {seed}: {outcome.sessions['attack']} of {outcome.tries['attack']} tries with $10 to $30")
    assert outcome.sessions["attack"] <= 1.15 * ADDRESSES * FREE_ON_ALERT
    assert outcome.share("home", "stadium") >= 0.99


def test_eighteen_thousand_tries_of_one_address_get_a_handful() -> None:
    random = Random(SEEDS[0])
    outcome = play(Remembered(), attackers(random, 1, each=18_000) + honest(random))
    assert outcome.sessions["attack"] <= FREE + 1
    assert outcome.share("home", "stadium") >= 0.99


@pytest.mark.parametrize("seed", SEEDS)
def test_without_an_attack_there_is_no_alert(seed: int) -> None:
    gate = Remembered()
    outcome = play(gate, honest(Random(seed)))
    assert gate.alert_until == 0
    assert outcome.share("home", "stadium") >= 0.99


# --- A slice of it on the site itself ---------------------------------------------------------------------


@dataclass
class OverHttp:
    """The site as the gate: forms are posted, codes are read in the outbox, Stripe only counts."""

    begun: datetime
    now: datetime
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    mailboxes: dict[int, str] = field(default_factory=dict)
    payments: dict[int, Payment] = field(default_factory=dict)

    def comes(self, person: Person, now: float, has_code: bool) -> Session | Answer:
        self.now = self.begun + timedelta(seconds=now)
        email = self.mailboxes.setdefault(id(person), f"{person.kind}{next(self.numbers)}@example.org")
        typed = words(amount=f"{person.cents / 100:.2f}", email=email, name=f"Donor {len(self.mailboxes)}")
        if has_code:
            typed["code"] = re.findall(r"\d{6}", OutboxMail.objects.get(to=email).subject)[0]
        answer = Client(REMOTE_ADDR=person.address).post("/give", typed)
        if answer.status_code == 302:
            return self._session(person, now, has_code)
        assert answer.status_code in (200, 429), answer.content.decode()
        return Answer.CODE if answer.status_code == 200 else Answer.LATER

    def _session(self, person: Person, now: float, has_code: bool) -> Session:
        payment = Payment.objects.latest("pk")
        for card in range(person.refused_cards):
            Charge.objects.create(
                id=f"ch_{payment.pk}_{card}",
                payment=payment,
                amount_cents=payment.amount_cents,
                currency="usd",
                status="failed",
                created_at=self.now,
            )
        session = Session(now, has_code)
        self.payments[id(session)] = payment
        return session

    def pays(self, session: Session) -> None:
        Payment.objects.filter(pk=self.payments[id(session)].pk).update(status=Payment.Status.PAID)
        session.paid = True


@pytest.fixture
def site_gate(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The site on a clock of the test's own, which Redis does not hear of; Stripe gives a session to who gets there."""
    a_ledger()
    settings.REDIS_URL = ""
    begun = datetime(2026, 11, 21, 18, tzinfo=UTC)
    gate, sessions = OverHttp(begun, begun), count(1)

    def seconds() -> float:
        return gate.now.timestamp()

    monkeypatch.setattr(clock, "now", lambda: gate.now)
    for module in ("limits.storage.memory.time", "donations.giving.gate.tries.time"):
        monkeypatch.setattr(module, SimpleNamespace(time=seconds))
    monkeypatch.setattr(
        gateway,
        "create_checkout",
        lambda *_args, **_more: gateway.Session(f"cs_{next(sessions)}", "https://stripe.example/pay"),
    )
    return gate


def test_the_same_over_http(site_gate: Gate) -> None:
    seed = SEEDS[0]
    random = Random(seed)
    attack = attackers(random, 34, each=12, lasts=2 * HOUR)
    people = attack + at_home(random, 20, lasts=2 * HOUR) + in_stadium(random, 60, kick_off=HOUR, lasts=HOUR / 3)
    outcome = play(site_gate, people)
    print(f"seed {seed}: over HTTP {dict(outcome.sessions)} of {dict(outcome.tries)} reached Stripe")
    assert outcome.sessions["attack"] <= 20, "what there is before the alert begins"
    assert outcome.share("home", "stadium") >= 0.98
    assert Payment.objects.count() == outcome.sessions.total(), "who was held left nothing behind"
