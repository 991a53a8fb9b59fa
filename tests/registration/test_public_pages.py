"""What anybody may read: what can be had, and the words that are signed."""

import hashlib

import pytest
from django.test import Client

from events.models import Event, Waiver
from tests.factories import a_race, an_event
from tests.registration.people import look

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return a_race()


@pytest.mark.parametrize("path", ["/register", "/waiver", "/waiver/1"])
def test_public_pages_set_no_cookie_hold_no_form_and_answer_304(event: Event, path: str) -> None:
    client = Client()
    first = client.get(path)
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies
    assert "<form" not in first.content.decode()
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_every_version_of_the_waiver_stays_readable_with_its_fingerprint(event: Event) -> None:
    text = "New words."
    digest = hashlib.sha256(text.encode()).hexdigest()
    Waiver.objects.create(event=event, version=2, text=text, sha256=digest)
    assert text in look("/waiver")
    assert digest in look("/waiver/2")
    old = look("/waiver/1")
    assert "Another one has replaced it" in old
    assert event.waivers.get(version=1).sha256 in old
    assert hashlib.sha256(event.waivers.get(version=1).text.encode()).hexdigest() in old
    assert Client().get("/waiver/3").status_code == 404


def test_without_a_waiver_there_is_no_page_for_one(event: Event) -> None:
    event.waivers.all().delete()
    assert Client().get("/waiver").status_code == 404


def test_an_event_with_nothing_to_sign_up_for_says_so(event: Event) -> None:
    event.options.all().delete()
    page = look("/register")
    assert "There is nothing to sign up for yet." in page
    assert "Register now" not in page


def test_the_front_page_leads_to_sign_up() -> None:
    an_event()
    assert 'href="/register"' in look("/")
