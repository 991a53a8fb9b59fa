"""The open API, /api/v1: everything in it is for reading, by anybody, from any site. Owners' own numbers need a token.

Answers are kept like pages, under the version of what they show, and have an ETag. Only what has no parameters is kept:
there are as many cursors and filters as somebody cares to try.
"""

from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

from common.api import SLUG, Lost, Resource
from common.http import View, public_answer, public_page
from donations.disbursements import api as disbursements
from donations.giving import api as giving
from events import api as events
from fundraisers import api as fundraisers
from pages.cached import kept
from teams import api as teams

PROBLEM = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": "string", "description": "Why, as a sentence."}},
}


def for_any_site(view: View) -> View:
    """Other sites' scripts may read it. It needs no permission beforehand but to ask with an ETag (CORS)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asks = request.method == "OPTIONS"
        response = HttpResponse(status=204) if asks else view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        if asks:
            response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            response["Access-Control-Max-Age"] = "86400"
        return response

    return answer


def public(resource: type[Resource]) -> View:
    view = drawn(resource)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.META["QUERY_STRING"] or request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        return kept(request.path, lambda: view(request, *args, **kwargs))

    return for_any_site(public_answer(answer))


def drawn(resource: type[Resource]) -> View:
    view = resource.as_view()

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = view(request, *args, **kwargs).render()
        return response

    return answer


def own(resource: type[Resource]) -> View:
    """For who has a token, and for no other site's scripts."""
    view: View = never_cache(drawn(resource))
    return view


@cache
def document() -> dict[str, Any]:
    """The whole API in OpenAPI 3.1. It is what the code says, so it is made once."""
    made: dict[str, Any] = SchemaGenerator(patterns=resources).get_schema(request=None, public=True)
    made["components"]["schemas"]["Problem"] = PROBLEM
    for address, operations in made["paths"].items():
        reading = operations["get"]
        for parameter in reading.get("parameters", ()):
            if parameter["name"] == "slug":
                parameter["schema"], parameter["example"] = (
                    SLUG,
                    "north-loop" if "teams" in address else "amina-warsame",
                )
        refusals = {"400": "A parameter that is not known, or not as it should be.", "404": "There is no such thing."}
        if "security" in reading:
            refusals["401"] = "No valid token."
        if "/runners/{slug}" in address or address.endswith("/{board}/{slug}"):
            refusals["301"] = "The page has another address now."
        for status, description in refusals.items():
            body = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            reading["responses"][status] = {"description": description, "content": body if status != "301" else {}}
    return made


@cache
def written(renderer: type[OpenApiJsonRenderer | OpenApiYamlRenderer]) -> bytes:
    body: bytes = renderer().render(document(), renderer_context={})
    return body


@for_any_site
@public_page
def schema_json(request: HttpRequest) -> HttpResponse:
    return HttpResponse(written(OpenApiJsonRenderer), content_type="application/json")


@for_any_site
@public_page
def schema_yaml(request: HttpRequest) -> HttpResponse:
    return HttpResponse(written(OpenApiYamlRenderer), content_type="application/yaml")


@public_page
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "api.html", {"document": document()})


resources = [
    path("api/v1/event", public(events.EventResource), name="api_event"),
    path("api/v1/runners", public(fundraisers.RunnerList), name="api_runners"),
    path("api/v1/runners/<slug:slug>", public(fundraisers.RunnerResource), name="api_runner"),
    path("api/v1/runners/<slug:slug>/gifts", public(giving.RunnerGifts), name="api_runner_gifts"),
    path("api/v1/teams", public(teams.TeamList), name="api_teams"),
    path("api/v1/teams/<slug:slug>", public(teams.TeamResource), name="api_team"),
    path("api/v1/gifts", public(giving.GiftList), name="api_gifts"),
    path("api/v1/leaderboards/day", public(giving.DayBoard), name="api_day"),
    path("api/v1/leaderboards/<slug:board>", public(fundraisers.BoardResource), name="api_board"),
    path("api/v1/leaderboards/<slug:board>/<slug:slug>", public(fundraisers.PlaceResource), name="api_place"),
    path("api/v1/money", public(disbursements.MoneyResource), name="api_money"),
    path("api/v1/me", own(giving.MineResource), name="api_me"),
    path("api/v1/me/gifts", own(giving.MyGifts), name="api_my_gifts"),
]

urlpatterns = [
    *resources,
    path("api", guide, name="api"),
    path("api/v1/schema", schema_json, name="api_schema"),
    path("api/v1/schema.yaml", schema_yaml, name="api_schema_yaml"),
    re_path(r"^api/v1/[\s\S]*", drawn(Lost), name="api_lost"),
]
