"""The log tells what happened, and to nobody how to open somebody's receipt."""

import logging
from uuid import uuid4

import pytest
from django.core.signing import dumps
from django.test import Client

from common.logs import WithoutLinks


def line(message: str, *words: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, words, None)
    return WithoutLinks("%(levelname)s %(message)s").format(record)


def test_private_links_are_cut_and_the_rest_stays() -> None:
    assert (
        line("Unprocessable Entity: %s", f"/register/{uuid4()}/code")
        == "WARNING Unprocessable Entity: /register/…/code"
    )
    assert line("Not Found: /claim/%s", dumps({"page": 17}, salt="claim")) == "WARNING Not Found: /claim/…"
    assert line("refund request %s waits", 17) == "WARNING refund request 17 waits"


def test_they_are_cut_in_an_exception_too() -> None:
    link = uuid4()
    error = ValueError(link)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (ValueError, error, None))
    said = WithoutLinks().format(record)
    assert "ValueError" in said
    assert str(link) not in said


def test_the_site_logs_this_way(caplog: pytest.LogCaptureFixture, db: None) -> None:
    link = uuid4()
    Client().get(f"/thanks/{link}")
    handler = next(handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, WithoutLinks))
    said = [handler.format(record) for record in caplog.records if "/thanks/" in record.getMessage()]
    assert said
    assert str(link) not in "".join(said)
