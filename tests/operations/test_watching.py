"""What a load balancer and Prometheus are told, and what visitors get while the database is away."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings
from redis import RedisError

from outreach.models import OutboxMail
from tests.factories import a_page, a_payment, paid

TOKEN = "a-long-secret"
Scraped = Callable[[], dict[str, float]]


@pytest.fixture
def scraped(client: Client, settings: Settings) -> Scraped:
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[str, float]:
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        lines = re.findall(r"^(site\S+) (\S+)$", answer.content.decode(), re.MULTILINE)
        return {name: float(value) for name, value in lines}

    return read


def stop_the_database(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def away(*_words: object) -> None:
        raise error

    monkeypatch.setattr(connection, "cursor", away)


def test_the_process_answers_without_asking_anybody(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.money
@pytest.mark.django_db
def test_a_site_whose_database_is_there_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "redis": "ok"})


@pytest.mark.django_db
def test_without_redis_it_is_ready_all_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_words: object) -> None:
        raise RedisError

    monkeypatch.setattr(cache, "get", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["redis"]) == (200, "away")


@pytest.mark.django_db
def test_while_the_database_is_away_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_database(monkeypatch, OperationalError("the connection was refused"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer["Retry-After"]) == (503, "away", "5")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/money", "/api/v1/event"])
def test_while_the_database_is_away_visitors_are_told_to_come_again(
    path: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    stop_the_database(monkeypatch, OperationalError("the connection was refused"))
    answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "We are back in a moment" in answer.content.decode()


@pytest.mark.django_db
def test_whatever_else_breaks_is_a_500(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    stop_the_database(monkeypatch, RuntimeError("not the database"))
    answer = client.get("/")
    assert (answer.status_code, "Something went wrong on our side" in answer.content.decode()) == (500, True)


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_without_its_token_there_are_no_metrics(said: str, client: Client, settings: Settings) -> None:
    for token in ("", TOKEN):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers={"authorization": said}).status_code == 404


@pytest.mark.money
@pytest.mark.django_db
def test_metrics_say_what_was_given_and_what_waits(scraped: Scraped) -> None:
    page = a_page()
    before = scraped()
    paid(a_payment(page, cents=5_000))
    after = scraped()
    assert after[f'site_gifts{{event="{page.event.slug}"}}'] == 1
    assert after[f'site_raised_cents{{event="{page.event.slug}"}}'] == 5_000
    assert after['site_queue_depth{queue="outbox"}'] == OutboxMail.objects.count() > 0
    assert after['site_queue_depth{queue="feed"}'] - before['site_queue_depth{queue="feed"}'] == 1
    assert after["site_alarms"] == 0


@pytest.mark.money
@pytest.mark.django_db
def test_metrics_hold_nothing_of_a_person(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    paid(a_payment(a_page(name="Marker Runner"), cents=5_000, name="Marker Person"))
    told = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode().lower()
    assert "marker" not in told
