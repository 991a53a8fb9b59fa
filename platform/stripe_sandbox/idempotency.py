"""Idempotency keys: the first result is kept for a day, whatever it was, once execution began."""

import hashlib
import json

from stripe_sandbox.errors import StripeError
from stripe_sandbox.store import Json, encoded
from stripe_sandbox.world import World

KEPT = 24 * 3600
KIND = "_idempotency"


class Keys:
    """Every method is called inside `world.step`, except that execution itself happens between begin and end.

    Keys of one account say nothing about another's; `account` None is the platform.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.in_flight: set[str] = set()

    def begin(self, account: str | None, key: str, path: str, params: Json) -> Json | None:
        """The kept result of an earlier request with this key, or None: then it is this request's until `end`."""
        if len(key) > 255:
            raise StripeError("Idempotency keys can have at most 255 characters.", kind="idempotency_error")
        self._prune()
        kept = self.world.store.get(KIND, _slot(account, key))
        if kept is not None:
            _refuse_another(kept, key, path, params)
            return kept
        if _slot(account, key) in self.in_flight:
            raise StripeError(
                "There is currently another in-progress request using this Idempotent Key (that probably means you "
                "submitted twice, and the other request is still going through): "
                f"{key}. Please try again later.",
                status=409,
                kind="idempotency_error",
                code="idempotency_key_in_use",
            )
        self.in_flight.add(_slot(account, key))
        return None

    def keep(self, account: str | None, key: str, path: str, params: Json, result: Json) -> None:
        """Keeps status, body and request id: a copy, so that what happens to the object later is not in them."""
        kept = json.loads(encoded(result))
        record = {**kept, "path": path, "fingerprint": _fingerprint(params), "created": self.world.clock.now()}
        self.world.store.put(KIND, _slot(account, key), record)

    def end(self, account: str | None, key: str) -> None:
        self.in_flight.discard(_slot(account, key))

    def _prune(self) -> None:
        store, limit = self.world.store, self.world.clock.now() - KEPT
        while (oldest := store.first_id(KIND)) and (store.get(KIND, oldest) or {})["created"] < limit:
            store.delete(KIND, oldest)


def _slot(account: str | None, key: str) -> str:
    return f"{account} {key}" if account else key


def _refuse_another(kept: Json, key: str, path: str, params: Json) -> None:
    if kept["path"] != path:
        what = f"for the same endpoint they were first used for ('{kept['path']}' vs '{path}')"
    elif kept["fingerprint"] != _fingerprint(params):
        what = "with the same parameters they were first used with"
    else:
        return
    message = f"Keys for idempotent requests can only be used {what}. Try using a key other than '{key}'"
    raise StripeError(f"{message} if you meant to execute a different request.", kind="idempotency_error")


def _fingerprint(params: Json) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
