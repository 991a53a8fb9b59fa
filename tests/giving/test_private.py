"""What a donor's private page and the form keep to themselves."""

from io import BytesIO

import pytest
from django.test import Client

from fundraisers.services import set_hidden
from tests.factories import a_page, a_payment, an_event, paid

pytestmark = pytest.mark.django_db


def test_a_page_that_was_hidden_is_not_named_to_those_who_gave() -> None:
    page = a_page()
    payment = a_payment(page)
    paid(payment)
    assert "Amina" in Client().get(f"/thanks/{payment.token}").content.decode()
    set_hidden(fundraiser=page, hidden=True)
    told = Client().get(f"/thanks/{payment.token}").content.decode()
    assert "Amina" not in told
    assert page.slug not in told
    assert "$50.00" in told


def test_a_file_sent_with_the_form_is_not_kept() -> None:
    an_event()
    answer = Client().post("/give", {"name": "Rosa", "photo": BytesIO(b"x" * 3_000_000)})
    assert answer.status_code == 422
    assert not answer.wsgi_request.FILES
    assert answer.wsgi_request.POST["name"] == "Rosa"
