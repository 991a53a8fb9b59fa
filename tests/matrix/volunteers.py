"""For the matrix: shifts and who helps on them, by private link and at the desk; and what their forms send."""

from collections.abc import Callable
from typing import Any

from django import forms

from accounts.models import User
from common.stamps import stamp
from desk import volunteer_forms
from events.models import Event
from outreach.volunteers.forms import OfferForm, TakeForm
from outreach.volunteers.shifts import cancel_shift
from outreach.volunteers.talking import set_state
from tests.volunteers.team import a_shift, a_volunteer, on


def helping_hands(event: Event, by: User) -> tuple[dict[str, tuple[object, ...]], dict[str, object]]:
    """What only a volunteer knows, and what the desk fills into the addresses."""
    taken, free, gone = a_shift(event), a_shift(event, "Water", hours_from_start=1), a_shift(event, "Parking")
    cancel_shift(shift=gone, seen=0, text="", by=by)
    [maya] = on(taken, "Maya Olson")
    ben, ida = (a_volunteer(event, name) for name in ("Ben Lund", "Ida Berg"))
    set_state(volunteer=ben, state="contacted", seen="new", by=by)
    # She was placed somewhere without a shift, and can be thanked.
    set_state(volunteer=ida, state="placed", seen="new", by=by)
    whole = ("desk_volunteer", "desk_volunteer_note", "desk_volunteer_message", "desk_volunteer_thank")
    return {
        **dict.fromkeys(("volunteering", "volunteer_calendar", "volunteer_forget"), (maya.token,)),
        "volunteer_take": (maya.token, free.pk),
        "volunteer_give_back": (maya.token, taken.pk),
    }, {
        **dict.fromkeys((*whole, "desk_volunteer_place"), maya.pk),
        **dict.fromkeys(("desk_volunteer_state", "desk_volunteer_undo"), ben.pk),
        "desk_volunteer_off": (maya.pk, taken.pk),
        "desk_shift": free.pk,
        **dict.fromkeys(("desk_shift_sheet", "desk_shift_cancel"), taken.pk),
        "desk_shift_reopen": gone.pk,
    }


def the_last_change(world: Any) -> dict[str, str]:
    ben = world.page.event.volunteers.get(name="Ben Lund")
    return {"line": str(ben.lines.filter(kind="state")[0].pk)}


def the_free_shift(world: Any) -> dict[str, str]:
    return {"shift": str(world.page.event.shifts.get(name="Water").pk)}


OFFER = {"name": "Tou Xiong", "email": "tou.x@example.org", "wish": "Anything", "drawn": stamp()}
SHIFT = {"name": "Cheer", "phase": "during", "day": "2030-12-07", "begins": "08:00", "ends": "11:00"}
SHIFT |= {"meeting_point": "Gate 3", "about": "Ring bells.", "places": "4", "min_age": "12"}
Write = tuple[str, type[forms.BaseForm], dict[str, Any] | Callable[[Any], dict[str, Any]]]
WRITES: dict[str, Write] = {
    "volunteer_offer": ("anonymous", OfferForm, OFFER),
    "volunteer_take": ("donor", TakeForm, {}),
    "volunteer_give_back": ("donor", forms.Form, {}),
    "volunteer_forget": ("donor", forms.Form, {}),
    "desk_volunteers_thank": ("coordinator", volunteer_forms.ThanksForm, {"people": "1", "confirm": "1"}),
    "desk_volunteer_note": ("coordinator", volunteer_forms.NoteForm, {"note": "Mornings only."}),
    "desk_volunteer_state": ("coordinator", volunteer_forms.StateForm, {"state": "withdrawn", "seen": "contacted"}),
    "desk_volunteer_undo": ("coordinator", volunteer_forms.UndoForm, the_last_change),
    "desk_volunteer_place": ("coordinator", volunteer_forms.PlaceForm, the_free_shift),
    "desk_volunteer_off": ("coordinator", forms.Form, {}),
    "desk_volunteer_message": (
        "coordinator",
        volunteer_forms.MessageForm,
        {"subject": "Hello", "text": "Can you do water?", "confirm": "1"},
    ),
    "desk_volunteer_thank": ("organizer", volunteer_forms.SeenForm, {"seen": "placed"}),
    "desk_shift_new": ("coordinator", volunteer_forms.ShiftForm, SHIFT),
    "desk_shift": ("organizer", volunteer_forms.ShiftForm, SHIFT),
    "desk_shift_cancel": ("coordinator", volunteer_forms.CancelShiftForm, {"people": "1", "text": "A storm."}),
    "desk_shift_reopen": ("coordinator", forms.Form, {}),
    "desk_shift_needs": ("coordinator", volunteer_forms.NeedsForm, {"before": "Bibs.", "during": "Water."}),
}
