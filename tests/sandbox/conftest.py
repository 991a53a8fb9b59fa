"""One sandbox for all tests of the API; each begins with an empty one."""

from collections.abc import Iterator

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import client_of, control, running


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def world(shared: Sandbox) -> Sandbox:
    control(shared, "reset", {})
    return shared


@pytest.fixture
def client(world: Sandbox) -> stripe.StripeClient:
    return client_of(world)
