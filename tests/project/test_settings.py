"""A half-set environment stops the start with a sentence; production never runs with the demo's doors open."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.project.sources import ROOT

PRODUCTION = {
    "STRIPE_SECRET_KEY": "sk_live_of_a_test",
    "STRIPE_WEBHOOK_SECRET": "whsec_of_a_test",
    "SECRET_KEY": "k9-Vw2_pQx7rTz4mLb8nHc3jFd6sGa1yEu5iOo0XqZvBtRwYkMlNhJgP",
    "ALLOWED_HOSTS": "give.example",
    "SITE_URL": "https://give.example",
    "EMAIL_URL": "smtp://mail.example:25",
}


def load(monkeypatch: pytest.MonkeyPatch, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """The settings as a new process with just this environment would see them."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in {"VAR_DIR": str(folder), **environment}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "platform" / "config" / "settings.py"))


def test_no_configuration_is_the_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(monkeypatch, tmp_path, {})
    assert settings["DEMO"]
    assert settings["STRIPE_API_BASE"].startswith("http://127.0.0.1:")
    assert settings["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")


def test_production_has_neither_demo_nor_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(monkeypatch, tmp_path, PRODUCTION)
    assert not settings["DEMO"]
    assert not settings["DEBUG"]
    assert not {"demo", "stripe_sandbox"} & set(settings["INSTALLED_APPS"])
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"STRIPE_SECRET_KEY"}))
def test_real_stripe_needs(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rest = {each: value for each, value in PRODUCTION.items() if each != name}
    with pytest.raises(ImproperlyConfigured, match=name):
        load(monkeypatch, tmp_path, rest)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_API_BASE", "http://127.0.0.1:4242"),
        ("DEMO_CLOCK", "/tmp/clock"),
        ("DEBUG", "1"),
        ("SITE_URL", "http://give.example"),
    ],
)
def test_production_refuses(name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(monkeypatch, tmp_path, {**PRODUCTION, name: value})


def test_the_demo_does_not_run_without_debug(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="STRIPE_SECRET_KEY"):
        load(monkeypatch, tmp_path, {"DEBUG": "0"})


@pytest.mark.parametrize(
    "environment",
    [
        {name: value for name, value in PRODUCTION.items() if name != "STRIPE_SECRET_KEY"},
        {**PRODUCTION, "STRIPE_SECRET_KEY": " "},
        {"ALLOWED_HOSTS": "localhost,give.example"},
        {"ALLOWED_HOSTS": "*"},
        {"SITE_URL": "https://give.example"},
        {"SITE_URL": "give.example"},
    ],
)
def test_a_lost_key_does_not_open_the_demo_to_strangers(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ImproperlyConfigured, match="STRIPE_SECRET_KEY"):
        load(monkeypatch, tmp_path, environment)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8100", "http://[::1]:8000"])
def test_the_demo_runs_on_this_machine(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert load(monkeypatch, tmp_path, {"SITE_URL": url, "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"})["DEMO"]


def test_a_secret_can_be_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("whsec_from_a_file\n")
    rest = {name: value for name, value in PRODUCTION.items() if name != "STRIPE_WEBHOOK_SECRET"}
    settings = load(monkeypatch, tmp_path, {**rest, "STRIPE_WEBHOOK_SECRET_FILE": str(secret)})
    assert settings["STRIPE_WEBHOOK_SECRET"] == "whsec_from_a_file"


def run(environment: dict[str, str], folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.defpath, "VAR_DIR": str(folder), **environment}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_half_set_start_ends_with_a_sentence_that_names_all_that_is_missing(tmp_path: Path) -> None:
    done = run({"STRIPE_SECRET_KEY": "sk_live_of_a_test"}, tmp_path, "check")
    assert done.returncode
    last = done.stderr.strip().splitlines()[-1]
    assert "SECRET_KEY, ALLOWED_HOSTS, SITE_URL (https), STRIPE_WEBHOOK_SECRET, EMAIL_URL" in last


def test_django_has_nothing_to_say_against_the_deployment(tmp_path: Path) -> None:
    done = run(PRODUCTION, tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
