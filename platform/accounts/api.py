"""A person's token for the open API, as a request brings it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.tokens import token_of, was_used


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <token>`. A wrong one is 401, and so is none where one is needed."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, told = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = token_of(told.strip().decode("ascii", "replace"))
        if token is None:
            raise AuthenticationFailed(_("There is no such token. It may have been revoked: make a new one."))
        was_used(token=token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerDocumented(OpenApiAuthenticationExtension):
    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "Made and revoked on the site, at /me/token."}
