"""The control surface outside /v1: time, faults, webhooks, paying without a browser, and what `control_money` has."""

import json
from collections.abc import Callable
from typing import Any

from stripe_sandbox import cards, events
from stripe_sandbox.answers import Answer, Request, json_answer
from stripe_sandbox.control_money import ACTIONS, act
from stripe_sandbox.errors import StripeError
from stripe_sandbox.lookup import found
from stripe_sandbox.methods import Account, Card, Payer
from stripe_sandbox.payments import Outcome, answer_challenge, pay_by_card, pay_by_debit
from stripe_sandbox.store import Json
from stripe_sandbox.webhooks import Dispatcher
from stripe_sandbox.world import API_VERSION, World

DRAIN_SECONDS = 10.0


class Control:
    def __init__(self, world: World, dispatcher: Dispatcher, configure: Callable[[], None]) -> None:
        self.world = world
        self.dispatcher = dispatcher
        self.configure = configure

    def answer(self, request: Request) -> Answer:
        name = request.path.removeprefix("/_sandbox/")
        try:
            return self._answer(request.method, name, _decoded(request.body))
        except StripeError as error:
            return json_answer(error.status, error.body("req_control"))
        except (ValueError, TypeError) as error:
            return json_answer(400, {"error": {"message": str(error)}})

    def _answer(self, method: str, name: str, wanted: Json) -> Answer:
        reads: dict[str, Callable[[], Json]] = {
            "health": self._health,
            "time": self._time,
            "faults": self.world.faults.report,
            "deliveries": self._deliveries,
        }
        writes: dict[str, Callable[[Json], Json]] = {
            "time": self._move,
            "faults": self._set_faults,
            "deliver": self._deliver,
            "pause": lambda _: self._pause(True),
            "resume": lambda _: self._pause(False),
            "reset": self._reset,
        }
        if method == "GET" and name in reads:
            return json_answer(200, reads[name]())
        if method == "POST" and name in writes:
            return json_answer(200, writes[name](wanted))
        if method == "POST" and name.startswith("pay/"):
            return self._pay(name.removeprefix("pay/"), wanted)
        if method == "POST" and (done := act(self.world, name, wanted)) is not None:
            return json_answer(200, done)
        posts = (*writes, "pay/{session}", *ACTIONS)
        known = ", ".join((*(f"GET {path}" for path in reads), *(f"POST {path}" for path in posts)))
        return json_answer(404, {"error": {"message": f"No {method} /_sandbox/{name}. There are: {known}."}})

    def _health(self) -> Json:
        with self.world.step():
            return {"ok": True, "api_version": API_VERSION, "sessions": self.world.store.count("checkout.session")}

    def _time(self) -> Json:
        return {"now": self.world.clock.now(), "offset": self.world.clock.offset}

    def _move(self, wanted: Json) -> Json:
        """Sets the offset, or adds to it, and works off what became due on the way."""
        with self.world.store.lock:
            if "offset" in wanted:
                self.world.clock.offset = float(wanted["offset"])
            elif "advance" in wanted:
                self.world.clock.offset += float(wanted["advance"])
            else:
                raise ValueError('Give {"offset": seconds} or {"advance": seconds}.')
            if self.world.clock.file is None:
                self.world.store.put("_meta", "clock", {"offset": self.world.clock.offset})
            with self.world.step():
                return self._time()

    def _set_faults(self, wanted: Json) -> Json:
        self.world.faults.set(wanted)
        return self.world.faults.report()

    def _deliveries(self) -> Json:
        with self.world.step():
            waiting = [
                {name: delivery.get(name) for name in ("id", "event", "type", "endpoint", "attempts", "state")}
                for delivery in self.world.store.all("_delivery")
            ]
            return {**events.counts(self.world), "paused": self.dispatcher.paused, "waiting": waiting}

    def _deliver(self, wanted: Json) -> Json:
        """Waits until the queue is empty; with "now", what waits for a retry or by a fault goes at once."""
        with self.world.step():
            pass
        if wanted.get("now"):
            self.dispatcher.hurry()
        empty = self.dispatcher.drain(float(wanted.get("timeout", DRAIN_SECONDS)))
        with self.world.step():
            return {**events.counts(self.world), "empty": empty}

    def _pause(self, paused: bool) -> Json:
        self.dispatcher.pause(paused)
        return {"paused": paused}

    def _reset(self, wanted: Json) -> Json:
        self.dispatcher.forget()
        with self.world.store.lock:
            self.world.reset()
            self.world.clock.offset = 0.0
            with self.world.step():
                self.configure()
        self.dispatcher.pause(False)
        return {"ok": True}

    def _pay(self, identifier: str, wanted: Json) -> Answer:
        payer = Payer(str(wanted.get("email", "")), str(wanted.get("name", "Sandbox Payer")))
        with self.world.step():
            session = found(self.world, "checkout.session", identifier)
            if not payer.email:
                known = session["customer_email"] or (session["customer_details"] or {}).get("email")
                payer = Payer(known or "payer@example.org", payer.name)
            outcome = self._attempt(session, wanted, payer)
            return json_answer(*_told(session, outcome))

    def _attempt(self, session: Json, wanted: Json, payer: Payer) -> Outcome:
        if "account" in wanted:
            number = str(wanted["account"])
            if number not in cards.ACCOUNTS:
                raise ValueError(f"No such test account: {number}. There are: {', '.join(cards.ACCOUNTS)}.")
            return pay_by_debit(self.world, session, Account(number), payer)
        number = str(wanted.get("card", "4242424242424242")).replace(" ", "")
        outcome = pay_by_card(self.world, session, Card(number), payer)
        if outcome.status == "authenticate":
            return answer_challenge(self.world, session, passed=bool(wanted.get("authenticate", True)))
        return outcome


def _decoded(body: bytes) -> Json:
    wanted = json.loads(body or b"{}")
    if not isinstance(wanted, dict):
        raise ValueError("The body must be a JSON object.")
    return wanted


def _told(session: Json, outcome: Outcome) -> tuple[int, dict[str, Any]]:
    shown = {name: session[name] for name in ("id", "status", "payment_status", "payment_intent")}
    status = {"declined": 402, "closed": 409}.get(outcome.status, 200)
    return status, {**shown, "outcome": outcome.status, "error": outcome.error}
