"""What every test gets. The fixtures themselves are in tests/tools/fixtures."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from common import tries
from common.tally import Tally
from fundraisers import visits
from tests.tools.books import assert_books_hold
from tests.tools.network import Guard

pytest_plugins = [
    "tests.tools.fixtures.databases",
    "tests.tools.fixtures.site",
    "tests.tools.fixtures.stripe",
    "tests.tools.fixtures.browser",
]

# Examples differ from run to run, so that the runs together see more; a failure prints how to repeat it.
# Tests with the database wrap each example in tests.tools.books.rolled_back.
for name, examples in {"fast": 50, "long": 2000}.items():
    hypothesis_settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

network = Guard()


def pytest_configure(config: pytest.Config) -> None:
    network.install()
    if settings.REDIS_URL:
        _take_own_redis_database(str(getattr(config, "workerinput", {}).get("workerid", "gw0")))


def _take_own_redis_database(worker: str) -> None:
    """Each xdist worker has a Redis database of its own, named before anything has connected."""
    url = settings.REDIS_URL.rpartition("/")[0] + "/" + worker.removeprefix("gw")
    os.environ["REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    for kept in settings.CACHES.values():
        kept["LOCATION"] = url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """After a test that moved money, while its database is still there, the books must hold."""
    result = yield
    if item.get_closest_marker("money") and _has_database(item):
        assert_books_hold()
    return result


def _has_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool({"db", "committed_db"} & set(fixtures)) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def nothing_beyond_this_machine() -> Iterator[None]:
    """Fails a test that reached for another machine, even where the code under test swallowed the refusal."""
    network.attempts.clear()
    yield
    assert not network.attempts, f"reached for {network.attempts}: tests talk to this machine only"


@pytest.fixture(autouse=True)
def clean_surroundings(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    """Empty caches, an empty media folder, nothing counted."""
    for name in caches:
        caches[name].clear()
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    visits.tally = Tally(visits.keep)
    tries.memory().reset()


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parent.parent
