"""Objects in memory, written through to one SQLite table, so that a restart finds everything."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
# One encoder for all: the module's own functions make a new one for each call with separators.
encoded = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode

INDEXED = {
    "charge": ("payment_intent",),
    "refund": ("charge", "payment_intent"),
    "balance_transaction": ("source", "_payout"),
    "dispute": ("charge", "payment_intent"),
    "radar.early_fraud_warning": ("charge", "payment_intent"),
    "bank_account": ("account",),
    "transfer": ("source_transaction",),
    "transfer_reversal": ("transfer",),
    "checkout.session": ("payment_intent",),
}


class Store:
    """Kinds of objects by id, in order of creation. Callers hold `lock` from the first read to `flush`."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._kinds: dict[str, dict[str, Json]] = {}
        self._order: dict[str, list[str]] = {}
        self._position: dict[str, dict[str, int]] = {}
        self._index: dict[tuple[str, str, str], dict[str, None]] = {}
        self._dirty: dict[tuple[str, str], Json | None] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._next = 1
        self._database = _open(file) if file else None
        if self._database is not None:
            self._load(self._database)

    def _load(self, database: sqlite3.Connection) -> None:
        for number, kind, identifier, body in database.execute("SELECT n, kind, id, body FROM objects ORDER BY n"):
            self._numbers[kind, identifier] = number
            self._next = number + 1
            self._keep(kind, identifier, json.loads(body))

    def get(self, kind: str, identifier: str) -> Json | None:
        return self._kinds.get(kind, {}).get(identifier)

    def put(self, kind: str, identifier: str, body: Json) -> Json:
        """Keeps the object and marks it for writing; also after it was changed in place."""
        self._keep(kind, identifier, body)
        self._dirty[kind, identifier] = body
        return body

    def _keep(self, kind: str, identifier: str, body: Json) -> None:
        objects = self._kinds.setdefault(kind, {})
        position = self._position.setdefault(kind, {})
        if identifier not in position:
            order = self._order.setdefault(kind, [])
            position[identifier] = len(order)
            order.append(identifier)
        objects[identifier] = body
        for field in INDEXED.get(kind, ()):
            if body.get(field) is not None:
                self._index.setdefault((kind, field, body[field]), {})[identifier] = None

    def delete(self, kind: str, identifier: str) -> None:
        if self._kinds.get(kind, {}).pop(identifier, None) is not None:
            self._dirty[kind, identifier] = None

    def all(self, kind: str) -> list[Json]:
        return list(self._kinds.get(kind, {}).values())

    def count(self, kind: str) -> int:
        return len(self._kinds.get(kind, {}))

    def first_id(self, kind: str) -> str | None:
        return next(iter(self._kinds.get(kind, {})), None)

    def having(self, kind: str, field: str, value: str) -> list[Json]:
        """Objects with this value of an indexed field, oldest first."""
        found = (self.get(kind, identifier) for identifier in self._index.get((kind, field, value), ()))
        return [body for body in found if body is not None and body.get(field) == value]

    def position(self, kind: str, identifier: str) -> int | None:
        return self._position.get(kind, {}).get(identifier)

    def walk(self, kind: str, start: int, step: int) -> Iterator[Json]:
        """Objects from a position on, towards newer (step 1) or older (step -1)."""
        order, objects = self._order.get(kind, []), self._kinds.get(kind, {})
        while 0 <= start < len(order):
            body = objects.get(order[start])
            if body is not None:
                yield body
            start += step

    def size(self, kind: str) -> int:
        """One more than the last position in use."""
        return len(self._order.get(kind, []))

    def flush(self) -> None:
        """Writes what changed, in one transaction, before anybody is told about it."""
        if self._database is None or not self._dirty:
            self._dirty.clear()
            return
        with self._database:
            for (kind, identifier), body in self._dirty.items():
                self._write(self._database, kind, identifier, body)
        self._dirty.clear()

    def _write(self, database: sqlite3.Connection, kind: str, identifier: str, body: Json | None) -> None:
        if body is None:
            database.execute("DELETE FROM objects WHERE kind = ? AND id = ?", (kind, identifier))
            return
        number = self._numbers.setdefault((kind, identifier), self._next)
        self._next = max(self._next, number + 1)
        row = (number, kind, identifier, encoded(body))
        database.execute(
            "INSERT INTO objects (n, kind, id, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            row,
        )

    def clear(self) -> None:
        for table in (self._kinds, self._order, self._position, self._index, self._dirty, self._numbers):
            table.clear()
        if self._database is not None:
            with self._database:
                self._database.execute("DELETE FROM objects")

    def close(self) -> None:
        if self._database is not None:
            self.flush()
            self._database.close()
            self._database = None


def _open(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    # One connection for all threads: every use holds the store's lock.
    database = sqlite3.connect(file, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    # What a killed process wrote is there; only a power cut may cost the last moments of play money.
    database.execute("PRAGMA synchronous = OFF")
    database.execute(
        "CREATE TABLE IF NOT EXISTS objects"
        " (n INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
    )
    return database
