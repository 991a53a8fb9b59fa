"""How allauth behaves here: nobody signs up, nobody has a password, nobody is sent to another site."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import charity_slugs
from accounts.redirects import is_local_path

WRONG_CODE = _("This code is not right, or no longer valid. Check the newest one you have.")
TOO_MANY_TRIES = _("Too many tries. Wait five minutes and try again, or use a passkey.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY_TRIES,
        "rate_limited": TOO_MANY_TRIES,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people come into being when they register for the run, or when an organizer invites them."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only paths: allauth would also follow every name in ALLOWED_HOSTS, on any port."""
        return is_local_path(url)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who confirms payments for an organization goes there; everybody else to their own page."""
        if charity_slugs(request.user):
            return reverse("charity")
        return str(super().get_login_redirect_url(request))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Answer a passkey of a closed account; a code is never sent to one."""
        messages.error(request, _("This account is closed. Write to us if that is a mistake."))
        return HttpResponseRedirect(reverse("account_login"))

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Passkey first: who has only passkeys also has recovery codes, and would be asked for one of those."""
        found = super().get_reauthentication_methods(user)
        return sorted(found, key=lambda method: method["url"] != reverse("mfa_reauthenticate_webauthn"))


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Sign in once with a code from your mail first: that shows the address is yours."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """The name a new passkey gets when the person gives none: "Passkey 1", "Passkey 2"."""
        assert isinstance(user, User)
        held = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("Passkey %(number)d") % {"number": held + 1})

    def build_totp_svg(self, url: str) -> str:
        """The picture for the app, on white: allauth's has no ground, and black on our night cannot be scanned."""
        head, path, rest = super().build_totp_svg(url).partition("<path")
        return f'{head}<rect width="100%" height="100%" fill="#fff"/>{path}{rest}'
