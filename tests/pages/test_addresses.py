"""What a person meets at a wrong address, and where staff find the desk."""

import pytest
from django.test import Client

from accounts.models import Role
from tests.accounts.people import make_staff, sign_in
from tests.factories import an_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/nowhere", "/r/nobody", "/thanks/00000000-0000-0000-0000-000000000000", "/desk/x"]
)
def test_a_wrong_address_meets_our_own_page_in_the_demo_too(client: Client, address: str) -> None:
    an_event()
    answer = client.get(address)
    assert answer.status_code == 404
    assert "This lane ends here" in answer.content.decode()


def test_staff_find_the_desk_on_their_page_and_others_do_not(client: Client) -> None:
    an_event()
    sign_in(client, make_staff(Role.MODERATOR))
    assert 'href="/desk"' in client.get("/me").content.decode()
    other = Client()
    sign_in(other, make_staff(Role.CHARITY, email="charity@example.org"))
    assert 'href="/desk"' not in other.get("/me").content.decode()
