"""One request to /v1: who asks, what may go wrong, what is asked, and the answer under its idempotency key."""

import base64
import binascii
import time
import traceback
from dataclasses import dataclass

from stripe_sandbox.accounts import PLATFORM
from stripe_sandbox.answers import Answer, Request, json_answer
from stripe_sandbox.errors import StripeError, api_failure, rate_limited, shout, unauthorized
from stripe_sandbox.forms import decode
from stripe_sandbox.idempotency import Keys
from stripe_sandbox.params import checked
from stripe_sandbox.rendering import check_expansion
from stripe_sandbox.routes import Route, find
from stripe_sandbox.store import Json
from stripe_sandbox.world import API_VERSION, World


@dataclass(frozen=True)
class Call:
    """A request that was understood: the endpoint and its checked parameters."""

    route: Route
    ids: tuple[str, ...]
    # The connected account it is made for; None is the platform itself.
    account: str | None
    params: Json
    request: Request
    request_id: str
    headers: dict[str, str]

    @property
    def key(self) -> str:
        return self.request.headers.get("Idempotency-Key", "")

    @property
    def cause(self) -> Json:
        """What events say of the request that caused them."""
        return {"id": self.request_id, "idempotency_key": self.key or None}


class Api:
    def __init__(self, world: World) -> None:
        self.world = world
        self.keys = Keys(world)

    def answer(self, request: Request) -> Answer:
        with self.world.store.lock:
            request_id = self.world.ids.new("req_", 14)
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
        if key := request.headers.get("Idempotency-Key"):
            headers["Idempotency-Key"] = key
        try:
            authenticate(request)
            return self._execute(request, request_id, headers)
        except StripeError as error:
            if error.status == 429:
                headers["Stripe-Rate-Limited-Reason"] = "global-rate"
            return json_answer(error.status, error.body(request_id), headers)
        except Exception:  # noqa: BLE001 - a mistake in the sandbox is Stripe's 500, not a dropped connection.
            traceback.print_exc()
            return json_answer(500, api_failure().body(request_id), headers)

    def _execute(self, request: Request, request_id: str, headers: dict[str, str]) -> Answer:
        faults = self.world.faults
        if faults.hits_api("429", request.path):
            raise rate_limited()
        if faults.hits_api("500", request.path):
            raise api_failure()
        found = find(request.method, request.path)
        if found is None:
            shout(f"NOT IN THE SANDBOX: {request.method} {request.path}")
            message = f"Unrecognized request URL ({request.method}: {request.path})."
            raise StripeError(f"{message} The Stripe sandbox of this project has no such endpoint.", status=404)
        route, ids = found
        raw = decode(request.body.decode(errors="replace") if request.method == "POST" else request.query)
        params = checked(route.params, raw)
        if route.makes:
            check_expansion(route.makes, params.get("expand", []))
        call = Call(route, ids, self._account(request, route), params, request, request_id, headers)
        if route.method == "POST":
            return self._write(call)
        self._linger(request)
        with self.world.step(call.cause, call.account):
            return json_answer(200, route.handler(self.world, params, *ids), headers)

    def _account(self, request: Request, route: Route) -> str | None:
        name = request.headers.get("Stripe-Account", PLATFORM)
        if name == PLATFORM:
            return None
        if self.world.store.get("account", name) is None:
            message = (
                f"The provided key does not have access to account '{name}' (or that account does not exist). "
                "Application access may have been revoked."
            )
            raise StripeError(message, status=403, code="account_invalid")
        if not route.connected:
            shout(f"NOT IN THE SANDBOX: {route.method} {route.path} of a connected account (Stripe-Account)")
            raise StripeError("The Stripe sandbox of this project has this for the platform only.", status=403)
        return name

    def _linger(self, request: Request) -> None:
        if self.world.faults.hits_api("slow", request.path):
            time.sleep(self.world.faults.seconds("slow_seconds"))

    def _write(self, call: Call) -> Answer:
        path, key = call.request.path, call.key
        kept = None
        if key:
            with self.world.step():
                kept = self.keys.begin(call.account, key, path, call.params)
        if kept is not None:
            call.headers.update({"Idempotent-Replayed": "true", "Original-Request": kept["request_id"]})
            return json_answer(kept["status"], kept["body"], call.headers)
        try:
            self._linger(call.request)
            # The work and its result under the key are written together: a crash leaves both or neither.
            with self.world.step(call.cause, call.account):
                status, body, saved = self._carry_out(call)
                if key and saved:
                    result = {"status": status, "body": body, "request_id": call.request_id}
                    self.keys.keep(call.account, key, path, call.params, result)
        finally:
            self.keys.end(call.account, key)
        return self._spoil(call) or json_answer(status, body, call.headers)

    def _carry_out(self, call: Call) -> tuple[int, Json, bool]:
        """Status, body, and whether the idempotency key keeps them."""
        try:
            if call.route.check:
                call.route.check(self.world, call.params)
            self._break_down(call.request)
            return 200, call.route.handler(self.world, call.params, *call.ids), True
        except StripeError as error:
            return error.status, error.body(call.request_id), error.saved
        except Exception:  # noqa: BLE001 - as Stripe: whatever breaks is a 500, and the key keeps it.
            traceback.print_exc()
            failure = api_failure(saved=True)
            return failure.status, failure.body(call.request_id), True

    def _break_down(self, request: Request) -> None:
        if self.world.faults.hits_api("500_saved", request.path):
            raise api_failure(saved=True)

    def _spoil(self, call: Call) -> Answer | None:
        """The work is done and kept, but the answer is lost on its way."""
        faults = self.world.faults
        if faults.hits_api("500_after", call.request.path):
            return json_answer(500, api_failure().body(call.request_id), call.headers)
        if faults.hits_api("timeout_after_charging", call.request.path):
            return Answer(0, b"", "", silence=faults.seconds("timeout_seconds"))
        return None


def authenticate(request: Request) -> None:
    """Test keys only. A live key here is a mistake worth shouting about."""
    key = _key(request.headers.get("Authorization", ""))
    if not key:
        raise unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if key.startswith(("sk_live_", "rk_live_")):
        shout("REFUSED: a live Stripe key was sent to the sandbox. Roll it.")
        raise unauthorized("This is the Stripe sandbox of this project: it refuses live keys. Use a key for tests.")
    if not key.startswith(("sk_test_", "rk_test_")):
        raise unauthorized(f"Invalid API Key provided: {key[:8]}{'*' * 8}")
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise StripeError(f"Invalid Stripe API version: {version}. The sandbox speaks {API_VERSION}.")


def _key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
