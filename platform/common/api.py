"""What the open API's resources share: reading only, strict parameters, sealed cursors, errors as sentences."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import exception_handler

ROWS_A_PAGE = 50
# As the address of a page or team may be.
SLUG: dict[str, Any] = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 80}


class AlwaysJson(BaseContentNegotiation):
    """One way to answer, whatever is asked for, so that every reader and every proxy may share an answer."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> None:
        """Nothing is ever sent here."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal has a body with a sentence, `detail`; of wrong parameters it names each."""
    answer = exception_handler(error, context)
    if answer is not None and isinstance(error, ValidationError):
        told: Any = error.detail
        named = [f"{name}: {words[0]}" for name, words in told.items()] if isinstance(told, dict) else told
        answer.data = {"detail": " ".join(map(str, named))}
    return answer


class Resource(GenericAPIView[Any]):
    """Something to read. `heard` names the parameters it takes, each once; any other is refused, not ignored."""

    content_negotiation_class = AlwaysJson
    heard: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        for name, values in request.query_params.lists():
            if name not in self.heard:
                known = ", ".join(self.heard) or _("none")
                raise ValidationError(
                    _("There is no parameter of that name here; known: %(names)s.") % {"names": known}
                )
            if len(values) > 1 or not values[0]:
                raise ValidationError({name: [_("Say it once, or leave it out.")]})


class Lost(Resource):
    """Whatever address of the API there is not."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        raise NotFound(_("There is no such address. See /api for those there are."))


class SealedCursor(CursorPagination):
    """Pages by a cursor that nobody can read, make or take to another list.

    Inside is where the page begins, which for gifts is a second. The same place has the same cursor, so that an answer
    that did not change is the same answer.
    """

    page_size = ROWS_A_PAGE

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        # Never by what a request says of its host: the answer is kept for others.
        self.base_url = settings.SITE_URL + request.get_full_path()
        return page

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        return tuple(view.ordering)

    def decode_cursor(self, request: Request) -> Cursor | None:
        sealed = request.query_params.get(self.cursor_query_param)
        if sealed is None:
            return None
        told = parse_qs(unseal(sealed, request.path))
        position: Any = told.get("p", [None])[0]
        return Cursor(int(told.get("o", ["0"])[0]), "r" in told, position)

    def encode_cursor(self, cursor: Cursor) -> str:
        told = {"o": cursor.offset, "r": int(cursor.reverse), "p": cursor.position}
        base = str(self.base_url)
        sealed = seal(urlencode({name: value for name, value in told.items() if value}), urlsplit(base).path)
        return str(replace_query_param(base, self.cursor_query_param, sealed))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {**LINKS, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [CURSOR]


def offset_of(request: Request) -> int:
    """Where a page begins in a list that is counted through, like a leaderboard. Raises NotFound."""
    sealed = request.query_params.get("cursor")
    return int(unseal(sealed, request.path)) if sealed is not None else 0


def offset_link(request: Request, offset: int) -> str:
    """The address of the page that begins there; the first one's has no cursor."""
    cursor = f"?{urlencode({'cursor': seal(str(offset), request.path)})}" if offset else ""
    return f"{settings.SITE_URL}{request.path}{cursor}"


_LINK: dict[str, Any] = {"type": ["string", "null"], "format": "uri", "example": None}
LINKS = {"next": _LINK, "previous": _LINK}
CURSOR: dict[str, Any] = {
    "name": "cursor",
    "in": "query",
    "required": False,
    "description": "Where a page begins: follow `next` and `previous`, do not make one.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 400},
}


def seal(text: str, path: str) -> str:
    return urlsafe_b64encode(_cipher().encrypt(text.encode(), [path.encode()])).decode().rstrip("=")


def unseal(sealed: str, path: str) -> str:
    """Raises NotFound for what `seal` has not made for this path."""
    try:
        return _cipher().decrypt(urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), [path.encode()]).decode()
    except (ValueError, InvalidTag) as error:
        raise NotFound(_("This list has no such page. Begin again without a cursor.")) from error


def _cipher() -> AESSIV:
    return AESSIV(salted_hmac("common.api.cursor", "", algorithm="sha512").digest())


def text_filter(longest: int, describe: str, **more: Any) -> Any:
    """A filter of plain text, as the documentation and the check of what comes in both know it."""
    schema = {"minLength": 1, "maxLength": longest, "pattern": "^[^\\u0000]*$", "description": describe}
    return documented(filters.CharFilter(max_length=longest, **more), {"type": "string", **schema})


def slug_filter(describe: str, **more: Any) -> Any:
    slug = filters.CharFilter(max_length=SLUG["maxLength"], validators=[validate_slug], **more)
    return documented(slug, {**SLUG, "description": describe})


def documented(one: Any, schema: dict[str, Any]) -> Any:
    return extend_schema_field(schema)(one)
