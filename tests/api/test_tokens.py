"""An owner's token: shown once, kept as a hash, opens the owner's own numbers and nothing else."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from accounts.services import create_person
from accounts.tokens import make_token, revoke_token
from common import clock
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from tests.accounts.people import sign_in
from tests.api.world import SECRETS, a_race_with_secrets
from tests.factories import a_page, an_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> User:
    """The owner of two pages, of which one is hidden."""
    race, owner = a_race_with_secrets(), create_person(email="amina@example.org")
    Fundraiser.objects.filter(pk__in=[race.amina.pk, race.hidden.pk]).update(owner=owner)
    return owner


def ask(path: str, token: str) -> tuple[int, Any]:
    answer = Client().get(f"/api/v1/{path}", headers={"authorization": f"Bearer {token}"})
    return answer.status_code, json.loads(answer.content)


def shown_token(client: Client) -> str:
    answer = client.post("/me/token", {"what": "make"})
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    found = re.search(r'<p class="address">(race_[\w-]+)</p>', answer.content.decode())
    assert found
    return found[1]


def test_a_token_is_shown_once_and_opens_its_owners_numbers(amina: User) -> None:
    client = sign_in(Client(), amina)
    token = shown_token(client)
    assert token not in client.get("/me/token").content.decode()
    status, told = ask("me", token)
    assert status == 200
    assert [(page["name"], page["is_hidden"]) for page in told["pages"]] == [
        ("Amina Warsame", False),
        ("Hidden Hanna", True),
    ]


def test_an_owner_sees_of_gifts_what_everybody_does_and_where_the_message_is(amina: User) -> None:
    status, told = ask("me/gifts", make_token(user=amina))
    assert status == 200
    assert {gift["message_state"] for gift in told["results"]} == {"shown", "waiting", "refused"}
    assert {gift["runner"]["name"] for gift in told["results"]} == {"Amina Warsame", "Hidden Hanna"}
    own = {"Hidden Hanna", "hidden-hanna"}
    assert {secret for secret in SECRETS if secret in json.dumps(told)} - own == set()


def test_another_owner_sees_none_of_it(amina: User) -> None:
    other = create_person(email="other@example.org")
    page = a_page(Fundraiser.objects.all()[0].event, name="Other Page")
    Fundraiser.objects.filter(pk=page.pk).update(owner=other)
    token = make_token(user=other)
    assert [page["name"] for page in ask("me", token)[1]["pages"]] == ["Other Page"]
    assert ask("me/gifts", token)[1]["results"] == []


def test_only_its_hash_is_kept(amina: User) -> None:
    token = make_token(user=amina)
    row = ApiToken.objects.values().get()
    assert token not in str(row)
    assert token.removeprefix("race_") not in str(row)
    assert len(row["digest"]) == 64


def test_a_new_token_ends_the_one_before_and_revoking_ends_the_last(amina: User) -> None:
    client = sign_in(Client(), amina)
    first, second = shown_token(client), shown_token(client)
    assert (ask("me", first)[0], ask("me", second)[0]) == (401, 200)
    client.post("/me/token", {"what": "revoke"})
    assert ask("me", second)[0] == 401
    assert "You have no token." in client.get("/me/token").content.decode()


def test_a_person_who_may_not_sign_in_reads_nothing(amina: User) -> None:
    token = make_token(user=amina)
    User.objects.filter(pk=amina.pk).update(is_active=False)
    assert ask("me", token)[0] == 401


@pytest.mark.parametrize("path", ["me", "me/gifts"])
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer race_nonsense", "Token {}", "Basic {}", "Bearer {}x", "Bearer \xff", "{}"],
)
def test_without_a_valid_token_there_is_401_and_a_sentence(path: str, header: str) -> None:
    token = make_token(user=create_person(email="new@example.org"))
    answer = Client().get(f"/api/v1/{path}", headers={"authorization": header.replace("{}", token)} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert json.loads(answer.content)["detail"].endswith(".")


def test_a_session_opens_nothing(amina: User) -> None:
    assert sign_in(Client(), amina).get("/api/v1/me").status_code == 401


def test_a_token_opens_no_page_and_nothing_is_kept_of_what_it_opens(amina: User) -> None:
    token = make_token(user=amina)
    headers = {"authorization": f"Bearer {token}"}
    answer = Client().get("/api/v1/me", headers=headers)
    assert "no-store" in answer["Cache-Control"]
    assert Client().get("/api/v1/me").status_code == 401
    assert Client().get("/me", headers=headers).status_code == 302
    assert Client().get("/desk", headers=headers).status_code == 302


def test_when_it_was_used_is_noted_to_the_hour(amina: User) -> None:
    token = make_token(user=amina)
    ask("me", token)
    noted = last_used()
    ask("me", token)
    assert last_used() == noted
    long_ago = clock.now() - timedelta(hours=2)
    ApiToken.objects.update(last_used_at=long_ago)
    ask("me", token)
    assert last_used() > long_ago


def last_used() -> datetime:
    noted = ApiToken.objects.get().last_used_at
    assert noted
    return noted


def test_a_page_that_is_hidden_meanwhile_says_so_at_once(amina: User) -> None:
    token = make_token(user=amina)
    set_hidden(fundraiser=Fundraiser.objects.get(slug="amina-warsame"), hidden=True)
    assert [page["is_hidden"] for page in ask("me", token)[1]["pages"]] == [True, True]


def test_who_has_no_page_has_an_empty_list() -> None:
    an_event()
    token = make_token(user=create_person(email="new@example.org"))
    assert ask("me", token) == (200, {"pages": []})
    assert ask("me/gifts", token)[1]["results"] == []


def test_revoking_twice_changes_nothing(amina: User) -> None:
    make_token(user=amina)
    revoke_token(user=amina)
    before = ApiToken.objects.values().get()
    revoke_token(user=amina)
    assert ApiToken.objects.values().get() == before
