"""Requests and answers, without the sockets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stripe_sandbox.store import Json, encoded


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    # The connection is closed after so many seconds, and nothing is ever said.
    silence: float | None = None


def json_answer(status: int, body: Json, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, encoded(body).encode(), "application/json", headers or {})


def page_answer(status: int, text: str) -> Answer:
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Answer(status, text.encode(), "text/html; charset=utf-8", headers)


def redirect(address: str) -> Answer:
    return Answer(303, b"", "text/plain", {"Location": address, "Cache-Control": "no-store"})
