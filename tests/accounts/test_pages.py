import base64
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import Role, User
from tests.accounts.people import add_totp, make_staff, sign_in, totp_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.doors")]

ROUTES = {
    "account_confirm_login_code", "account_login", "account_logout", "account_reauthenticate",
    "account_request_login_code", "account_signup", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
    "mfa_index", "mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "second_factor",
}  # fmt: skip
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=|\son\w+=|javascript:")


@pytest.fixture
def staff() -> User:
    return make_staff(Role.TREASURER, factor=False)


def check_page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    html = response.content.decode()
    assert not INLINE.search(html), INLINE.search(html)
    assert 'type="password"' not in html
    assert html.count("<h1") == 1
    assert html.count('class="btn btn-sun"') <= 1, "one sun-coloured action on a page"
    for wanted in re.findall(r'<label for="([^"]*)"', html):
        assert f'id="{wanted}"' in html
    return html


@pytest.mark.parametrize(
    "path",
    [
        "password/change/", "password/set/", "password/reset/", "password/reset/done/", "password/reset/key/a-b/",
        "signup/", "inactive/", "email/", "confirm-email/", "confirm-email/abc/", "social/login/error/", "3rdparty/",
        "signup/passkey/", "2fa/trust/", "2fa/webauthn/signup/", "sessions/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_of_passwords_and_sign_up_is_there(client: Client, staff: User, path: str, method: str) -> None:
    assert getattr(client, method)(f"/accounts/{path}").status_code == 404
    client.force_login(staff)
    assert getattr(client, method)(f"/accounts/{path}").status_code == 404


def test_the_routes_are_these() -> None:
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {
        name for name in named if name.startswith(("account_", "mfa_", "socialaccount")) or name == "second_factor"
    } == ROUTES


def test_the_pages_of_sign_in_hold_no_script_of_their_own(client: Client) -> None:
    html = check_page(client, "/accounts/login/?next=/doors/me")
    assert 'value="/doors/me"' in html
    assert "script-src 'self'" in client.get("/accounts/login/")["Content-Security-Policy"]
    assert client.get("/accounts/login/")["Cache-Control"].startswith("max-age=0")
    client.post("/accounts/login/", {"email": "ada@example.org"})
    check_page(client, "/accounts/login/code/confirm/")


def test_a_wrong_address_is_named_on_top_and_at_its_field(client: Client) -> None:
    html = client.post("/accounts/login/", {"email": "nonsense"}).content.decode()
    assert 'href="#id_email"' in html
    assert 'aria-describedby="id_email_error"' in html


def test_staff_learn_why_and_set_up_an_app_and_go_on(client: Client, staff: User) -> None:
    sign_in(client, staff)
    assert client.get("/doors/books")["Location"] == "/accounts/second-factor/?next=%2Fdoors%2Fbooks"
    html = check_page(client, "/accounts/second-factor/?next=/doors/books")
    assert reverse("mfa_add_webauthn") in html
    page = check_page(client, reverse("mfa_activate_totp"))
    picture = re.search(r"data:image/svg\+xml;base64,([^\"]+)", page)
    assert picture
    assert b'fill="#fff"/><path' in base64.b64decode(picture.group(1)), "dark on white in the dark scheme too"
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "123456"})
    assert "not right" in wrong.content.decode()
    response = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret.group(1))})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("second_factor"))["Location"] == "/doors/books"
    assert client.get("/doors/books")["Location"].startswith(reverse("mfa_reauthenticate"))
    check_page(client, reverse("mfa_reauthenticate"))


def test_a_recovery_code_is_a_second_factor_once(client: Client, staff: User) -> None:
    add_totp(staff)
    codes = RecoveryCodes.activate(staff).get_unused_codes()
    sign_in(client, staff, mfa_seconds_ago=None)
    assert client.get(reverse("mfa_view_recovery_codes"))["Location"].startswith(reverse("mfa_reauthenticate"))
    for expected in (302, 200):
        response = client.post(f"{reverse('mfa_reauthenticate')}?next=/doors/books", {"code": codes[0]})
        assert response.status_code == expected
    assert codes[1] in check_page(client, reverse("mfa_view_recovery_codes"))
    assert codes[1] in client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert client.get("/doors/books").status_code == 200


def test_the_pages_of_keys_render(client: Client, staff: User) -> None:
    sign_in(client, staff)
    for name in ("mfa_index", "mfa_add_webauthn", "mfa_list_webauthn", "account_logout", "mfa_activate_totp"):
        check_page(client, reverse(name))
    add_totp(staff)
    sign_in(client, staff)
    client.post(reverse("mfa_reauthenticate"), {"code": "no"})
    check_page(client, reverse("mfa_index"))
    assert client.get(reverse("mfa_deactivate_totp"))["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("account_reauthenticate"))["Location"] == reverse("mfa_reauthenticate")


def test_with_a_fresh_factor_keys_can_be_changed(client: Client, staff: User) -> None:
    secret = add_totp(staff)
    key = Authenticator.objects.create(user=staff, type="webauthn", data={"name": "Blue key", "credential": {}})
    sign_in(client, staff)
    client.post(reverse("mfa_reauthenticate"), {"code": totp_code(secret)})
    for path in (
        reverse("mfa_list_webauthn"), reverse("mfa_edit_webauthn", args=[key.pk]),
        reverse("mfa_remove_webauthn", args=[key.pk]), reverse("mfa_deactivate_totp"),
        reverse("mfa_generate_recovery_codes"),
    ):  # fmt: skip
        check_page(client, path)
    assert client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Red key"}).status_code == 302
    assert "Red key" in client.get(reverse("mfa_list_webauthn")).content.decode()
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 302
    assert "A passkey was removed" in str(mail.outbox[-1].body)


def test_the_keys_of_another_are_not_there(client: Client, staff: User) -> None:
    secret = add_totp(staff)
    other = make_staff(Role.MODERATOR, email="other@example.org")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Blue key", "credential": {}})
    sign_in(client, staff)
    client.post(reverse("mfa_reauthenticate"), {"code": totp_code(secret)})
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "second_factor", "mfa_add_webauthn"])
def test_strangers_manage_no_keys(client: Client, name: str) -> None:
    assert client.get(reverse(name))["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    "mail_name",
    ["webauthn_added", "webauthn_removed", "totp_activated", "totp_deactivated", "recovery_codes_generated"],
)
def test_a_mail_about_keys_says_what_when_and_from_where(mail_name: str, rf: RequestFactory) -> None:
    told = {"timestamp": timezone.now(), "ip": "192.0.2.7", "user_agent": "Mosaic <1.0>"}
    subject = render_to_string(f"mfa/email/{mail_name}_subject.txt", told).strip()
    body = render_to_string(f"mfa/email/{mail_name}_message.txt", told, rf.get("/")).strip()
    assert "your account" in subject
    assert "\n" not in subject
    assert subject.split()[0] in body
    assert "From: 192.0.2.7\nWith: Mosaic <1.0>" in body
    assert "{{" not in body
