import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _no_bypass_code(settings: Settings) -> None:
    """allauth refuses the demo's bypass code without DEBUG, and tests run without."""
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None
