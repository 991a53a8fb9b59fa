"""A form changes what it asks for and nothing else, whatever else is sent with it.

Every write route is pressed twice from the same state: once as its page sends it, once with every field name of every
model of ours beside it. Both must leave the same rows.
"""

import json
import re
from collections.abc import Callable
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
from desk import checkin, promo_codes, race, registrations, wait_list
from desk.disbursements import PayeeForm, ProposeForm, SentForm
from desk.forms import AddressForm, HideForm, MailForm, PlaceForm, ReasonForm, RunnerForm
from desk.giving import ModeForm
from desk.moves import MoveAllForm, MoveForm
from desk.refunds import RefundForm
from desk.teams import GroupForm, LeadForm
from desk.words import StateForm
from donations.giving import shown
from donations.giving.forms import GiveForm
from donations.giving.gate.stamps import stamp
from donations.giving.moderation import digest
from donations.giving.thanking import ThanksForm
from donations.payments import gateway
from fundraisers.forms import (
    AudienceForm,
    ClaimForm,
    EmailForm,
    PhotoForm,
    ReportForm,
    SlugForm,
    UpdateForm,
    WordsForm,
)
from fundraisers.team_forms import AnswerForm, CaptainsForm, PageForm, StartForm
from registration.forms import CancelForm, CodeForm, DetailsForm, GiftForm, HandOnForm, PersonForm, SignForm, WaitForm
from registration.models import Participant
from teams.forms import InviteForm, LinkForm, TeamForm
from teams.models import TeamGroup
from tests.matrix.table import ROWS
from tests.matrix.world import World, a_world
from tests.tools.books import rolled_back

pytestmark = pytest.mark.django_db

GIFT = {"amount": "50", "name": "Rosa Delgado", "email": "rosa@example.org", "message": "Run!", "drawn": stamp()}
TOKEN = "8d5f0c1e-5d0a-4ad3-9f0e-0f5c1f6f3a55"
Form = type[forms.BaseForm]
RUNNER = {"name": "Ben Olson", "age": "41", "email": "ben@example.org", "shirt_size": "M", "page_name": "Ben"}
RUNNER |= {"emergency_name": "Ana Olson", "emergency_phone": "612-555-0100", "team": "North Loop"}
TEAM = {"name": "Kettlebells", "goal": "1,500", "story": "", "joining": "approved"}
MOVE = {"team": "Frogtown", "since": "2020-01-01", "reason": "Asked for", "gifts": "1", "cents": "5000"}
CORRECTION = {name: RUNNER[name] for name in ("name", "shirt_size", "emergency_name", "emergency_phone")}
WHOM = {"name": "Cleo Smith", "email": "cleo@example.org"}


def a_runner(world: World) -> dict[str, str]:
    return {"option": str(world.page.event.options.all()[0].pk), **RUNNER}


def a_signature(world: World) -> dict[str, str]:
    person = Participant.objects.get(registration__token=str(world.places["register_cart"][0]))
    return {"version": "1", "seen_cents": "3000", f"sign_{person.pk}": person.name}


def a_cancelled_race(world: World) -> dict[str, str]:
    people = Participant.objects.filter(registration__status="confirmed", status="active").count()
    seen = {"confirm": "1", "seen_people": str(people), "seen_cents": "0"}
    return {"kind": "cancelled", "fees": "gifts", "text": "A storm.", "form_token": TOKEN} | seen


def a_member(world: World) -> dict[str, str]:
    return {"what": "add", "member": str(world.page.event.fundraisers.get(name="Tou").bib)}


# Who presses, which form the route reads, and what its page sends: in some only the world knows its numbers.
WRITES: dict[str, tuple[str, Form, dict[str, str] | Callable[[World], dict[str, str]]]] = {
    "register_start": ("anonymous", PersonForm, a_runner),
    "register_person": ("donor", PersonForm, a_runner),
    "register_edit": ("donor", PersonForm, a_runner),
    "register_remove": ("donor", forms.Form, {}),
    "register_code": ("donor", CodeForm, {"code": "LOOP"}),
    "register_gift": ("donor", GiftForm, {"amount": "25"}),
    "register_cart": ("donor", SignForm, a_signature),
    "wait": ("anonymous", WaitForm, WHOM),
    "waiting": ("donor", forms.Form, {}),
    "registration_details": (
        "donor",
        DetailsForm,
        {name: RUNNER[name] for name in ("shirt_size", "emergency_name", "emergency_phone")},
    ),
    "registration_transfer": ("donor", HandOnForm, WHOM),
    "registration_keep": ("donor", forms.Form, {}),
    "registration_defer": ("donor", forms.Form, {}),
    "give": ("anonymous", GiveForm, GIFT | {"form_token": TOKEN}),
    "give_team": ("anonymous", GiveForm, GIFT | {"form_token": TOKEN}),
    "checkout": ("donor", forms.Form, {}),
    "change_registration": ("donor", forms.Form, {}),
    "give_event": ("runner", GiveForm, GIFT | {"form_token": TOKEN}),
    "give_fees": ("anonymous", GiveForm, GIFT | {"form_token": TOKEN}),
    "desk_place": (
        "treasurer",
        PlaceForm,
        {"target": "fee_pool", "reason": "Interest", "cents": "-1234", "form_token": TOKEN},
    ),
    "desk_close_alarm": ("organizer", ReasonForm, {"reason": "Looked at it"}),
    "desk_new_runner": (
        "organizer",
        RunnerForm,
        {"name": "Kwame Mensah", "team": "North Loop", "goal": "750", "is_listed": "on"},
    ),
    "desk_refund": (
        "treasurer",
        RefundForm,
        lambda world: {world.donation.reference: "1", "reason": "Given twice", "form_token": TOKEN},
    ),
    "desk_propose": ("treasurer", ProposeForm, lambda world: {a_lane(world): "1", "form_token": TOKEN}),
    "desk_approve": ("approver", forms.Form, {}),
    "desk_withdraw": ("treasurer", forms.Form, {}),
    "desk_send": ("treasurer", SentForm, {"evidence": "check 8"}),
    "desk_came_back": ("treasurer", forms.Form, {}),
    "desk_payee": ("treasurer", PayeeForm, {"method": "ach", "account": "ends in 4321"}),
    "desk_hide_runner": ("moderator", HideForm, {"hidden": "1"}),
    "desk_mail": ("organizer", MailForm, {"what": "again", "reason": "The address was mended"}),
}
WRITES |= {
    "team_join": ("runner", PageForm, {"page": "amina-warsame"}),
    "team_invited": ("runner", PageForm, {"page": "amina-warsame"}),
    "team_leave": ("runner", PageForm, {"page": "amina-warsame"}),
    "my_team_new": ("runner", StartForm, TEAM | {"page": "amina-warsame"}),
    "my_team_edit": ("runner", TeamForm, TEAM),
    "my_team_photo": ("runner", PhotoForm, {"remove": "1"}),
    "my_team_invite": ("runner", InviteForm, {"addresses": "new@example.org"}),
    "my_team_link": ("runner", LinkForm, {"what": "renew"}),
    "my_team_captains": ("runner", CaptainsForm, a_member),
    "my_team_answer": ("runner", AnswerForm, {"answer": "yes"}),
    "my_team_remove": ("runner", forms.Form, {}),
    "desk_groups": ("organizer", GroupForm, {"name": "Roosevelt High"}),
    "desk_team": ("organizer", LeadForm, lambda _world: {"group": str(TeamGroup.objects.get().pk)}),
    "desk_hide_team": ("moderator", HideForm, {"hidden": "1"}),
    "desk_move_gift": ("organizer", MoveForm, {"team": "Frogtown", "reason": "Asked for"}),
    "desk_move_page": ("organizer", MoveAllForm, MOVE),
}
WRITES |= {
    "claim": ("anonymous", ClaimForm, {"what": "mine"}),
    "report": ("anonymous", ReportForm, {"reason": "Not her name.", "form_token": TOKEN}),
    "report_team": ("anonymous", ReportForm, {"reason": "Not a team.", "form_token": TOKEN}),
    "my_claim": ("runner", forms.Form, {}),
    "my_email": ("runner", EmailForm, {"email": "amina@other.example"}),
    "my_edit": ("runner", WordsForm, {"name": "Amina W.", "title": "", "story": "For us.", "goal": "750"}),
    "my_audience": ("runner", AudienceForm, {"who": "link"}),
    "my_photo": ("runner", PhotoForm, {"remove": "1"}),
    "my_address": ("runner", SlugForm, {"slug": "amina-runs"}),
    "my_updates": ("runner", UpdateForm, {"text": "Twelve miles."}),
    "my_remove_update": ("runner", forms.Form, {}),
    "my_hide": ("runner", HideForm, {"hidden": "1"}),
    "my_thank": ("runner", ThanksForm, {"text": "You made my day."}),
    "desk_close_report": ("moderator", forms.Form, {}),
    "desk_hide_update": ("moderator", HideForm, {"hidden": "1"}),
    "desk_runner_email": ("organizer", AddressForm, {"email": "amina@other.example", "reason": "Lost the mailbox."}),
}
WRITES |= {
    "gift_shown": ("donor", shown.ShownForm, {"shown": "first", "dedication": "memory", "dedicated_to": "Kaiya"}),
    "gift_email": ("donor", shown.AddressForm, {"email": "rosa@other.example"}),
    "gift_receipt": ("donor", forms.Form, {}),
    "desk_message": ("moderator", StateForm, lambda world: {"state": "refused", "seen": digest(world.donation)}),
    "desk_giving": ("organizer", ModeForm, {"mode": "alert", "reason": "Stolen cards since noon"}),
}
WRITES |= {
    "registration_cancel": ("donor", CancelForm, {"page": "hidden"}),
    "desk_correct_entry": ("organizer", registrations.CorrectForm, CORRECTION),
    "desk_cancel_entry": ("organizer", registrations.CancelEntryForm, {"page": "stays", "reason": "Broke a leg"}),
    "desk_wait": ("organizer", wait_list.WaitForm, {"what": "remove"}),
    "desk_promo_codes": ("organizer", promo_codes.PromoCodeForm, {"code": "NEW", "percent_off": "10"}),
    "desk_switch_code": ("organizer", promo_codes.SwitchForm, {"active": "0"}),
    "desk_event_state": ("organizer", race.DecisionForm, a_cancelled_race),
    "desk_arrive": ("coordinator", checkin.ArrivedForm, {"arrived": "1"}),
}
WRITES |= {"api_token": ("runner", TokenForm, {"what": "make"})}
# Stripe's own, signed; links from mails whose forms have no field; and sign-in, whose forms are allauth's and know no
# model of ours.
LINKS = {"email_answer", "email_stop", "mail_off"}
OTHERS = {"webhook"} | LINKS | {name for name in ROWS if name.startswith(("account_", "mfa_", "second_factor"))}
OURS = {"accounts", "events", "outreach", "registration", "teams", "fundraisers"}
OURS |= {"ledger", "payments", "bank", "giving", "disbursements"}


def a_lane(world: World) -> str:
    return f"lane{world.page.event.beneficiaries.all()[0].pk}"


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
    return {
        model._meta.label: [
            {name: _kept(value) for name, value in row.items()}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in models_of_ours()
    }


def _kept(value: Any) -> Any:
    if isinstance(value, UUID) and str(value) != TOKEN:
        return "a secret"
    if hasattr(value, "tzinfo"):
        return "now" if abs(timezone.now() - value) < timedelta(hours=3) else value
    if isinstance(value, dict):
        fresh = {"expires_at": "now"} if "expires_at" in value else {}
        return SECRET.sub("a secret", json.dumps({**value, **fresh}))
    return value


@pytest.fixture
def stripe_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise gateway.Unavailable

    monkeypatch.setattr(gateway, "create_checkout", away)
    monkeypatch.setattr(gateway, "create_refund", away)


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
    assert status == (503 if form is GiveForm else 200 if form is TokenForm else 302)
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
