"""A day of card testing beside honest donors, moment by moment, against a gate.

Two gates can stand there: `Remembered`, whose rows are a list and whose decisions are those of the site's own
judgement, for whole days; and in test_card_testers.py the site itself, over HTTP, for a slice of one.
"""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Protocol

from donations.giving.gate import judgement, tries
from donations.giving.gate.judgement import Answer, Evidence, Level, Record, is_attack, judge

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
RIPE, REMEMBERED = judgement.RIPE.total_seconds(), judgement.REMEMBERED.total_seconds()


@dataclass(eq=False)
class Person:
    """Somebody who wants to pay. `reads_mail`: can type a code that was sent; `pays_after` seconds, or never."""

    address: str
    cents: int
    kind: str
    reads_mail: bool
    pays_after: float | None
    refused_cards: int = 0


@dataclass(eq=False)
class Session:
    """What the gate let begin at Stripe."""

    begun_at: float
    with_code: bool = False
    refused_cards: int = 0
    paid: bool = False


class Gate(Protocol):
    def comes(self, person: Person, now: float, has_code: bool) -> Session | Answer: ...
    def pays(self, session: Session) -> None: ...


@dataclass
class Remembered:
    """The site's judgement on lists."""

    sessions: defaultdict[str, list[Session]] = field(default_factory=lambda: defaultdict(list))
    recent: list[Session] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    mails: Counter[str] = field(default_factory=Counter)
    alert_until: float = 0
    judged_at: float = -HOUR

    def comes(self, person: Person, now: float, has_code: bool) -> Session | Answer:
        record = self.record(person.address, now)
        answer = judge(self.level(now), person.cents, record, 0, has_code)
        if answer != Answer.IN:
            self.held.append(now)
        if answer == Answer.CODE:
            limit = tries.CODES_OF_KNOWN_ADDRESS if record.is_known else tries.CODES_OF_ADDRESS
            if self.mails[person.address] >= limit[0].amount:
                return Answer.LATER
            self.mails[person.address] += 1
        if answer != Answer.IN:
            return answer
        if has_code and self.held:
            self.held.pop()
        session = Session(now, has_code, person.refused_cards)
        self.sessions[person.address].append(session)
        self.recent.append(session)
        return session

    def pays(self, session: Session) -> None:
        session.paid = True

    def level(self, now: float) -> Level:
        if now - self.judged_at >= 10:
            self.judged_at = now
            if is_attack(self.evidence(now), now < self.alert_until):
                self.alert_until = now + HOUR
        return Level.ALERT if now < self.alert_until else Level.CALM

    def evidence(self, now: float) -> Evidence:
        self.recent = [session for session in self.recent if session.begun_at >= now - HOUR]
        self.held = [at for at in self.held if at >= now - HOUR]
        ripe = sum(not session.paid and session.begun_at <= now - RIPE for session in self.recent)
        refused = sum(session.refused_cards for session in self.recent)
        return Evidence(ripe + refused, sum(session.paid for session in self.recent), len(self.held))

    def record(self, address: str, now: float) -> Record:
        known = [session for session in self.sessions[address] if session.begun_at >= now - REMEMBERED]
        unpaid = [session for session in known if not session.paid]
        with_code = sum(session.with_code for session in unpaid)
        refused = sum(session.refused_cards for session in known)
        return Record(len(unpaid) - with_code, with_code, len(known) - len(unpaid), refused)


@dataclass
class Outcome:
    """Who tried how often, and how many of them reached Stripe, by kind."""

    tries: Counter[str] = field(default_factory=Counter)
    sessions: Counter[str] = field(default_factory=Counter)

    def share(self, *kinds: str) -> float:
        return sum(self.sessions[kind] for kind in kinds) / sum(self.tries[kind] for kind in kinds)


def play(gate: Gate, people: list[tuple[float, Person]]) -> Outcome:
    """Everybody comes at their moment; who is asked for a code and reads mail is back with it a minute later."""
    order, outcome = count(), Outcome()
    due: list[tuple[float, int, Person, Session | None, bool]] = []
    for at, person in people:
        heapq.heappush(due, (at, next(order), person, None, False))
    while due:
        now, _order, person, session, has_code = heapq.heappop(due)
        if session:
            gate.pays(session)
            continue
        outcome.tries[person.kind] += not has_code
        answer = gate.comes(person, now, has_code)
        if isinstance(answer, Session):
            outcome.sessions[person.kind] += 1
            if person.pays_after is not None:
                heapq.heappush(due, (now + person.pays_after, next(order), person, answer, False))
        elif answer == Answer.CODE and person.reads_mail:
            heapq.heappush(due, (now + MINUTE, next(order), person, None, True))
    return outcome


def attackers(
    random: Random, addresses: int, each: int, cents: tuple[int, int] = (100, 500), lasts: float = DAY
) -> list[tuple[float, Person]]:
    """The attack: every address tries so often, each time as somebody else, and nobody reads the mail.

    Every session tries some cards that are refused; one of twenty finds a stolen one that works.
    """
    return [
        (random.uniform(0, lasts), _tester(random, f"10.66.{number // 250}.{number % 250}", random.randint(*cents)))
        for number in range(addresses)
        for _ in range(each)
    ]


def _tester(random: Random, address: str, cents: int) -> Person:
    works = random.random() < 0.05
    return Person(address, cents, "attack", False, random.uniform(10, 60) if works else None, random.randint(1, 4))


def at_home(random: Random, number: int, lasts: float = DAY) -> list[tuple[float, Person]]:
    """Honest donors, each behind an address of their own."""
    return [
        (random.uniform(0, lasts), _donor(random, f"10.1.{one // 250}.{one % 250}", "home")) for one in range(number)
    ]


def in_stadium(random: Random, number: int, kick_off: float, lasts: float = HOUR) -> list[tuple[float, Person]]:
    """Honest donors behind one address."""
    return [(kick_off + random.uniform(0, lasts), _donor(random, "10.2.0.1", "stadium")) for _ in range(number)]


def _donor(random: Random, address: str, kind: str) -> Person:
    """One of ten gives under $10, one of ten leaves unpaid, one of twenty has a card refused first; 97% read mail."""
    cents = random.choice([500, 2500, 2500, 2500, 2500, 5000, 5000, 5000, 10_000, 25_000])
    pays_after = None if random.random() < 0.1 else random.uniform(40, 240)
    return Person(address, cents, kind, random.random() < 0.97, pays_after, int(random.random() < 0.05))
