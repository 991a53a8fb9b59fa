"""Where the money is and where it went, in the open API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Resource
from donations.disbursements.public import public_money
from events.queries import current_event


class OrganizationMoney(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = serializers.CharField()
    owed_cents = serializers.IntegerField(help_text="Set aside for it and not sent yet. Below zero: paid too much.")
    held_cents = serializers.IntegerField(help_text="What of that is held back for late disputes.")
    paid_cents = serializers.IntegerField(help_text="Sent to it.")
    under_way_cents = serializers.IntegerField(help_text="What of that it has not confirmed yet.")
    confirmed_cents = serializers.IntegerField(help_text="What of that it says it received.")


class CheckShown(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    finding_count = serializers.SerializerMethodField()
    unexplained_cents = serializers.IntegerField()

    def get_finding_count(self, check: Any) -> int:
        return len(check.findings)


class MoneyShown(serializers.Serializer[Any]):
    received_cents = serializers.IntegerField(source="money.received_cents", help_text="Gifts and entry fees.")
    returned_cents = serializers.IntegerField(source="money.returned_cents", help_text="What went back of them.")
    fees_cents = serializers.IntegerField(
        source="money.fees_cents", help_text="Taken by Stripe and the bank, paid from the fee pool."
    )
    fee_pool_cents = serializers.IntegerField(
        source="money.fee_pool_cents", help_text="What is left in the pool that pays the fees."
    )
    hundred = serializers.BooleanField(
        source="money.hundred", help_text="Whether what is there covers all that is owed."
    )
    short_cents = serializers.IntegerField(
        source="money.short_cents", help_text="What the pool is short, where it does not."
    )
    paid_cents = serializers.IntegerField(source="money.paid_cents", help_text="Sent to the organizations.")
    confirmed_cents = serializers.IntegerField(help_text="What of that they say they received.")
    closed = serializers.BooleanField(
        source="is_closed", help_text="Whether all of it has arrived, and nothing is open in the books."
    )
    organizations = OrganizationMoney(many=True, source="lanes")
    last_check = CheckShown(source="money.check", allow_null=True)


MONEY: dict[str, Any] = {
    "received_cents": 648_000,
    "returned_cents": 5_000,
    "fees_cents": 19_300,
    "fee_pool_cents": 30_700,
    "hundred": True,
    "short_cents": 0,
    "paid_cents": 100_000,
    "confirmed_cents": 80_000,
    "closed": False,
    "organizations": [
        {
            "slug": "breaking-free",
            "name": "Breaking Free",
            "owed_cents": 114_334,
            "held_cents": 21_434,
            "paid_cents": 100_000,
            "under_way_cents": 20_000,
            "confirmed_cents": 80_000,
        }
    ],
    "last_check": {"at": "2026-11-24T18:00:00Z", "finding_count": 0, "unexplained_cents": 0},
}


class MoneyResource(Resource):
    serializer_class = MoneyShown

    @extend_schema(
        operation_id="money",
        summary="Where the money is",
        description="Read off the books, which are checked every few minutes. Amounts in cents.",
        examples=[OpenApiExample("Some money", value=MONEY)],
    )
    def get(self, request: Request) -> Response:
        return Response(MoneyShown(public_money(current_event())).data)
