"""The event in the open API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Resource
from events.queries import current_event


class Organization(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()
    about = serializers.CharField()
    url = serializers.CharField(help_text="Empty where it has none.")
    weight = serializers.IntegerField(help_text="Its part of every gift, beside the others' weights.")


class EventShown(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()
    tagline = serializers.CharField()
    state = serializers.ChoiceField(["scheduled", "postponed", "cancelled"])
    starts_at = serializers.DateTimeField()
    timezone = serializers.CharField()
    venue = serializers.CharField()
    address = serializers.CharField()
    city = serializers.CharField()
    goal_cents = serializers.IntegerField()
    raised_cents = serializers.IntegerField(help_text="Gifts, less what went back. Below 0 when a refund came first.")
    gift_count = serializers.IntegerField()
    organizations = Organization(many=True, source="beneficiaries.all")


EXAMPLE: dict[str, Any] = {
    "slug": "not-in-our-city-5k",
    "name": "Not In Our City 5K",
    "tagline": "Run the city free.",
    "state": "scheduled",
    "starts_at": "2026-12-09T15:00:00Z",
    "timezone": "America/Chicago",
    "venue": "The stadium",
    "address": "1 Twins Way, Minneapolis",
    "city": "Minneapolis",
    "goal_cents": 10_000_000,
    "raised_cents": 648_000,
    "gift_count": 93,
    "organizations": [
        {"slug": "breaking-free", "name": "Breaking Free", "about": "Housing and a way out.", "url": "", "weight": 1}
    ],
}


class EventResource(Resource):
    serializer_class = EventShown

    @extend_schema(
        operation_id="event",
        summary="The event",
        description="When, where, for whom, and how much was given so far.",
        examples=[OpenApiExample("The 5K", value=EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        return Response(EventShown(current_event()).data)
