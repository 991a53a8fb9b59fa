import pytest
from django.test import Client
from pytest_django import Settings

from events.models import Event
from registration.waitlist import join
from tests.registration_desk.households import a_household, a_race_at
from tests.registration_desk.race import organizer
from tests.tools.fixtures.stripe import StripeSandbox


@pytest.fixture(autouse=True)
def _no_bypass_code(settings: Settings) -> None:
    """allauth refuses the demo's bypass code without DEBUG, and tests run without."""
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture
def desk(db: None) -> Client:
    """An organizer at the desk."""
    return organizer()


@pytest.fixture
def field(event: Event, sandbox: StripeSandbox) -> Event:
    """Three households of four people, one entry free, a gift on a page, somebody who waits."""
    a_household(event, "Amina Warsame", "Sam Warsame", sandbox=sandbox, gift_cents=5000)
    a_household(event, "Ole Olson", sandbox=sandbox)
    a_race_at(event, 0)
    a_household(event, "Maren Berg")
    event.options.filter(slug="run").update(capacity=4)
    join(option=event.options.get(slug="run"), name="Rosa", email="rosa@example.org")
    return event
