"""Every route that takes a form: who presses, which form it reads, and what its page sends."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing

from accounts.forms import TokenForm
from common import clock
from desk import bank_forms, checkin, closing, promo_codes, race, registrations, wait_list
from desk.disbursements import PayeeForm, ProposeForm, SentForm
from desk.forms import AddressForm, HideForm, MailForm, PlaceForm, ReasonForm, RunnerForm
from desk.giving import ModeForm
from desk.moves import MoveAllForm, MoveForm
from desk.papers import EvidenceForm
from desk.refunds import RefundForm
from desk.sponsors import SponsorForm
from desk.teams import GroupForm, LeadForm
from desk.undo import SALT
from desk.words import StateForm
from donations.disbursements.closing import shares_of
from donations.disbursements.forms import ReceiptForm
from donations.disbursements.models import Allocation
from donations.giving import shown
from donations.giving.forms import GiveForm
from donations.giving.gate.stamps import stamp
from donations.giving.models import EventDecision
from donations.giving.moderation import digest, digest_of
from donations.giving.queries import money_of
from donations.giving.statement_views import AskForm
from donations.giving.thanking import ThanksForm
from donations.ledger.entries import draft
from donations.ledger.models import Kind, OpenItem
from donations.ledger.models import Role as Purpose
from donations.ledger.services import chart_of, post
from events.models import Event
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
from fundraisers.models import Fundraiser
from fundraisers.team_forms import AnswerForm, CaptainsForm, PageForm, StartForm
from people.forms import ForgetForm
from registration.forms import CancelForm, CodeForm, DetailsForm, GiftForm, HandOnForm, PersonForm, SignForm, WaitForm
from registration.models import Participant, Registration
from teams.forms import InviteForm, LinkForm, TeamForm
from teams.models import TeamGroup
from tests.bank.files import COLUMNS, bai
from tests.matrix import campaign, mailing, screens, volunteers, without_stripe
from tests.matrix.world import World


def an_open_payout() -> str:
    return f"item-{OpenItem.objects.get(key='payout:po_1').pk}"


def a_lane(world: World) -> str:
    return f"lane{world.page.event.beneficiaries.all()[0].pk}"


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


def deferred_last_time(world: World) -> dict[str, str]:
    """The donor's registration becomes one of an edition that is over, and its people deferred."""
    found = Registration.objects.select_related("event").get(token=str(world.places["registration"][0]))
    last = found.event
    last.pk, last.slug, last.is_current = None, "last-time", False
    last.starts_at -= timedelta(days=365)
    last.save(force_insert=True)
    Registration.objects.filter(pk=found.pk).update(event=last)
    found.participants.update(status=Participant.Status.DEFERRED)
    return {}


def a_signature(world: World) -> dict[str, str]:
    person = Participant.objects.get(registration__token=str(world.places["register_cart"][0]))
    return {"version": "1", "seen_cents": "3000", f"sign_{person.pk}": person.name}


def a_cancelled_race(world: World) -> dict[str, str]:
    people = Participant.objects.filter(registration__status="confirmed", status="active").count()
    seen = {"confirm": "1", "seen_people": str(people), "seen_cents": "0"}
    return {"kind": "cancelled", "fees": "gifts", "text": "A storm.", "form_token": TOKEN} | seen


def a_note_to_change(world: World) -> dict[str, str]:
    """The race was cancelled."""
    event = world.page.event
    Event.objects.filter(pk=event.pk).update(state="cancelled", state_note="A storm.")
    EventDecision.objects.create(
        event=event,
        token=UUID(TOKEN),
        kind="cancelled",
        by=world.people["organizer"],
        people=0,
        mails=0,
        refund_cents=0,
    )
    return {"text": "A storm, and the stadium is closed."}


def what_the_pool_gives(world: World) -> dict[str, int]:
    """An organization was paid too much, and the pool has what lifts it."""
    event, book = world.page.event, world.payment.ledger_id
    chart, first = chart_of(book), event.beneficiaries.all()[0]
    legs = [chart.payable(first.pk, 3000), chart.leg(Purpose.FEE_POOL, -3000)]
    post(book, [draft(Kind.REFUND, "re_odd", clock.now(), legs)])
    return shares_of(event, money_of(event), with_surplus=False)


def an_allocation_that_fits(world: World) -> dict[str, str]:
    Allocation.objects.update(with_surplus=False, amounts=what_the_pool_gives(world))
    return {}


def a_new_allocation(world: World) -> dict[str, str]:
    assert what_the_pool_gives(world)
    Allocation.objects.update(state="withdrawn")
    return {"what": "negative", "reason": "Paid too much", "form_token": TOKEN}


def a_member(world: World) -> dict[str, str]:
    return {"what": "add", "member": str(world.page.event.fundraisers.get(name="Tou").bib)}


def an_act_to_take_back(world: World) -> dict[str, str]:
    """The organizer has just hidden a page."""
    Fundraiser.objects.filter(pk=world.page.pk).update(is_hidden=True, hidden_by="staff")
    act = ["page", world.page.pk, [False, ""], [True, "staff"], world.people["organizer"].pk]
    return {"act": signing.dumps(act, salt=SALT, compress=True)}


# Who presses, which form the route reads, and what its page sends: in some only the world knows its numbers.
WRITES: dict[str, tuple[str, Form, dict[str, str] | Callable[[World], dict[str, Any]]]] = {
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
    "registration_free_entry": ("donor", forms.Form, deferred_last_time),
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
    "my_team_hide": ("runner", HideForm, {"hidden": "1"}),
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
    "year_ask": ("anonymous", AskForm, {"email": "rosa@example.org", "year": str(clock.now().year)}),
    "data_ask": ("anonymous", shown.AddressForm, {"email": "rosa@example.org"}),
    "data_forget": ("donor", ForgetForm, {"sure": "on"}),
    "desk_person": ("organizer", ReasonForm, {"reason": "Asked by letter"}),
    "desk_message": ("moderator", StateForm, lambda world: {"state": "refused", "seen": digest(world.donation)}),
    "desk_thanks": ("moderator", StateForm, {"state": "refused", "seen": digest_of([""])}),
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
    "desk_event_note": ("organizer", race.NoteForm, a_note_to_change),
    "desk_arrive": ("coordinator", checkin.ArrivedForm, {"arrived": "1"}),
}
WRITES |= {
    "desk_match_line": ("treasurer", bank_forms.MatchForm, lambda _world: {an_open_payout(): "1.00"}),
    "desk_say_line": ("treasurer", bank_forms.SayForm, {"what": "fee"}),
    "desk_right_line": (
        "treasurer",
        bank_forms.RightForm,
        {"was": "0", "target": "pool", "reason": "A fee after all", "step": "1"},
    ),
    "desk_upload": ("treasurer", bank_forms.UploadForm, lambda _world: {"statement": Again(bai())}),
    "desk_uploaded": ("treasurer", forms.Form, {}),
    "desk_columns": ("treasurer", bank_forms.ColumnsForm, COLUMNS),
    "desk_compare": ("treasurer", forms.Form, {}),
}


class Again(BytesIO):
    """A file that can be sent more than once."""

    name = "check.pdf"

    def read(self, *size: int | None) -> bytes:
        self.seek(0)
        return super().read(*size)


PERIOD = {"amount": "0.50", "received_on": "2026-11-01", "note": ""}
WRITES |= {
    "charity_payment": ("charity", ReceiptForm, PERIOD | {"kind": "disputed", "note": "Nothing came."}),
    "desk_evidence": ("treasurer", EvidenceForm, lambda _world: {"file": Again(b"%PDF-1.7")}),
    "desk_hold_back": ("treasurer", closing.HoldBackForm, {"percent": "10", "days": "30"}),
    "desk_allocate": ("treasurer", closing.AllocateForm, a_new_allocation),
    "desk_approve_allocation": ("approver", forms.Form, an_allocation_that_fits),
    "desk_withdraw_allocation": ("treasurer", forms.Form, {}),
    "desk_sponsors": ("organizer", SponsorForm, {"name": "North Loop Bikes", "url": "", "place": "1"}),
    "desk_sponsor": ("treasurer", SponsorForm, {"name": "Mill City", "url": "", "place": "3", "consent": ""}),
}
WRITES |= without_stripe.WRITES
WRITES |= {"desk_undo": ("organizer", forms.Form, an_act_to_take_back)}
WRITES |= campaign.WRITES
WRITES |= volunteers.WRITES
WRITES |= mailing.WRITES
WRITES |= screens.WRITES
WRITES |= {"api_token": ("runner", TokenForm, {"what": "make"})}
