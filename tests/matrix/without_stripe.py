"""For the matrix: gifts without Stripe at every stage, a file of them and a dispute; and what their forms send."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django import forms

from accounts.models import User
from common import clock
from desk.disputes import AcceptForm, EvidenceForm
from desk.offline import BackForm
from desk.offline_import import CommitForm, FileForm
from donations.giving import offline, offline_imports
from donations.giving.models import Donation
from donations.giving.offline_forms import ArrivalForm, OfflineForm
from donations.giving.order import Line
from donations.payments.models import Dispute, Payment, Refund
from events.models import Event

TOKEN = "8d5f0c1e-5d0a-4ad3-9f0e-0f5c1f6f3a55"
DAY = f"{clock.now() - timedelta(days=2):%Y-%m-%d}"
ARRIVAL = {"method": "check", "detail": "1042", "received_on": DAY}


class Again(BytesIO):
    """A file that can be sent more than once."""

    name = "gifts.csv"

    def read(self, *size: int | None) -> bytes:
        self.seek(0)
        return super().read(*size)


Write = tuple[str, type[forms.BaseForm], dict[str, Any] | Callable[[Any], dict[str, Any]]]
WRITES: dict[str, Write] = {
    "desk_offline_new": ("organizer", OfflineForm, ARRIVAL | {"amount": "5", "name": "Ben Olson", "form_token": TOKEN}),
    "desk_offline_came": ("organizer", ArrivalForm, ARRIVAL),
    "desk_offline_dropped": ("treasurer", forms.Form, {}),
    "desk_offline_back": (
        "treasurer",
        BackForm,
        {"what": "handed_back", "amount": "1", "reason": "Asked for", "form_token": TOKEN},
    ),
    "desk_offline_good": ("treasurer", forms.Form, {}),
    "desk_offline_imports": ("organizer", FileForm, lambda _world: {"file": Again(b"name,amount\nBen,5\n")}),
    "desk_offline_import": ("organizer", CommitForm, {"what": "import"}),
    "desk_answer_dispute": ("organizer", EvidenceForm, {"uncategorized_text": "She meant it.", "keep": "1"}),
    "desk_accept_dispute": ("treasurer", AcceptForm, {"sure": "1"}),
}


def offline_at_desk(event: Event, payment: Payment, by: User) -> dict[str, object]:
    pledged, held, back = (a_gift(event, received) for received in (False, True, True))
    offline.take_back(item=back, act=offline.ACTS["never_banked"], cents=500, token=uuid4())
    refund = Refund.objects.get(pk__startswith="back:")
    kept = offline_imports.keep(
        event=event, name="a.csv", by=by, content=b"name,amount,method,pledged\nMai,5,check,yes\n"
    )
    dispute = Dispute.objects.create(
        id="du_1",
        charge_id=payment.charges.get().pk,
        amount_cents=5000,
        currency="usd",
        status="needs_response",
        reason="fraudulent",
        due_at=clock.now(),
        told_at=clock.now(),
        created_at=clock.now(),
    )
    return {
        **dict.fromkeys(("desk_dispute", "desk_answer_dispute", "desk_accept_dispute"), dispute.pk),
        **dict.fromkeys(("desk_offline_came", "desk_offline_dropped"), pledged.pk),
        **dict.fromkeys(("desk_offline_gift", "desk_offline_back"), held.pk),
        "desk_offline_good": (back.pk, UUID(refund.pk.removeprefix("back:"))),
        "desk_offline_import": kept.pk,
    }


def a_gift(event: Event, received: bool) -> Donation:
    line = Line(Donation.Kind.GIFT, 500, "Rosa Delgado")
    gift = offline.Entered(line, "", "check", "1042", clock.now() if received else None)
    [item] = offline.enter(event=event, gifts={uuid4(): gift})
    return item
