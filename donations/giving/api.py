"""Gifts as the public may see them, the last day's board, and an owner's own numbers, in the open API."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import BearerToken
from accounts.models import User
from common.api import Resource, SealedCursor, slug_filter
from donations.giving.models import Donation
from donations.giving.queries import gifts_of_owner, gifts_of_page, given_lately, listed_gifts
from events.queries import current_event
from fundraisers.api import (
    BOARD_PAGE,
    NAME,
    PAGE_PARAMETER,
    ROW,
    BoardShown,
    OfRunner,
    RunnerName,
    RunnerRow,
    board_page,
)
from fundraisers.queries import fundraisers_of, public_fundraiser
from teams.api import TeamName


class GiftShown(serializers.Serializer[Any]):
    """Name, amount and words as the donor and the moderators let everybody see them, and nothing else."""

    day = serializers.SerializerMethodField(help_text="By the event's calendar. The hour is nobody's business.")
    name = serializers.CharField(source="public_name")
    cents = serializers.IntegerField(source="public_cents", allow_null=True, help_text="Null where the donor hides it.")
    message = serializers.CharField(source="public_message")
    dedication = serializers.CharField(source="public_dedication")
    runner = RunnerName(source="fundraiser", allow_null=True)
    team = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateField())
    def get_day(self, gift: Donation) -> str:
        assert gift.received_at
        return gift.received_at.astimezone(gift.event.zone).date().isoformat()

    @extend_schema_field(TeamName(allow_null=True))
    def get_team(self, gift: Donation) -> Any:
        return TeamName(gift.team).data if gift.team and not gift.team.is_hidden else None


class OwnGift(GiftShown):
    message_state = serializers.ChoiceField(Donation.MessageState.values)


class OwnPage(RunnerRow):
    is_listed = serializers.BooleanField()
    is_hidden = serializers.BooleanField()


class Mine(serializers.Serializer[Any]):
    pages = OwnPage(many=True)


GIFT: dict[str, Any] = {
    "day": "2026-11-24",
    "name": "Rosa D.",
    "cents": 5_000,
    "message": "Run!",
    "dedication": "",
    "runner": NAME,
    "team": NAME["team"],
}


class GiftFilter(filters.FilterSet):
    runner = slug_filter("Gifts to this runner's page.", field_name="fundraiser__slug")
    team = slug_filter("Gifts that count for this team.", method="of_team")

    def of_team(self, gifts: QuerySet[Donation], _name: str, slug: str) -> QuerySet[Donation]:
        return gifts.filter(team__slug=slug, team__is_hidden=False)


class GiftList(Resource):
    serializer_class = GiftShown
    queryset = Donation.objects.none()
    pagination_class = SealedCursor
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = GiftFilter
    ordering = ("-received_at", "-pk")
    heard = ("cursor", "runner", "team")

    @extend_schema(
        operation_id="gifts",
        summary="Gifts",
        description="Newest first, of pages that are listed, of teams and to the event.",
        responses=GiftShown(many=True),
        examples=[OpenApiExample("A gift", value=GIFT)],
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(listed_gifts(current_event())))
        return self.get_paginated_response(GiftShown(rows, many=True).data)


class RunnerGifts(OfRunner):
    serializer_class = GiftShown
    pagination_class = SealedCursor
    ordering = ("-received_at", "-pk")
    heard = ("cursor",)

    @extend_schema(
        operation_id="runner_gifts",
        summary="Gifts to a runner",
        description="Newest first. Also of a page that is not listed, for whoever has its address.",
        responses=GiftShown(many=True),
        examples=[OpenApiExample("A gift", value=GIFT)],
    )
    def get(self, request: Request, slug: str) -> Response:
        page = public_fundraiser(current_event(), slug)
        rows = self.paginate_queryset(gifts_of_page(page).select_related("fundraiser__team", "team", "event"))
        return self.get_paginated_response(GiftShown(rows, many=True).data)


class DayBoard(Resource):
    serializer_class = BoardShown
    heard = ("cursor",)

    @extend_schema(
        operation_id="leaderboard_day",
        summary="The last 24 hours",
        description="Runners by what they were given in the last 24 hours, less what went back of it.",
        parameters=[PAGE_PARAMETER],
        examples=[OpenApiExample("The first page", value={**BOARD_PAGE, "board": "day"})],
    )
    def get(self, request: Request) -> Response:
        return board_page(request, "day", "cents", partial(given_lately, current_event()))


class OwnResource(Resource):
    """For whom the token belongs to."""

    authentication_classes = [BearerToken]
    permission_classes = [IsAuthenticated]

    @property
    def person(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user


class MineResource(OwnResource):
    serializer_class = Mine

    @extend_schema(
        operation_id="me",
        summary="Your pages",
        description="The pages of whom the token belongs to, also those that are hidden or not listed.",
        examples=[OpenApiExample("A page", value={"pages": [{**ROW, "is_listed": True, "is_hidden": False}]})],
    )
    def get(self, request: Request) -> Response:
        return Response(Mine({"pages": fundraisers_of(self.person)}).data)


class MyGifts(OwnResource):
    serializer_class = OwnGift
    pagination_class = SealedCursor
    ordering = ("-received_at", "-pk")
    heard = ("cursor",)

    @extend_schema(
        operation_id="my_gifts",
        summary="Gifts to your pages",
        description="Newest first, with what everybody sees, and whether the message is shown, waits or was refused.",
        responses=OwnGift(many=True),
        examples=[OpenApiExample("A gift", value={**GIFT, "message_state": "shown"})],
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(gifts_of_owner(self.person))
        return self.get_paginated_response(OwnGift(rows, many=True).data)
