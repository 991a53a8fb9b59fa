import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.services import create_person, enroll_demo_totp
from tests.accounts.people import add_totp, totp_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.doors")]

LOGIN = "/accounts/login/"
CONFIRM = "/accounts/login/code/confirm/"
CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")


@pytest.fixture
def ada() -> User:
    return create_person(email="ada@example.org", name="Ada")


def ask(client: Client, email: str, **extra: str) -> HttpResponse:
    return client.post(LOGIN, {"email": email, **extra})  # type: ignore[return-value]


def mailed_code() -> str:
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_by_mail_signs_in(client: Client, ada: User) -> None:
    assert ask(client, "Ada@Example.org")["Location"] == CONFIRM
    assert mail.outbox[0].to == ["ada@example.org"] or mail.outbox[0].to == ["Ada@Example.org"]
    assert client.get(CONFIRM).status_code == 200
    response = client.post(CONFIRM, {"code": mailed_code().lower().replace("-", "")})
    assert response["Location"] == "/me"
    assert signed_in(client)
    assert EmailAddress.objects.get(user=ada).verified
    assert len(mail.outbox) == 1, "one sign-in, one mail"


def test_the_second_sign_in_asks_for_one_code_too(client: Client, ada: User) -> None:
    for _time in range(2):
        ask(client, ada.email)
        assert client.post(CONFIRM, {"code": mailed_code()})["Location"] == "/me"
        client.post("/accounts/logout/")
    assert len(mail.outbox) == 2


def test_the_session_gets_a_new_id(client: Client, ada: User) -> None:
    ask(client, ada.email)
    before = client.cookies["sessionid"].value
    client.post(CONFIRM, {"code": mailed_code()})
    assert client.cookies["sessionid"].value != before


def test_a_wrong_code_signs_nobody_in_and_three_end_the_try(client: Client, ada: User) -> None:
    ask(client, ada.email)
    for _time in range(2):
        response = client.post(CONFIRM, {"code": "BBBB-BBBB"})
        assert response.status_code == 200
        assert "not right" in response.content.decode()
    assert client.post(CONFIRM, {"code": "BBBB-BBBB"})["Location"] == "/accounts/login/code/"
    assert client.post(CONFIRM, {"code": mailed_code()}).status_code == 302
    assert not signed_in(client)


def test_a_code_works_in_its_own_browser_only_and_once(client: Client, ada: User) -> None:
    ask(client, ada.email)
    code = mailed_code()
    other = Client()
    ask(other, ada.email)
    other.post(CONFIRM, {"code": code})
    assert not signed_in(other)
    client.post(CONFIRM, {"code": code})
    client.post("/accounts/logout/")
    assert client.post(CONFIRM, {"code": code})["Location"] == "/accounts/login/code/"
    assert not signed_in(client)


def test_a_code_ends_after_ten_minutes(client: Client, ada: User, settings: Settings) -> None:
    ask(client, ada.email)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    client.post(CONFIRM, {"code": mailed_code()})
    assert not signed_in(client)


def test_an_unknown_address_gets_the_same_answer(client: Client, ada: User) -> None:
    def answers(email: str) -> list[tuple[int, str, str]]:
        browser = Client()
        asked = browser.post(LOGIN, {"email": email})
        page = browser.get(CONFIRM)
        wrong = browser.post(CONFIRM, {"code": "BBBB-BBBB"})
        return [(one.status_code, one.get("Location", ""), plain(one.content, email)) for one in (asked, page, wrong)]

    def plain(html: bytes, email: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html.decode()).replace(email, "someone")

    assert answers("ada@example.org") == answers("who@example.org")
    known, unknown = mail.outbox
    assert unknown.to == ["who@example.org"]
    assert "No account has it" in str(unknown.body)
    assert not CODE.search(str(unknown.body))
    assert CODE.search(str(known.body))


def test_who_typed_the_wrong_address_can_type_another(client: Client, ada: User) -> None:
    ask(client, "aad@example.org")
    assert client.get(LOGIN)["Location"] == CONFIRM
    ask(client, ada.email)
    assert client.post(CONFIRM, {"code": mailed_code()})["Location"] == "/me"


def test_starting_over_forgets_the_address(client: Client, ada: User) -> None:
    ask(client, ada.email)
    code = mailed_code()
    assert client.post("/accounts/logout/", {"next": LOGIN})["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200
    client.post(CONFIRM, {"code": code})
    assert not signed_in(client)


def test_a_closed_account_looks_like_an_unknown_one(client: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert ask(client, ada.email)["Location"] == CONFIRM
    assert "No account has it" in str(mail.outbox[0].body)


@pytest.mark.parametrize("email", ["ada@example.org", "who@example.org"])
def test_mails_to_one_address_are_limited_wherever_they_are_asked_for(email: str, ada: User) -> None:
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{place}", headers={"x-forwarded-for": f"6.6.6.{place}"}).post(
            LOGIN, {"email": email}
        )
        for place in range(1, 21)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 15
    assert int(answers[-1]["Retry-After"]) > 0
    assert len(mail.outbox) == 5


def test_one_place_asks_for_so_many_addresses_and_forging_headers_is_no_help() -> None:
    statuses = [
        Client().post(LOGIN, {"email": f"p{n}@example.org"}, headers={"x-forwarded-for": f"6.6.6.{n}"}).status_code
        for n in range(40)
    ]
    assert statuses.count(302) == len(mail.outbox) == 30


def test_guesses_at_one_account_are_limited_over_all_its_codes(ada: User) -> None:
    statuses = []
    for place in range(5):
        browser = Client(REMOTE_ADDR=f"192.0.2.{place}")
        ask(browser, ada.email)
        statuses += [browser.post(CONFIRM, {"code": "BBBB-BBBB"}).status_code for _try in range(2)]
    assert statuses == [200] * 5 + [429] * 5


def test_right_codes_do_not_use_up_the_guesses(client: Client, ada: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "100/m/ip"}
    for _time in range(8):
        ask(client, ada.email)
        assert client.post(CONFIRM, {"code": mailed_code()})["Location"] == "/me"
        client.post("/accounts/logout/")


@pytest.mark.parametrize(
    "away",
    [
        "//evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example", "https:evil.example",
        "https:/evil.example", "https://evil.example/", "http://testserver@evil.example/", "https://testserver/",
        "http://localhost:9999/", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", " //evil.example",
        "///evil.example", "////evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example",
        "//evil.example@testserver",
        "%2F%2Fevil.example", "/%09//evil.example/..", "//testserver", "http:///evil.example", "\x00//evil.example",
    ],
)  # fmt: skip
def test_next_never_leaves_the_site(ada: User, away: str) -> None:
    browser = Client()
    asked = ask(browser, ada.email, next=away)
    confirm = asked["Location"]
    assert confirm.startswith(CONFIRM)
    landed = browser.post(CONFIRM, {"code": mailed_code(), "next": away})["Location"]
    assert landed == "/me" or (away.startswith("/%09") and landed == away)
    assert browser.get("/accounts/login/", {"next": away})["Location"] == landed
    assert browser.post("/accounts/logout/", {"next": away})["Location"] in ("/", landed)


def test_next_leads_to_the_page_somebody_wanted(client: Client, ada: User) -> None:
    asked = ask(client, ada.email, next="/doors/books?year=2026")
    page = client.get(asked["Location"]).content.decode()
    assert 'value="/doors/books?year=2026"' in page
    response = client.post(CONFIRM, {"code": mailed_code(), "next": "/doors/books?year=2026"})
    assert response["Location"] == "/doors/books?year=2026"


def test_who_has_a_second_factor_needs_it_at_sign_in(client: Client, ada: User) -> None:
    secret = add_totp(ada)
    ask(client, ada.email)
    assert (
        client.post(CONFIRM, {"code": mailed_code(), "next": "/doors/me"})["Location"] == "/accounts/2fa/authenticate/"
    )
    assert not signed_in(client)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    before = client.cookies["sessionid"].value
    response = client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert response["Location"] == "/doors/me"
    assert signed_in(client)
    assert client.cookies["sessionid"].value != before


def test_second_factors_cannot_be_guessed_without_end(client: Client, ada: User) -> None:
    secret = add_totp(ada)
    ask(client, ada.email)
    client.post(CONFIRM, {"code": mailed_code()})
    for _try in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "123456"})
    response = client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert "Too many tries" in response.content.decode()
    assert not signed_in(client)


def test_the_demos_code_signs_in_the_demos_staff(client: Client, ada: User, settings: Settings) -> None:
    settings.DEBUG, settings.MFA_TOTP_INSECURE_BYPASS_CODE = True, "000000"
    enroll_demo_totp(ada)
    ask(client, ada.email)
    client.post(CONFIRM, {"code": mailed_code()})
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"})["Location"] == "/me"


def test_a_look_does_not_sign_out(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not signed_in(client)


@pytest.mark.parametrize("path", [LOGIN, CONFIRM, "/accounts/logout/", "/accounts/2fa/webauthn/login/"])
def test_forms_without_a_token_are_refused(path: str, ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(path, {"email": ada.email}).status_code == 403
