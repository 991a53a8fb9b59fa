"""Owners of pages, and what they send."""

import re
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.services import create_person
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.emails import text_of
from outreach.models import OutboxMail
from tests.accounts.people import sign_in
from tests.factories import a_page

WORDS = {"name": "Amina Warsame", "title": "", "story": "I run for my sisters.", "goal": "750"}


def a_person(email: str = "amina@example.org", verified: bool = True) -> User:
    user = create_person(email=email, name="Amina Warsame")
    EmailAddress.objects.filter(user=user).update(verified=verified)
    return user


def an_owned_page(event: Event | None = None, email: str = "amina@example.org", **more: Any) -> Fundraiser:
    page = a_page(event, email=email, **more)
    page.owner = a_person(email)
    page.save(update_fields=["owner"])
    return page


def owner_of(page: Fundraiser) -> Client:
    """A signed-in session of the page's owner."""
    assert page.owner
    return sign_in(Client(), page.owner)


def told(answer: Any) -> str:
    return str(answer.content.decode())


def link_in(key: str, path: str) -> str:
    """The path of the link in a mail that begins with `path`."""
    text = text_of(OutboxMail.objects.get(key=key))
    found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S+)", text)
    assert found, text
    return found[1]
