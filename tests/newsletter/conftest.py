import pytest
from pytest_django import Settings

from events.models import Event
from tests.factories import an_event


@pytest.fixture(autouse=True)
def _mails_are_kept(settings: Settings) -> None:
    """Mails stay in memory. allauth refuses the demo's bypass code without DEBUG, and tests run without."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture
def event(db: None) -> Event:
    return an_event()
