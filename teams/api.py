"""Teams in the open API."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Resource, SealedCursor, slug_filter, text_filter
from common.words import LONGEST, named, words_of
from events.queries import current_event
from teams.models import Team
from teams.queries import public_team, public_teams


class TeamName(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Its page for people.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, row: Any) -> str:
        return settings.SITE_URL + str(row.get_absolute_url())


class TeamShown(TeamName):
    group = TeamName(allow_null=True, help_text="The company, school or church it belongs to.")
    goal_cents = serializers.IntegerField()
    raised_cents = serializers.IntegerField(help_text="Given to it and to its runners, less what went back.")
    gift_count = serializers.IntegerField()
    member_count = serializers.IntegerField()
    average_cents = serializers.IntegerField(help_text="Raised for each member.")


EXAMPLE: dict[str, Any] = {
    "slug": "north-loop",
    "name": "North Loop Striders",
    "url": "https://notinourcity.example/t/north-loop",
    "group": None,
    "goal_cents": 200_000,
    "raised_cents": 123_400,
    "gift_count": 17,
    "member_count": 6,
    "average_cents": 20_566,
}


class TeamFilter(filters.FilterSet):
    q = text_filter(LONGEST, "Beginnings of words of the name, two letters or more.", method="begins")
    group = slug_filter("Teams of this company, school or church.", field_name="group__slug")

    def begins(self, rows: QuerySet[Team], _name: str, text: str) -> QuerySet[Team]:
        return named(rows, words_of(text))


class TeamList(Resource):
    serializer_class = TeamShown
    queryset = Team.objects.none()
    pagination_class = SealedCursor
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = TeamFilter
    ordering = ("id",)
    heard = ("cursor", "q", "group")

    @extend_schema(
        operation_id="teams",
        summary="Teams",
        description="In the order of their making.",
        responses=TeamShown(many=True),
        examples=[OpenApiExample("A team", value=EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(public_teams(current_event())))
        return self.get_paginated_response(TeamShown(page, many=True).data)


class TeamResource(Resource):
    serializer_class = TeamShown

    @extend_schema(
        operation_id="team", summary="A team", description="", examples=[OpenApiExample("A team", value=EXAMPLE)]
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(TeamShown(public_team(current_event(), slug)).data)
