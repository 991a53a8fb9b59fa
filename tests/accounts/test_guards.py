import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.guards import desk_view, has_fresh_mfa
from accounts.models import Role, StaffRole
from accounts.queries import charity_slugs, has_role
from accounts.services import create_person
from tests.accounts import doors
from tests.accounts.people import add_totp, make_staff, sign_in, totp_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.doors")]

DOORS = ["/doors/books", "/doors/books/7", "/doors/pay", "/doors/confirm"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_strangers_are_sent_to_sign_in(client: Client, door: str, method: str) -> None:
    response = getattr(client, method)(door)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=%2F")


def test_a_stranger_comes_back_to_the_page_they_wanted(client: Client) -> None:
    assert client.get("/doors/books?year=2026")["Location"] == "/accounts/login/?next=%2Fdoors%2Fbooks%3Fyear%3D2026"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_signed_in_person_without_the_role_learns_nothing(client: Client, door: str, method: str) -> None:
    sign_in(client, make_staff(Role.MODERATOR))
    assert getattr(client, method)(door).status_code == 404


def test_a_person_without_any_role_learns_nothing(client: Client) -> None:
    sign_in(client, create_person(email="runner@example.org"))
    assert client.get("/doors/books").status_code == 404


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_a_second_factor_pass_no_door(client: Client, door: str, method: str) -> None:
    sign_in(client, make_staff(Role.ORGANIZER, Role.TREASURER, Role.CHARITY, factor=False))
    response = getattr(client, method)(door)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/second-factor/?next=")


@pytest.mark.parametrize("door", DOORS)
def test_staff_whose_session_used_no_factor_are_asked_for_it(client: Client, door: str) -> None:
    sign_in(client, make_staff(Role.ORGANIZER, Role.TREASURER, Role.CHARITY), mfa_seconds_ago=None)
    assert client.get(door)["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


@pytest.mark.parametrize("door", DOORS)
def test_staff_with_role_and_fresh_factor_pass(client: Client, door: str) -> None:
    sign_in(client, make_staff(Role.ORGANIZER, Role.TREASURER, Role.CHARITY))
    response = client.get(door)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_stale_factor_opens_the_desk_but_not_the_till(client: Client, settings: Settings) -> None:
    sign_in(client, make_staff(Role.TREASURER), mfa_seconds_ago=settings.FRESH_MFA_SECONDS + 1)
    assert client.get("/doors/books").status_code == 200
    assert client.get("/doors/pay")["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fdoors%2Fpay"


def test_a_factor_is_fresh_until_its_last_second(client: Client, settings: Settings) -> None:
    sign_in(client, make_staff(Role.TREASURER), mfa_seconds_ago=settings.FRESH_MFA_SECONDS - 5)
    assert b"paid" in client.post("/doors/pay").content


def test_a_stale_factor_made_fresh_opens_the_till_in_a_new_session(client: Client, settings: Settings) -> None:
    user = make_staff(Role.TREASURER, factor=False)
    secret = add_totp(user)
    sign_in(client, user, mfa_seconds_ago=settings.FRESH_MFA_SECONDS + 1)
    before = client.cookies["sessionid"].value
    response = client.post("/accounts/2fa/reauthenticate/?next=/doors/pay", {"code": totp_code(secret)})
    assert response["Location"] == "/doors/pay"
    assert client.cookies["sessionid"].value != before
    assert b"paid" in client.get("/doors/pay").content


def test_a_form_sent_with_a_stale_factor_is_never_replayed(client: Client, settings: Settings) -> None:
    user = make_staff(Role.TREASURER, factor=False)
    secret = add_totp(user)
    sign_in(client, user, mfa_seconds_ago=settings.FRESH_MFA_SECONDS + 1)
    refused = client.post("/doors/pay", {"cents": "5000"}, headers={"referer": "http://testserver/doors/books?year=1"})
    assert refused["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fdoors%2Fbooks%3Fyear%3D1"
    assert "account_reauthentication_state" not in client.session
    assert client.post(refused["Location"], {"code": totp_code(secret)})["Location"] == "/doors/books?year=1"


@pytest.mark.parametrize("referer", ["", "https://evil.example/doors/books", "http://testserver@evil.example/"])
def test_a_form_from_elsewhere_leads_back_to_the_own_page(client: Client, referer: str) -> None:
    response = client.post("/doors/pay", headers={"referer": referer})
    assert response["Location"] == "/accounts/login/?next=%2Fme"


def test_an_htmx_request_is_told_to_load_the_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/doors/books"}
    response = client.get("/doors/books/2", headers=headers)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fdoors%2Fbooks"


def test_a_removed_factor_no_longer_opens_doors(client: Client) -> None:
    user = make_staff(Role.TREASURER)
    sign_in(client, user)
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/doors/books")["Location"].startswith("/accounts/second-factor/")
    add_totp(user)
    assert client.get("/doors/books")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_role_taken_away_closes_the_door_at_once(client: Client) -> None:
    user = make_staff(Role.TREASURER)
    sign_in(client, user)
    assert client.get("/doors/books").status_code == 200
    StaffRole.objects.filter(user=user).delete()
    assert client.get("/doors/books").status_code == 404


def test_a_closed_account_is_a_stranger(client: Client) -> None:
    user = make_staff(Role.TREASURER)
    sign_in(client, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert client.get("/doors/books")["Location"].startswith("/accounts/login/")


def test_the_records_of_one_person_do_not_serve_another(client: Client) -> None:
    first = make_staff(Role.TREASURER)
    sign_in(client, first)
    records = client.session["account_authentication_methods"]
    second = make_staff(Role.TREASURER, email="second@example.org")
    client.force_login(second)
    session = client.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(first.pk)
    session.save()
    assert client.get("/doors/books")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_guarded_view_tells_who_may_enter() -> None:
    assert vars(doors.books)["roles"] == frozenset({Role.ORGANIZER, Role.TREASURER})
    assert vars(doors.books)["fresh_mfa"] is False
    assert vars(doors.pay)["fresh_mfa"] is True
    assert doors.pay.__name__ == "pay"


def test_a_guard_without_roles_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        desk_view()


def test_roles_are_asked_by_name() -> None:
    user = make_staff(Role.CHARITY, Role.MODERATOR)
    assert has_role(user, Role.MODERATOR)
    assert has_role(user, Role.TREASURER, Role.CHARITY)
    assert not has_role(user, Role.TREASURER)
    assert not has_role(AnonymousUser(), Role.MODERATOR)
    assert charity_slugs(user) == {"breaking-free"}
    assert charity_slugs(AnonymousUser()) == frozenset()


def test_fresh_mfa_can_be_asked_for_without_a_guard(client: Client, rf: RequestFactory) -> None:
    user = make_staff(Role.TREASURER)
    request = rf.get("/")
    request.user = AnonymousUser()
    assert not has_fresh_mfa(request)
    request.user, request.session = user, sign_in(client, user).session
    assert has_fresh_mfa(request)
    request.session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    assert not has_fresh_mfa(request)


def test_a_guarded_view_gets_the_person_and_its_arguments(client: Client) -> None:
    user = make_staff(Role.ORGANIZER)
    assert f"books 7 for {user.email}".encode() in sign_in(client, user).get("/doors/books/7").content
