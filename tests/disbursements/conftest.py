"""Stripe has made no transfer that we have not heard of, unless a test says so."""

import pytest

from donations.payments import gateway


@pytest.fixture(autouse=True)
def _no_transfer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "find_transfer", lambda _disbursement: "")
