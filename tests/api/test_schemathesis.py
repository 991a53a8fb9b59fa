"""Whatever the documentation permits or forbids is tried: nothing fails, and every answer is as it was documented."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import settings

from accounts.services import create_person
from accounts.tokens import make_token
from fundraisers.models import Fundraiser
from tests.factories import a_page, a_payment, paid

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", get_wsgi_application())


@pytest.fixture
def token(db: None) -> Iterator[str]:
    """Of the owner of a page, which the documentation's examples name, with a gift."""
    owner, page = create_person(email="amina@example.org"), a_page()
    Fundraiser.objects.filter(pk=page.pk).update(owner=owner)
    paid(a_payment(page))
    # The end of a request would close the connection, and the test's transaction with it.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_token(user=owner)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=20)
def test_the_api_is_as_its_documentation_says(case: "schemathesis.Case[Any]", token: str) -> None:
    # In this process nobody unpacks what is compressed.
    case.call_and_validate(headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
