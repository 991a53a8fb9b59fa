"""A form changes what it asks for and nothing else, whatever else is sent with it.

Every write route is pressed twice from the same state: once as its page sends it, once with every field name of every
model of ours beside it. Both must leave the same rows.
"""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.utils import timezone

from accounts.forms import TokenForm
from desk.forms import ReasonForm
from desk.screens import ScreenForm
from donations.giving.forms import GiveForm
from donations.payments import gateway
from tests.matrix.table import ROWS
from tests.matrix.world import World, a_world
from tests.matrix.writes import GIFT, TOKEN, WRITES, Form
from tests.tools.books import rolled_back

pytestmark = pytest.mark.django_db

# Stripe's own, signed; links from mails whose forms have no field; and sign-in, whose forms are allauth's and know no
# model of ours.
LINKS = {"email_answer", "email_stop", "mail_off", "news_confirm", "news_off"}
# Takes an address by POST so that it stands in no log, and writes nothing.
OTHERS = (
    {"webhook", "desk_people"}
    | LINKS
    | {name for name in ROWS if name.startswith(("account_", "mfa_", "second_factor"))}
)
OURS = {"accounts", "events", "outreach", "volunteers", "news", "screens", "registration", "teams", "fundraisers"}
OURS |= {"ledger", "payments", "bank", "giving", "disbursements"}


def models_of_ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def bait(form: Form) -> dict[str, str]:
    """Every field name of every model, with a value that would show; what the form itself asks for stays out."""
    names: dict[str, str] = {}
    for model in models_of_ours():
        for field in model._meta.get_fields():
            for name in {field.name, getattr(field, "attname", field.name)}:
                names[name] = _value(field)
    for name in ("is_admin", "role", "roles", "staff_roles", "user", "by", "next_status", "id", "pk"):
        names.setdefault(name, "1")
    own = set(form.base_fields) | {"next"}  # type: ignore[attr-defined]
    return {name: value for name, value in names.items() if name not in own}


def _value(field: Any) -> str:
    if isinstance(field, models.BooleanField) or field.is_relation:
        return "1"
    if isinstance(field, models.IntegerField):
        return "987654"
    if isinstance(field, models.DateTimeField):
        return "2020-02-02 02:02:02"
    return "bait"


SECRET = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def rows() -> dict[str, list[dict[str, Any]]]:
    """All rows of ours. Times of now and fresh secrets differ from press to press, so only their kind is kept."""
    found = {}
    for model in models_of_ours():
        kept = [
            {name: _kept(value) for name, value in row.items()}
            for row in model._default_manager.order_by("pk").values()
        ]
        # Numbers that are drawn by lot give no order.
        found[model._meta.label] = sorted(kept, key=str) if isinstance(model._meta.pk, models.UUIDField) else kept
    return found


def _kept(value: Any) -> Any:
    if isinstance(value, UUID) and str(value) != TOKEN:
        return "a secret"
    if hasattr(value, "tzinfo"):
        return "now" if abs(timezone.now() - value) < timedelta(hours=3) else value
    if isinstance(value, dict):
        fresh = {name: "now" for name in ("expires_at", "news_confirm_token") if name in value}
        return SECRET.sub("a secret", json.dumps({**value, **fresh}))
    return value


@pytest.fixture
def stripe_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise gateway.Unavailable

    monkeypatch.setattr(gateway, "create_checkout", away)
    monkeypatch.setattr(gateway, "create_refund", away)
    monkeypatch.setattr(gateway, "accept_dispute", away)
    monkeypatch.setattr(gateway, "balance_transactions", away)


@pytest.fixture(autouse=True)
def _secrets_that_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that two presses can be compared."""
    for name in ("token_hex", "token_urlsafe"):
        monkeypatch.setattr(f"secrets.{name}", lambda size=8: "5" * size * 2)


def press(world: World, part: str, name: str, data: dict[str, str]) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    with rolled_back():
        cache.clear()
        answer = world.client(part).post(world.address(part, name), data)
        return answer.status_code, rows()


def test_every_route_that_takes_a_form_is_here() -> None:
    taking = {name for name, row in ROWS.items() if any(cell[1] not in "mnst" for cell in row.values())}
    assert taking - OTHERS == set(WRITES)


@pytest.mark.parametrize("name", WRITES)
def test_a_form_changes_what_it_asks_for_and_nothing_else(name: str, stripe_is_away: None) -> None:
    world = a_world()
    part, form, data = WRITES[name]
    data = data(world) if callable(data) else data
    before = rows()
    status, plain = press(world, part, name, data)
    # The gift is kept when Stripe is away, and the donor asked to press again. A token is shown once, in the answer.
    assert status == (503 if form is GiveForm else 200 if form in (TokenForm, ScreenForm) else 302)
    assert plain != before
    assert rows() == before
    assert press(world, part, name, bait(form) | data) == (status, plain)


def test_the_bait_covers_what_an_attacker_would_want() -> None:
    wanted = {
        "raised_cents",
        "is_hidden",
        "owner",
        "owner_id",
        "is_staff",
        "is_superuser",
        "received_at",
        "status",
        "kind",
    }
    wanted |= {
        "bib",
        "slug",
        "event",
        "weights",
        "start",
        "payment_id",
        "gift_count",
        "session_url",
        "token",
        "closed_at",
    }
    assert wanted <= set(bait(ReasonForm))
    assert wanted <= set(bait(GiveForm))


def test_a_page_made_at_the_desk_belongs_to_nobody_and_has_raised_nothing() -> None:
    world = a_world()
    extra = {
        "owner": str(world.people["other"].pk),
        "raised_cents": "100000",
        "is_hidden": "1",
        "bib": "1",
        "slug": "mine",
    }
    _status, after = press(world, "organizer", "desk_new_runner", extra | {"name": "Kwame Mensah", "is_listed": "on"})
    page = after["fundraisers.Fundraiser"][-1]
    assert (page["owner_id"], page["raised_cents"], page["is_hidden"], page["slug"]) == (None, 0, False, "kwame-mensah")


def test_signing_in_makes_nobody_staff() -> None:
    world = a_world()
    before = rows()["accounts.User"]
    data = bait(forms.Form) | {"email": "other@example.org"}
    _status, after = press(world, "anonymous", "account_login", data)
    assert after["accounts.User"] == before
    assert after["accounts.StaffRole"] == rows()["accounts.StaffRole"]


def test_a_strange_token_is_replaced_and_not_kept(stripe_is_away: None) -> None:
    world = a_world()
    status, after = press(world, "anonymous", "give", GIFT | {"form_token": "bait"})
    assert status == 503
    assert after["payments.Payment"][0]["form_token"] == "a secret"
