"""People who speak for an organization, signed in with their second factor."""

from django.test import Client

from accounts.models import Role, User
from accounts.services import grant_role
from tests.accounts.people import make_staff, sign_in


def anna() -> User:
    """She speaks for Breaking Free."""
    return someone("anna@breakingfree.example", Role.CHARITY)


def someone(email: str, *roles: Role) -> User:
    """The same person however often they are asked for."""
    return User.objects.filter(email=email).first() or make_staff(*roles, email=email)


def sam_of(slug: str) -> User:
    """Somebody who speaks for another organization."""
    user = make_staff(email=f"sam@{slug}.example")
    grant_role(user=user, role=Role.CHARITY, beneficiary_slug=slug)
    return user


def at_charity(user: User) -> Client:
    return sign_in(Client(), user)


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return body.decode()
