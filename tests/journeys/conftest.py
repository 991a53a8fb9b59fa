from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from fundraisers.models import Fundraiser
from tests.factories import a_page, an_event
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site

NewPage: TypeAlias = Callable[..., Page]


@pytest.fixture(autouse=True)
def _the_demos_mail(settings: Settings) -> None:
    """Mail goes where the demo's goes, so that people read it on the outbox page. allauth refuses the demo's bypass
    code without DEBUG, and tests run without."""
    settings.EMAIL_BACKEND = "outreach.mailbox.DemoBackend"
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture
def amina(site: Site) -> Fundraiser:
    """A runner's page that says where the news about gifts goes."""
    return a_page(an_event(), email="amina@example.org")


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Makes pages of other people, each in a profile of its own."""
    with ExitStack() as stack:

        def make(**options: Any) -> Page:
            return stack.enter_context(fresh_page(browser, **options))

        yield make
