import pytest
from pytest_django import Settings

from events.models import Event
from tests.disbursements.payments import an_event_with_money


@pytest.fixture(autouse=True)
def _no_bypass_code(settings: Settings) -> None:
    """allauth refuses the demo's bypass code without DEBUG, and tests run without."""
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture
def event(db: None) -> Event:
    """$300 at the bank, of which each of the three is owed $100."""
    return an_event_with_money()
