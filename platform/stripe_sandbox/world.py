"""What every part of the sandbox works on: store, time, ids, faults, what is due, and who is told."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from stripe_sandbox.clock import Clock
from stripe_sandbox.faults import Faults
from stripe_sandbox.identifiers import Identifiers
from stripe_sandbox.store import Json, Store

API_VERSION = "2026-10-28.endive"


class World:
    """All changes happen inside `step`: one at a time, what is due first, written before anybody hears of it."""

    def __init__(self, store: Store, clock: Clock, seed: int | None, jobs: "Mapping[str, Job]") -> None:
        self.store = store
        self.clock = clock
        self.ids = Identifiers(store, seed)
        self.faults = Faults()
        self.jobs = jobs
        self.base_url = ""
        self.request: Json = NO_REQUEST
        # The connected account a request is made for; None is the platform itself.
        self.account: str | None = None
        # Set by the sandbox: tells the webhook workers of a new delivery.
        self.notify: Callable[[Json], None] = lambda delivery: None
        self._load()

    def _load(self) -> None:
        self.due: list[tuple[float, int, str]] = [
            (job["at"], number, job["id"]) for number, job in enumerate(self.store.all("_job"))
        ]
        heapq.heapify(self.due)
        self._planned = len(self.due)
        # Sums by (owner, currency, status), so that the balance is not counted again for every question.
        self.totals: dict[tuple[str | None, str, str], int] = {}
        for transaction in self.store.all("balance_transaction"):
            self.add_to_total(transaction)

    def reset(self) -> None:
        self.store.clear()
        self.faults.set({})
        self._load()

    def add_to_total(self, transaction: Json, sign: int = 1) -> None:
        key = (transaction.get("_owner"), transaction["currency"], transaction["status"])
        self.totals[key] = self.totals.get(key, 0) + sign * transaction["net"]

    @contextmanager
    def step(self, request: Json | None = None, account: str | None = None) -> Iterator[None]:
        with self.store.lock:
            try:
                self._work_off()
                self.request, self.account = request or NO_REQUEST, account
                yield
            finally:
                self.request, self.account = NO_REQUEST, None
                self.store.flush()

    def plan(self, name: str, subject: str, at: float) -> None:
        """Runs a job at a moment of sandbox time; it survives a restart."""
        identifier = self.ids.new("job_")
        self.store.put("_job", identifier, {"id": identifier, "at": at, "name": name, "subject": subject})
        self._planned += 1
        heapq.heappush(self.due, (at, self._planned, identifier))

    def overdue(self) -> bool:
        return bool(self.due) and self.due[0][0] <= self.clock.exact()

    def _work_off(self) -> None:
        while self.overdue():
            at, _, identifier = heapq.heappop(self.due)
            job = self.store.get("_job", identifier)
            if job is not None:
                self.store.delete("_job", identifier)
                with self.clock.at(at):
                    self.jobs[job["name"]](self, job["subject"])


NO_REQUEST: Json = {"id": None, "idempotency_key": None}
Job = Callable[[World, str], None]
