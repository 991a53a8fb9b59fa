"""oEmbed 1.0: somebody pastes an address of ours, and their site asks what to put in its place."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from tests.factories import a_page

pytestmark = pytest.mark.django_db
HERE = "http://localhost:8000"


@pytest.fixture
def page() -> Fundraiser:
    return a_page()


def ask(url: str, status: int = 200, **more: str) -> dict[str, Any]:
    answer = Client().get("/oembed", {"url": url, **more})
    assert answer.status_code == status, f"{url}: {answer.status_code}"
    assert answer["Access-Control-Allow-Origin"] == "*"
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    "path", ["", "/", "/leaderboard", "/r/amina-warsame", "/r/amina-warsame?from=x#gifts", "/t/north-loop"]
)
def test_an_address_of_ours_becomes_one_sandboxed_frame(path: str, page: Fundraiser) -> None:
    told = ask(HERE + path)
    assert (told["type"], told["version"]) == ("rich", "1.0")
    frame = re.fullmatch(
        r'<iframe src="([^"]+)" title="[^"]+" width="(\d+)" height="(\d+)" sandbox="([^"]*)"[^>]*></iframe>',
        told["html"],
    )
    assert frame, told["html"]
    assert (int(frame[2]), int(frame[3])) == (told["width"], told["height"])
    assert not {"allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation"} & set(frame[4].split())
    assert Client().get(urlsplit(unescape(frame[1])).path).status_code == 200


def test_it_is_no_larger_than_there_is_room(page: Fundraiser) -> None:
    told = ask(HERE, maxwidth="250", maxheight="120")
    assert (told["width"], told["height"]) == (250, 120)
    assert 'width="250" height="120"' in told["html"]
    assert ask(HERE, maxwidth="5000")["width"] == ask(HERE)["width"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/r/amina-warsame",
        "http://localhost:8000@evil.example/",
        "http://localhost:8000.evil.example/",
        "//localhost:8000/r/amina-warsame",
        "file:///etc/passwd",
        "http://[::1/",
        "http://169.254.169.254/latest/meta-data",
        f"{HERE}/r/nobody",
        f"{HERE}/desk",
        f"{HERE}/money",
        f"{HERE}/nowhere/at/all",
    ],
)
def test_an_address_that_is_not_ours_or_shows_nothing_is_not_found(url: str, page: Fundraiser) -> None:
    assert "nothing to embed" in ask(url, 404)["error"]


def test_a_page_that_lists_do_not_show_is_not_found(page: Fundraiser) -> None:
    quiet = a_page(page.event, name="Quiet Runner", is_listed=False)
    set_hidden(fundraiser=page, hidden=True)
    for one in (page, quiet):
        assert "html" not in ask(f"{HERE}/r/{one.slug}", 404)


def test_there_is_json_and_nothing_else(page: Fundraiser) -> None:
    ask(HERE, 200, format="json")
    ask(HERE, 501, format="xml")


@pytest.mark.parametrize(
    "asked", [{}, {"url": HERE, "maxwidth": "wide"}, {"url": HERE, "maxheight": "-1"}, {"url": "x" * 3000}]
)
def test_what_makes_no_sense_is_told_so(asked: dict[str, str], page: Fundraiser) -> None:
    answer = Client().get("/oembed", asked)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("path", ["/", "/r/amina-warsame", "/t/north-loop"])
def test_a_page_says_how_it_is_embedded(path: str, page: Fundraiser) -> None:
    link = re.search(
        r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', Client().get(path).content.decode()
    )
    assert link, path
    address = urlsplit(unescape(link[1]))
    assert Client().get(f"{address.path}?{address.query}").json()["version"] == "1.0"


def test_a_page_that_cannot_be_embedded_says_nothing_of_it(page: Fundraiser) -> None:
    quiet = a_page(page.event, name="Quiet Runner", is_listed=False)
    assert "oembed" not in Client().get(quiet.get_absolute_url()).content.decode()
