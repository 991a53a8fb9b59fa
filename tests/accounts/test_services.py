import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from pytest_django import Settings

from accounts.models import Role, StaffAct, StaffRole, User
from accounts.services import create_person, enroll_demo_totp, grant_role, record_act

pytestmark = pytest.mark.django_db


def test_a_person_has_an_address_and_no_password() -> None:
    user = create_person(email=" Ada@Example.ORG ", name="Ada")
    assert (user.email, user.name, user.has_usable_password()) == ("ada@example.org", "Ada", False)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == ("ada@example.org", True, False)


def test_the_same_address_is_the_same_person_who_keeps_their_name() -> None:
    first = create_person(email="ada@example.org", name="Ada")
    assert create_person(email="ADA@example.org", name="Somebody else") == first
    assert User.objects.get().name == "Ada"
    assert EmailAddress.objects.count() == 1


def test_nobody_gets_a_password_from_the_command_line_either() -> None:
    assert not User.objects.create_superuser("root@example.org", "secret").has_usable_password()


def test_a_role_is_granted_once() -> None:
    user = create_person(email="ada@example.org")
    assert grant_role(user=user, role=Role.TREASURER) == grant_role(user=user, role=Role.TREASURER)
    assert StaffRole.objects.count() == 1


@pytest.mark.parametrize(("role", "slug"), [(Role.CHARITY, ""), (Role.TREASURER, "breaking-free")])
def test_only_a_charity_names_an_organization(role: Role, slug: str) -> None:
    user = create_person(email="ada@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        grant_role(user=user, role=role, beneficiary_slug=slug)


def test_an_act_says_who_what_when_and_from_where(rf: RequestFactory) -> None:
    request = rf.post("/", REMOTE_ADDR="192.0.2.7", headers={"x-forwarded-for": "203.0.113.9"})
    request.user = create_person(email="ada@example.org")
    record_act(request=request, verb="page.hide", target="page 12", reason="She asked for it.")
    act = StaffAct.objects.get()
    assert (act.user, act.verb, act.target, act.reason) == (request.user, "page.hide", "page 12", "She asked for it.")
    assert act.address == "192.0.2.7"


def test_in_production_the_address_is_the_one_our_proxy_saw(rf: RequestFactory, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.post("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"})
    request.user = create_person(email="ada@example.org")
    assert record_act(request=request, verb="page.hide", target="page 12").address == "203.0.113.9"


def test_an_act_of_nobody_or_without_a_limit_is_refused(rf: RequestFactory) -> None:
    request = rf.post("/")
    request.user = AnonymousUser()
    with pytest.raises(ValueError, match="anonymous"):
        record_act(request=request, verb="page.hide", target="page 12")
    request.user = create_person(email="ada@example.org")
    with pytest.raises(ValidationError):
        record_act(request=request, verb="page.hide", target="page 12", reason="x" * 501)
    assert not StaffAct.objects.exists()


def test_authenticators_are_handed_out_in_the_demo_only(settings: Settings) -> None:
    user = create_person(email="ada@example.org")
    enroll_demo_totp(user)
    enroll_demo_totp(user)
    assert Authenticator.objects.filter(user=user).count() == 1
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        enroll_demo_totp(user)
