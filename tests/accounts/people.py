"""The cast of tests: people, staff with a second factor, and sessions that used it some time ago."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import Role, User
from accounts.services import create_person, grant_role


def make_staff(*roles: Role, email: str = "staff@example.org", factor: bool = True) -> User:
    """A person with these roles (a charity's is for "breaking-free") who signed in before and, unless told otherwise,
    has an authenticator."""
    user = create_person(email=email, name="Sam Staff")
    EmailAddress.objects.filter(user=user).update(verified=True)
    for role in roles:
        grant_role(user=user, role=role, beneficiary_slug="breaking-free" if role == Role.CHARITY else "")
    if factor:
        add_totp(user)
    return user


def add_totp(user: User) -> str:
    """Give the person an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client: Client, user: User, *, mfa_seconds_ago: float | None = 0) -> Client:
    """A session of this person; `mfa_seconds_ago=None` is one by code alone. The factor is their first one."""
    client.force_login(user)
    session = client.session
    records: list[dict[str, object]] = [{"method": "code", "at": time.time(), "email": user.email}]
    factor = Authenticator.objects.filter(user=user).first()
    if mfa_seconds_ago is not None and factor is not None:
        records.append({"method": "mfa", "at": time.time() - mfa_seconds_ago, "id": factor.pk, "type": factor.type})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
