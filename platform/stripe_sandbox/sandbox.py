"""The sandbox as one object: started by the command, or inside a test."""

import os
import threading
from ipaddress import ip_address
from pathlib import Path

from stripe_sandbox import (
    accounts,
    checkout,
    dispute_answers,
    disputes,
    early_warnings,
    endpoints,
    payments,
    payouts,
    refunds,
    topups,
)
from stripe_sandbox.answers import Answer, Request, json_answer
from stripe_sandbox.api import Api
from stripe_sandbox.balance import mature
from stripe_sandbox.clock import Clock
from stripe_sandbox.control import Control
from stripe_sandbox.hosted_routes import HostedPages
from stripe_sandbox.server import Server
from stripe_sandbox.store import Store
from stripe_sandbox.webhooks import Dispatcher
from stripe_sandbox.world import Job, World

TICK = 0.1
DEMO_SECRET = "whsec_sandbox"
JOBS: dict[str, Job] = {
    "capture": payments.capture,
    "clear": payments.clear,
    "expire": checkout.expire_in_time,
    "mature": mature,
    "refund_succeeds": refunds.succeed,
    "refund_again": refunds.succeed,
    "refund_fails": refunds.fail,
    "refunds_of_disputed": refunds.fail_disputed,
    "early_warning": early_warnings.warn,
    "disputed": disputes.by_magic,
    "dispute_decided": dispute_answers.answer,
    "dispute_due": disputes.pass_deadline,
    "inquiry_ends": disputes.end_inquiry,
    "pay_out": payouts.pay_out,
    "payout_moves": payouts.move_on,
    "payout_reconciled": payouts.reconciled,
    "topup_arrives": topups.arrive,
}


class Sandbox:
    """A stand-in for Stripe at `url`. Without `state` it forgets all at its end; without `seed` ids are random."""

    def __init__(  # noqa: PLR0913 - each is a flag of the command.
        self,
        port: int = 0,
        webhook_url: str | None = None,
        webhook_secret: str = DEMO_SECRET,
        state: str | Path | None = None,
        clock: str | Path | None = None,
        seed: int | None = None,
        *,
        host: str = "127.0.0.1",
        quiet: bool = True,
        retry_base: float = 1.0,
        payouts: accounts.Interval = "manual",
    ) -> None:
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError(f"The Stripe sandbox binds the loopback address only, not {host}.")
        self.webhook_url = webhook_url
        self.webhook_secret = webhook_secret
        self.payouts = payouts
        self.store = Store(Path(state) if state else None)
        clock = clock or os.environ.get("DEMO_CLOCK") or None
        kept = self.store.get("_meta", "clock") or {"offset": 0.0}
        self.world = World(self.store, Clock(Path(clock) if clock else None, kept["offset"]), seed, JOBS)
        self.dispatcher = Dispatcher(self.world, retry_base)
        self.world.notify = self.dispatcher.add
        self.api = Api(self.world)
        self.control = Control(self.world, self.dispatcher, self._configure)
        self.pages = HostedPages(self.world)
        self.server = Server(host, port, self._respond, quiet=quiet)
        self.url = f"http://{host}:{self.server.server_port}"
        self.world.base_url = self.url
        self.stopped = threading.Event()
        self.threads = [
            threading.Thread(target=self.server.serve_forever, args=(0.05,), name="stripe-sandbox", daemon=True),
            threading.Thread(target=self._tick, name="stripe-sandbox-clock", daemon=True),
        ]

    def start(self) -> "Sandbox":
        with self.world.step():
            self._configure()
        self.dispatcher.start()
        for thread in self.threads:
            thread.start()
        return self

    def stop(self) -> None:
        self.stopped.set()
        self.server.shutdown()
        self.server.close_connections()
        self.server.server_close()
        self.dispatcher.stop()
        with self.store.lock:
            self.store.close()

    def _configure(self) -> None:
        accounts.open_all(self.world, self.payouts)
        endpoints.configure(self.world, self.webhook_url, self.webhook_secret)

    def _tick(self) -> None:
        """Works off what is due when nobody asks."""
        while not self.stopped.wait(TICK):
            if self.world.overdue():
                with self.world.step():
                    pass

    def _respond(self, request: Request) -> Answer:
        if request.path.startswith("/v1/"):
            return self.api.answer(request)
        if request.path.startswith("/_sandbox/"):
            return self.control.answer(request)
        if request.path.startswith("/c/"):
            return self.pages.answer(request)
        return json_answer(404, {"error": {"message": "This is a Stripe sandbox: there is /v1, /c/pay and /_sandbox."}})
