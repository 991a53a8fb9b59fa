"""What a donor meets when Stripe does not take the gift."""

import re

import pytest
from django.test import Client

from donations.payments import gateway
from donations.payments.models import Payment
from tests.factories import a_page
from tests.giving.donors import words


@pytest.mark.money
def test_a_refused_gift_can_be_sent_again_as_another_payment(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page()
    address = f"/r/{page.slug}/give"
    typed = words(amount="50")

    def refuse(*_args: object, **_more: object) -> None:
        raise gateway.Refused

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "create_checkout", refuse)
        answer = client.post(address, typed)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Stripe did not take this gift." in body
    assert "Rosa Delgado" in body
    found = re.search(r'name="form_token" value="([^"]+)"', body)
    assert found
    assert found[1] != typed["form_token"]
    made = gateway.Session("cs_1", "https://checkout.example/1")
    monkeypatch.setattr(gateway, "create_checkout", lambda *_args, **_more: made)
    again = client.post(address, typed | {"form_token": found[1]})
    assert (again.status_code, again["Location"]) == (302, made.url)
    assert list(Payment.objects.order_by("pk").values_list("status", flat=True)) == ["expired", "open"]
