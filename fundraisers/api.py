"""Runners and leaderboards in the open API."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import (
    CURSOR,
    ROWS_A_PAGE,
    Resource,
    SealedCursor,
    offset_link,
    offset_of,
    slug_filter,
    text_filter,
)
from common.words import LONGEST, named, words_of
from events.queries import current_event
from fundraisers import standings
from fundraisers.models import Fundraiser
from fundraisers.queries import Moved, listed_fundraisers, public_fundraiser
from fundraisers.standings import Kind, Standing
from teams.api import TeamName
from teams.models import Team
from teams.queries import public_team

# As far as the leaderboard's own pages go.
MOST_PLACES = 1_000
NEIGHBOURS = 2
UNITS = {Kind.RUNNERS: "cents", Kind.TEAMS: "cents", Kind.AVERAGE: "cents", Kind.DONORS: "gifts"}


class RunnerName(TeamName):
    bib = serializers.IntegerField()
    team = TeamName(source="public_team", allow_null=True)


class RunnerRow(RunnerName):
    goal_cents = serializers.IntegerField()
    raised_cents = serializers.IntegerField(help_text="Gifts, less what went back. Below 0 when a refund came first.")
    gift_count = serializers.IntegerField()


class RunnerShown(RunnerRow):
    heading = serializers.CharField()
    story = serializers.SerializerMethodField(help_text="Markdown.")
    photo = serializers.SerializerMethodField(help_text="Null for a page without one.")

    def get_story(self, page: Fundraiser) -> str:
        return page.story or page.event.default_story

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_photo(self, page: Fundraiser) -> str | None:
        if not page.photo or page.is_protected:
            return None
        return settings.SITE_URL + reverse("photo", args=[page.slug, page.photo, 1200])


class BoardPlace(serializers.Serializer[Any]):
    rank = serializers.IntegerField(help_text="Equal scores share one, and the next counts them all: 1, 2, 2, 4.")
    score = serializers.IntegerField()
    runner = serializers.SerializerMethodField(help_text="Null on boards of teams.")
    team = serializers.SerializerMethodField(help_text="Null on boards of runners.")

    @extend_schema_field(RunnerName(allow_null=True))
    def get_runner(self, place: Standing) -> Any:
        return RunnerName(place.holder).data if isinstance(place.holder, Fundraiser) else None

    @extend_schema_field(TeamName(allow_null=True))
    def get_team(self, place: Standing) -> Any:
        return TeamName(place.holder).data if isinstance(place.holder, Team) else None


class BoardShown(serializers.Serializer[Any]):
    board = serializers.CharField()
    unit = serializers.ChoiceField(["cents", "gifts"], help_text="What the scores count.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BoardPlace(many=True)


class PlaceShown(serializers.Serializer[Any]):
    size = serializers.IntegerField(help_text="How many places the board has.")
    place = BoardPlace(source="own")
    ahead = BoardPlace(many=True, source="before", help_text="The nearest ahead, farthest first.")
    behind = BoardPlace(many=True, source="after", help_text="The nearest behind, nearest first.")


_TEAM = {"slug": "north-loop", "name": "North Loop Striders", "url": "https://notinourcity.example/t/north-loop"}
NAME: dict[str, Any] = {
    "slug": "amina-warsame",
    "name": "Amina Warsame",
    "url": "https://notinourcity.example/r/amina-warsame",
    "bib": 117,
    "team": _TEAM,
}
ROW = {**NAME, "goal_cents": 50_000, "raised_cents": 32_500, "gift_count": 9}
PAGE = {**ROW, "heading": "Amina Warsame runs for a city without trafficking", "story": "I run.", "photo": None}
PLACE = {"rank": 1, "score": 32_500, "runner": NAME, "team": None}
BOARD = OpenApiParameter("board", str, OpenApiParameter.PATH, enum=[str(kind) for kind in Kind])
BOARD_PAGE = {"board": "runners", "unit": "cents", "next": None, "previous": None, "results": [PLACE]}
PAGE_PARAMETER = OpenApiParameter("cursor", CURSOR["schema"], description=CURSOR["description"])


class RunnerFilter(filters.FilterSet):
    q = text_filter(LONGEST, "Beginnings of words of the name, two letters or more.", method="begins")
    team = slug_filter("Runners of this team.", method="of_team")

    def begins(self, rows: QuerySet[Fundraiser], _name: str, text: str) -> QuerySet[Fundraiser]:
        return named(rows, words_of(text))

    def of_team(self, rows: QuerySet[Fundraiser], _name: str, slug: str) -> QuerySet[Fundraiser]:
        return rows.filter(team__slug=slug, team__is_hidden=False)


class RunnerList(Resource):
    serializer_class = RunnerRow
    queryset = Fundraiser.objects.none()
    pagination_class = SealedCursor
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = RunnerFilter
    ordering = ("bib",)
    heard = ("cursor", "q", "team")

    @extend_schema(
        operation_id="runners",
        summary="Runners",
        description="Pages that are listed, by bib number. One that is not listed is found by its address alone.",
        responses=RunnerRow(many=True),
        examples=[OpenApiExample("A runner", value=ROW)],
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(listed_fundraisers(current_event())))
        return self.get_paginated_response(RunnerRow(rows, many=True).data)


class OfRunner(Resource):
    """Something of a page, which may have had another address: an old one leads on to the new one."""

    def handle_exception(self, exc: Exception) -> Response:
        if not isinstance(exc, Moved):
            return super().handle_exception(exc)
        match = self.request.resolver_match
        assert match
        address = settings.SITE_URL + reverse(match.view_name, kwargs={**self.kwargs, "slug": exc.slug})
        return Response(status=301, headers={"Location": address})


class RunnerResource(OfRunner):
    serializer_class = RunnerShown

    @extend_schema(
        operation_id="runner",
        summary="A runner",
        description="Listed or not.",
        examples=[OpenApiExample("A runner", value=PAGE)],
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(RunnerShown(public_fundraiser(current_event(), slug)).data)


class BoardResource(Resource):
    """Fifty places at a time, a thousand in all; everybody's own place is a resource of its own."""

    serializer_class = BoardShown
    heard = ("cursor",)

    @extend_schema(
        operation_id="leaderboard",
        summary="A leaderboard",
        description="Its first thousand places. Runners and teams by cents, average by cents for each member of a team,"
        " donors by the number of gifts to a runner.",
        parameters=[BOARD, PAGE_PARAMETER],
        examples=[OpenApiExample("The first page", value=BOARD_PAGE)],
    )
    def get(self, request: Request, board: str) -> Response:
        kind = kind_of(board)
        return board_page(request, kind, UNITS[kind], standings.board(current_event(), kind).top)


class PlaceResource(OfRunner):
    serializer_class = PlaceShown

    @extend_schema(
        operation_id="place",
        summary="A place on a leaderboard",
        description="Of a runner or team, by its slug, between its neighbours. Pages that are not listed have none.",
        parameters=[BOARD],
        examples=[OpenApiExample("A place", value={"size": 240, "place": PLACE, "ahead": [], "behind": []})],
    )
    def get(self, request: Request, board: str, slug: str) -> Response:
        event, kind = current_event(), kind_of(board)
        find = public_fundraiser if kind in (Kind.RUNNERS, Kind.DONORS) else public_team
        window = standings.board(event, kind).around(find(event, slug), NEIGHBOURS)
        if window.own is None:
            raise Http404
        return Response(PlaceShown(window).data)


def kind_of(board: str) -> Kind:
    if board not in set(Kind):
        raise Http404
    return Kind(board)


def board_page(request: Request, name: str, unit: str, top: Callable[[int, int], Sequence[Standing]]) -> Response:
    """A page of a board, of which `top` gives so many places after the first so many."""
    start = offset_of(request)
    places = top(start, ROWS_A_PAGE + 1)
    more, back = len(places) > ROWS_A_PAGE and start + ROWS_A_PAGE < MOST_PLACES, max(start - ROWS_A_PAGE, 0)
    shown = {
        "board": name,
        "unit": unit,
        "next": offset_link(request, start + ROWS_A_PAGE) if more else None,
        "previous": offset_link(request, back) if start else None,
        "results": places[:ROWS_A_PAGE],
    }
    return Response(BoardShown(shown).data)
