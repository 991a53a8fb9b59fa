"""Delivers events: a few workers with kept connections, signatures, retries with backoff."""

import hashlib
import heapq
import hmac
import http.client
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from stripe_sandbox.events import count
from stripe_sandbox.store import Json, encoded
from stripe_sandbox.world import World

WORKERS = 4
TRIES = 8
TIMEOUT = 10.0
Sent = Callable[[str, bytes, dict[str, str]], int | None]


def signature(secret: str, body: bytes, moment: int) -> str:
    """The Stripe-Signature header: an HMAC over the time and the raw body."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Dispatcher:
    """The queue in memory of the deliveries in the store; lock order: the world's, then `wake`."""

    def __init__(self, world: World, retry_base: float) -> None:
        self.world = world
        self.retry_base = retry_base
        self.wake = threading.Condition()
        self.queue: list[tuple[float, int, str]] = []
        self.numbered = 0
        self.busy = 0
        self.paused = False
        self.stopping = False
        self.threads = [threading.Thread(target=self._work, name=f"webhooks-{n}", daemon=True) for n in range(WORKERS)]

    def start(self) -> None:
        for delivery in self.world.store.all("_delivery"):
            if delivery["state"] == "queued":
                self.add(delivery)
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        with self.wake:
            self.stopping = True
            self.wake.notify_all()
        for thread in self.threads:
            thread.join(TIMEOUT + 1)

    def add(self, delivery: Json) -> None:
        with self.wake:
            self.numbered += 1
            heapq.heappush(self.queue, (delivery["due"], self.numbered, delivery["id"]))
            self.wake.notify_all()

    def pause(self, paused: bool) -> None:
        with self.wake:
            self.paused = paused
            self.wake.notify_all()

    def hurry(self) -> None:
        """Makes everything that waits (for a retry, or by a fault) due now."""
        with self.wake:
            self.queue = [(0.0, number, identifier) for _, number, identifier in sorted(self.queue)]
            self.wake.notify_all()

    def forget(self) -> None:
        """Drops the queue, pauses, and waits for what is under way; not under the world's lock, which that needs."""
        with self.wake:
            self.paused = True
            self.queue.clear()
            self.wake.wait_for(lambda: not self.busy, TIMEOUT)
            self.queue.clear()

    def drain(self, timeout: float) -> bool:
        """Waits until nothing is queued or under way; False when it is paused or the time is over."""
        with self.wake:
            self.wake.wait_for(lambda: self.paused or not (self.queue or self.busy), timeout)
            return not (self.queue or self.busy)

    def _work(self) -> None:
        connections = Connections()
        while (identifier := self._take()) is not None:
            try:
                self._deliver(identifier, connections.post)
            finally:
                with self.wake:
                    self.busy -= 1
                    self.wake.notify_all()
        connections.close()

    def _take(self) -> str | None:
        with self.wake:
            while not self.stopping:
                wait = None
                if self.queue and not self.paused:
                    wait = self.queue[0][0] - time.time()
                    if wait <= 0:
                        self.busy += 1
                        return heapq.heappop(self.queue)[2]
                self.wake.wait(wait)
            return None

    def _deliver(self, identifier: str, post: Sent) -> None:
        with self.world.step():
            delivery = self.world.store.get("_delivery", identifier)
            event = self.world.store.get("event", delivery["event"]) if delivery else None
            endpoint = self.world.store.get("webhook_endpoint", delivery["endpoint"]) if delivery else None
            if delivery is None or event is None or endpoint is None:
                self.world.store.delete("_delivery", identifier)
                return
            body = body_of(event)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (sandbox)",
            "Stripe-Signature": signature(endpoint["_secret"], body, int(time.time())),
        }
        status = post(endpoint["url"], body, headers)
        with self.world.step():
            self._record(delivery, event, status)

    def _record(self, delivery: Json, event: Json, status: int | None) -> None:
        if self.world.store.get("_delivery", delivery["id"]) is None:
            return
        delivery["attempts"] += 1
        if status is not None and 200 <= status < 300:
            self.world.store.delete("_delivery", delivery["id"])
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            event["_undelivered"] = max(0, event["_undelivered"] - 1)
            self.world.store.put("event", event["id"], event)
            count(self.world, "delivered")
            return
        delivery["last_status"] = status
        if delivery["attempts"] >= TRIES:
            delivery["state"] = "failed"
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            self.world.store.put("event", event["id"], event)
            count(self.world, "failed")
        else:
            delivery["due"] = time.time() + self.retry_base * 2 ** (delivery["attempts"] - 1)
            self.add(delivery)
        self.world.store.put("_delivery", delivery["id"], delivery)


def body_of(event: Json) -> bytes:
    """The same bytes at every try: how many endpoints were waiting at first, not now."""
    shown = {name: value for name, value in event.items() if not name.startswith("_")}
    shown["pending_webhooks"] = event["_endpoints"]
    return encoded(shown).encode()


class Connections:
    """One worker's kept connections, by address."""

    def __init__(self) -> None:
        self.kept: dict[str, http.client.HTTPConnection] = {}

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        """The status, or None when nobody answered."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        fresh = parts.netloc not in self.kept
        try:
            return self._send(parts.netloc, path or "/", body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._drop(parts.netloc)
            # A kept connection may have been closed since: that says nothing about the endpoint.
            if fresh or isinstance(error, TimeoutError):
                return None
        try:
            return self._send(parts.netloc, path or "/", body, headers)
        except (OSError, http.client.HTTPException):
            self._drop(parts.netloc)
            return None

    def _send(self, address: str, path: str, body: bytes, headers: dict[str, str]) -> int:
        connection = self.kept.setdefault(address, http.client.HTTPConnection(address, timeout=TIMEOUT))
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def _drop(self, address: str) -> None:
        connection = self.kept.pop(address, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        for address in list(self.kept):
            self._drop(address)
