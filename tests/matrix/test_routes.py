"""Every route, for every part of a person, by every method, against a written table.

A new route without a row fails here, and so does a row whose route is gone: whoever adds a route says who may use it.
"""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from donations.giving.models import Donation
from fundraisers.models import Fundraiser
from tests.matrix.routes import routes
from tests.matrix.table import LETTERS, METHODS, ROWS
from tests.matrix.world import PARTS, STAFF, World, a_world
from tests.tools.books import rolled_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def letter(answer: HttpResponse) -> str:
    """What happened, as a letter of the table; the bare number where there is none."""
    place = answer.headers.get("Location", "")
    if answer.status_code in (302, 303) and place.startswith("/") and not place.startswith("//"):
        return "s" if place.startswith("/accounts/login/?next=") else "r"
    return LETTERS.get(answer.status_code, str(answer.status_code))


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert sorted(ROWS) == sorted(routes())


@pytest.mark.parametrize("part", PARTS)
def test_everybody_gets_what_the_table_says(part: str, world: World) -> None:
    session = world.client(part).cookies
    wrong = {}
    for name, row in ROWS.items():
        found = ""
        for method in METHODS:
            # Each request meets the same world: a session that signs out, a form that counts tries, leave nothing.
            with rolled_back():
                cache.clear()
                client = Client(raise_request_exception=False)
                client.cookies.update(session)
                found += letter(getattr(client, method)(world.address(part, name)))
        if found != row[part]:
            wrong[name] = f"{found}, not {row[part]}"
    assert wrong == {}


def test_the_desk_is_guarded_and_its_guards_agree_with_the_table() -> None:
    for name, view in routes().items():
        if not name.startswith(("desk", "charity")):
            assert "roles" not in vars(view), f"{name} is guarded and has no name that says so"
            continue
        let_in = {part for part, role in STAFF.items() if role in vars(view)["roles"]}
        assert let_in, name
        assert let_in == {part for part in STAFF if "n" not in ROWS[name][part]}, name


def test_no_form_is_taken_without_its_token() -> None:
    world = a_world()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answers = {name: client.post(world.address("donor", name)).status_code for name in ROWS}
    # The open API takes nothing, whoever asks: no form, no session.
    reading = {answers.pop(name) for name in [*answers] if name.startswith("api_") and name != "api_token"}
    assert reading <= {401, 403, 405}
    # Stripe signs instead, and a mail program presses by a token that we signed (RFC 8058).
    assert answers.pop("webhook") == 400
    assert answers.pop("mail_off") == answers.pop("news_off") == 200
    assert set(answers.values()) == {403}


def test_a_runner_sees_only_pages_of_their_own(world: World) -> None:
    assert "Amina Warsame" in world.client("runner").get("/me").content.decode()
    assert "Amina" not in world.client("other").get("/me").content.decode()


def test_a_private_link_that_was_guessed_opens_nothing(world: World) -> None:
    assert world.client("donor").get(f"/thanks/{world.payment.token}").status_code == 200
    guesses = [world.strange_link, world.payment.form_token, world.payment.pk, "0" * 32]
    assert {world.client("anonymous").get(f"/thanks/{guess}").status_code for guess in guesses} == {404}


@pytest.mark.parametrize("part", ["anonymous", "organizer"])
def test_the_open_outbox_is_of_the_demo_only(part: str, world: World, settings: Settings) -> None:
    settings.DEMO = False
    client = world.client(part)
    for name in ("outbox", "outbox_mail", "outbox_html"):
        assert client.get(world.address(part, name)).status_code == 404


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_a_number_of_nothing_is_not_found_however_large(number: int, world: World) -> None:
    numbered = [name for name, value in world.numbers("organizer").items() if isinstance(value, int)]
    for part in ("organizer", "treasurer"):
        client = world.client(part)
        for name in numbered:
            for method in ("get", "post"):
                status = getattr(client, method)(reverse(name, args=[number])).status_code
                assert status in (302, 404, 405), f"{name} answers {method} with {status}"


@pytest.mark.parametrize("words", ["%00", "q%00q", "%F0%9F%8F%83", "%25", "'%22%3C", "9" * 500, "%EF%BC%91"])
def test_no_words_in_the_address_break_a_list(words: str, world: World) -> None:
    client = world.client("organizer")
    for name, row in ROWS.items():
        if row["organizer"].startswith("o") and not name.startswith(("account_", "mfa_", "api_")):
            for word in ("q", "page", "kind", "state", "amount", "next"):
                answer = client.get(f"{world.address('organizer', name)}?{word}={words}")
                assert answer.status_code == 200, f"{name}?{word}={words}"


def test_writes_by_other_methods_change_nothing(world: World) -> None:
    before = (Donation.objects.count(), Fundraiser.objects.filter(is_hidden=False).count())
    for part in ("organizer", "treasurer"):
        client = world.client(part)
        for method in ("put", "patch", "delete"):
            for name in ROWS:
                if name.startswith("desk"):
                    assert getattr(client, method)(world.address(part, name)).status_code == 405
    assert before == (Donation.objects.count(), Fundraiser.objects.filter(is_hidden=False).count())
