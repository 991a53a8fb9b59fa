"""Faults on purpose: rates set from outside, decided by a seed and a count, never by chance."""

import hashlib
import threading
from collections import Counter
from typing import Any

API = ("slow", "429", "500", "500_saved", "500_after", "timeout_after_charging")
WEBHOOK = ("duplicate", "reorder", "delay", "drop")
RATES = (*API, *WEBHOOK, "decline")
DEFAULTS: dict[str, Any] = {
    "seed": 0,
    "slow_seconds": 1.0,
    "timeout_seconds": 0.0,
    "delay_seconds": 5.0,
    "reorder_seconds": 1.0,
    "times": None,
    "path": "/v1/",
}


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set({})

    def set(self, wanted: dict[str, Any]) -> None:
        """Replaces all rates and starts counting again; {} clears. Unknown names raise ValueError."""
        unknown = sorted(set(wanted) - set(RATES) - set(DEFAULTS))
        if unknown:
            raise ValueError(f"Unknown faults: {', '.join(unknown)}. Known: {', '.join((*RATES, *DEFAULTS))}.")
        rates = {name: float(wanted.get(name, 0)) for name in RATES}
        if any(not 0 <= rate <= 1 for rate in rates.values()):
            raise ValueError("Rates are between 0 and 1.")
        with self._lock:
            self.rates = rates
            self.settings = {name: wanted.get(name, value) for name, value in DEFAULTS.items()}
            self.asked: Counter[str] = Counter()
            self.hits: Counter[str] = Counter()

    def report(self) -> dict[str, Any]:
        with self._lock:
            rates = {name: rate for name, rate in self.rates.items() if rate}
            return {**rates, **self.settings, "hits": dict(self.hits)}

    def hit(self, name: str) -> bool:
        """Whether the next thing of this kind goes wrong: the same series for the same seed."""
        with self._lock:
            rate = self.rates[name]
            if not rate:
                return False
            self.asked[name] += 1
            if self._fraction(name, self.asked[name]) >= rate:
                return False
            self.hits[name] += 1
            return True

    def hits_api(self, name: str, path: str) -> bool:
        """As `hit`, within the path and at most `times` API faults in all."""
        if not path.startswith(self.settings["path"]):
            return False
        times = self.settings["times"]
        if times is not None and sum(self.hits[fault] for fault in API) >= times:
            return False
        return self.hit(name)

    def fraction(self, name: str) -> float:
        """A number in [0, 1) that goes with the last hit of this kind."""
        with self._lock:
            return self._fraction(f"{name}:size", self.asked[name])

    def seconds(self, name: str) -> float:
        return float(self.settings[name])

    def webhook_plan(self) -> list[tuple[float, bool]]:
        """For one event to one endpoint: (seconds to wait, under a second event id) for each copy; none is a drop."""
        if self.hit("drop"):
            return []
        wait = 0.0
        if self.hit("reorder"):
            wait += self.fraction("reorder") * self.seconds("reorder_seconds")
        if self.hit("delay"):
            wait += self.seconds("delay_seconds")
        copies = [(wait, False)]
        if self.hit("duplicate"):
            copies.append((wait + self.fraction("duplicate") / 10, self.fraction("duplicate") < 0.5))
        return copies

    def _fraction(self, name: str, count: int) -> float:
        digest = hashlib.sha256(f"{self.settings['seed']}:{name}:{count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64
