"""Stripe's error envelope."""

import sys
from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"


class StripeError(Exception):
    """An answer other than 200. `saved` says whether an idempotency key keeps it: only once execution began."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.saved = saved
        self.more = more

    def body(self, request_id: str) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, **self.more}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = DOCS + self.code.replace("_", "-")
        if self.param:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error}


def shout(line: str) -> None:
    """What somebody must see who looks at the sandbox's output, however quiet it is."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def unknown_parameter(name: str) -> StripeError:
    return StripeError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def missing_parameter(name: str) -> StripeError:
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def no_such(noun: str, identifier: str, *, param: str = "id", status: int = 404, saved: bool = False) -> StripeError:
    message = f"No such {noun}: '{identifier}'"
    return StripeError(message, status=status, code="resource_missing", param=param, saved=saved)


def unauthorized(message: str) -> StripeError:
    return StripeError(message, status=401)


def api_failure(message: str = "An unknown error occurred", *, saved: bool = False) -> StripeError:
    return StripeError(message, status=500, kind="api_error", saved=saved)


def rate_limited() -> StripeError:
    return StripeError("Too many requests hit the API too quickly.", status=429, code="rate_limit")
