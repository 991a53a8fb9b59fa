"""The kinds of things that may wait for a person at the desk, the most urgent first: one table.

Each row says who can do something about it by naming an address, whose guard says whom it lets in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import User
from desk.queries import LATE_AFTER, REFUNDED_AFTER, stuck_mails
from donations.bank.models import BankLine
from donations.disbursements.models import Allocation, Batch, Disbursement, Payee
from donations.disbursements.queries import questioned
from donations.disbursements.services import COOLING
from donations.giving.models import Donation, EventDecision, Gate, RefundRequest
from donations.ledger.models import Alarm, OpenItem, Role
from donations.ledger.queries import ALLOWED_AGE
from donations.payments.models import Dispute, StripeEvent
from events.models import Story
from fundraisers.models import Report, Update
from outreach.news.models import Letter
from outreach.volunteers.models import Volunteer
from registration.models import WaitListEntry

# Checks and cash belong in the bank within days; after ALLOWED_AGE they count as unexplained.
UNBANKED_AFTER = timedelta(days=3)
# A wait list's offer is answered within a day, or it ends.
ENDS_SOON = timedelta(hours=6)
# How long a refund that Stripe refused is shown: by then it was asked for again, or made another way.
REFUSED_FOR = timedelta(days=14)

Say = Promise | str


@dataclass(frozen=True, slots=True)
class Probe:
    """A kind of thing that may wait. `door` is the address where it is done, by which we know who can."""

    door: str
    rows: Callable[[datetime, User], QuerySet[Any]]
    since: str
    say: Any
    url: str
    act: Say
    # Where on the list; or, for the page of one thing, what of the row is its number.
    place: str = ""
    number: str = ""
    until: str = ""


def _overdue(now: datetime, _user: User) -> QuerySet[OpenItem]:
    late = Q(pk__in=())
    for role, patience in ALLOWED_AGE.items():
        late |= Q(account__role=role, opened_at__lte=now - patience)
    return OpenItem.objects.filter(late).exclude(cents=0)


def _refused(now: datetime, _user: User) -> QuerySet[RefundRequest]:
    """Refunds that Stripe refused and nobody has asked for again."""
    again = RefundRequest.objects.filter(payment=OuterRef("payment"), pk__gt=OuterRef("pk"))
    refused = RefundRequest.objects.filter(state=RefundRequest.State.REFUSED, created_at__gte=now - REFUSED_FOR)
    return refused.exclude(Exists(again))


def _mine(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """What this person may approve: what somebody else proposed."""
    return rows.filter(state=Batch.State.PROPOSED).exclude(proposed_by=user)


def _on_alert(now: datetime, _user: User) -> QuerySet[Gate]:
    by_itself = Q(mode=Gate.Mode.AUTO, alert_until__gt=now)
    return Gate.objects.filter(Q(mode__in=(Gate.Mode.ALERT, Gate.Mode.CLOSED)) | by_itself)


MOST_URGENT_FIRST = (
    Probe(
        "desk_close_alarm",
        lambda _now, _user: Alarm.objects.filter(closed_at=None),
        "raised_at",
        ngettext_lazy(
            "%(count)d alarm: the books refused something.", "%(count)d alarms: the books refused something.", "count"
        ),
        "desk_books",
        gettext_lazy("See the alarms"),
        place="#alarms",
    ),
    Probe(
        "desk_close_alarm",
        _overdue,
        "opened_at",
        ngettext_lazy("%(count)d open item is overdue.", "%(count)d open items are overdue.", "count"),
        "desk_books",
        gettext_lazy("See the open items"),
        place="#items",
    ),
    Probe(
        "desk_close_alarm",
        lambda now, _user: StripeEvent.objects.filter(processed_at=None, received_at__lte=now - LATE_AFTER),
        "received_at",
        ngettext_lazy(
            "%(count)d message from Stripe has waited for more than 15 minutes. Is the background work running?",
            "%(count)d messages from Stripe have waited for more than 15 minutes. Is the background work running?",
            "count",
        ),
        "desk_reconcile",
        gettext_lazy("Compare with Stripe"),
    ),
    Probe(
        "desk_giving",
        _on_alert,
        "judged_at",
        gettext_lazy("The give forms are on alert or closed: somebody tries stolen cards, or an organizer said so."),
        "desk_giving",
        gettext_lazy("See the numbers"),
    ),
    Probe(
        "desk_answer_dispute",
        lambda _now, _user: Dispute.objects.filter(status__in=Dispute.OPEN),
        "created_at",
        ngettext_lazy("%(count)d dispute waits for an answer.", "%(count)d disputes wait for an answer.", "count"),
        "desk_disputes",
        gettext_lazy("See the disputes"),
        until="due_at",
    ),
    Probe(
        "desk_refund",
        _refused,
        "created_at",
        ngettext_lazy(
            "Stripe refused %(count)d refund. The donor still waits for it.",
            "Stripe refused %(count)d refunds. The donors still wait for them.",
            "count",
        ),
        "desk_gift",
        gettext_lazy("See the first"),
        number="payment__donations",
    ),
    Probe(
        "desk_refund",
        lambda now, _user: RefundRequest.objects.filter(
            state=RefundRequest.State.WAITING, created_at__lte=now - REFUNDED_AFTER
        ),
        "created_at",
        ngettext_lazy(
            "%(count)d refund has waited for Stripe for more than a day.",
            "%(count)d refunds have waited for Stripe for more than a day.",
            "count",
        ),
        "desk_gift",
        gettext_lazy("See the first"),
        number="payment__donations",
    ),
    Probe(
        "desk_close_report",
        lambda _now, _user: Report.objects.filter(closed_at=None),
        "created_at",
        ngettext_lazy("%(count)d page is reported.", "%(count)d pages are reported.", "count"),
        "desk_reports",
        gettext_lazy("See the reports"),
    ),
    Probe(
        "desk_propose",
        lambda _now, _user: questioned(),
        "sent_at",
        ngettext_lazy(
            "An organization questions %(count)d payment.", "Organizations question %(count)d payments.", "count"
        ),
        "desk_disbursements",
        gettext_lazy("See what they say"),
        place="#questioned",
    ),
    Probe(
        "desk_approve",
        lambda _now, user: _mine(Batch.objects.all(), user),
        "proposed_at",
        ngettext_lazy(
            "%(count)d batch of payments waits for approval.",
            "%(count)d batches of payments wait for approval.",
            "count",
        ),
        "desk_batch",
        gettext_lazy("Look and approve"),
        number="pk",
    ),
    Probe(
        "desk_approve_allocation",
        lambda _now, user: _mine(Allocation.objects.all(), user),
        "proposed_at",
        gettext_lazy("Giving from the fee pool waits for approval."),
        "desk_closing",
        gettext_lazy("See the sums"),
    ),
    Probe(
        "desk_send",
        lambda _now, _user: Disbursement.objects.filter(
            state=Disbursement.State.WAITING, batch__state=Batch.State.APPROVED
        ),
        "batch__decided_at",
        ngettext_lazy(
            "%(count)d payment is approved and not sent yet.",
            "%(count)d payments are approved and not sent yet.",
            "count",
        ),
        "desk_batch",
        gettext_lazy("Send and note it"),
        number="batch",
    ),
    Probe(
        "desk_message",
        lambda _now, _user: Donation.objects.filter(
            message_state=Donation.MessageState.WAITING, received_at__isnull=False
        ),
        "received_at",
        ngettext_lazy(
            "The words of %(count)d gift wait to be read.", "The words of %(count)d gifts wait to be read.", "count"
        ),
        "desk_messages",
        gettext_lazy("Read them"),
    ),
    Probe(
        "desk_hide_update",
        lambda _now, _user: Update.objects.filter(waits=True),
        "created_at",
        ngettext_lazy(
            "News of %(count)d runner waits to be read.", "%(count)d pieces of news wait to be read.", "count"
        ),
        "desk_updates",
        gettext_lazy("Read them"),
    ),
    Probe(
        "desk_thanks",
        lambda _now, _user: Donation.objects.filter(thanks_state=Donation.MessageState.WAITING),
        "thanked_at",
        ngettext_lazy(
            "Thanks for %(count)d gift wait to be read.", "Thanks for %(count)d gifts wait to be read.", "count"
        ),
        "desk_updates",
        gettext_lazy("Read them"),
    ),
    Probe(
        "desk_story_state",
        lambda _now, _user: Story.objects.filter(state=Story.State.WAITING),
        "created_at",
        ngettext_lazy("%(count)d story waits to be read.", "%(count)d stories wait to be read.", "count"),
        "desk_stories",
        gettext_lazy("Read them"),
    ),
    Probe(
        "desk_volunteer_message",
        lambda _now, _user: Volunteer.objects.filter(state=Volunteer.State.NEW),
        "created_at",
        ngettext_lazy(
            "%(count)d volunteer waits for a first answer.", "%(count)d volunteers wait for a first answer.", "count"
        ),
        "desk_volunteers",
        gettext_lazy("See the volunteers"),
    ),
    Probe(
        "desk_letter_act",
        lambda _now, _user: Letter.objects.filter(state=Letter.State.PAUSED),
        "pressed_at",
        ngettext_lazy("%(count)d letter is paused.", "%(count)d letters are paused.", "count"),
        "desk_newsletter",
        gettext_lazy("See the letters"),
    ),
    Probe(
        "desk_mail",
        lambda _now, _user: stuck_mails(),
        "created_at",
        ngettext_lazy("%(count)d mail is stuck.", "%(count)d mails are stuck.", "count"),
        "desk_mails",
        gettext_lazy("See the mails"),
        place="?state=stuck",
    ),
    Probe(
        "desk_wait",
        lambda now, _user: WaitListEntry.objects.filter(
            status=WaitListEntry.Status.OFFERED, offer_ends_at__lte=now + ENDS_SOON
        ),
        "offered_at",
        ngettext_lazy(
            "%(count)d place that was offered to the wait list is not taken yet.",
            "%(count)d places that were offered to the wait list are not taken yet.",
            "count",
        ),
        "desk_wait_list",
        gettext_lazy("See the list"),
        until="offer_ends_at",
    ),
    Probe(
        "desk_payee",
        lambda now, _user: Payee.objects.filter(changed_at__gt=now - COOLING),
        "changed_at",
        ngettext_lazy(
            "The account of %(count)d organization was changed. Make sure that they asked for it.",
            "The accounts of %(count)d organizations were changed. Make sure that they asked for it.",
            "count",
        ),
        "desk_payee",
        gettext_lazy("See the account"),
        number="beneficiary",
    ),
    Probe(
        "desk_match_line",
        lambda _now, _user: BankLine.objects.filter(state=BankLine.State.OPEN),
        "statement__created_at",
        ngettext_lazy(
            "%(count)d line of the bank waits to be matched.",
            "%(count)d lines of the bank wait to be matched.",
            "count",
        ),
        "desk_bank",
        gettext_lazy("See the lines"),
    ),
    Probe(
        "desk_offline_came",
        lambda now, _user: OpenItem.objects.filter(
            account__role=Role.UNDEPOSITED, cents__gt=0, opened_at__lte=now - UNBANKED_AFTER
        ),
        "opened_at",
        ngettext_lazy(
            "%(count)d check or envelope of cash is not at the bank yet.",
            "%(count)d checks and envelopes of cash are not at the bank yet.",
            "count",
        ),
        "desk_offline",
        gettext_lazy("See what is in hand"),
    ),
    Probe(
        "desk_event_state",
        lambda _now, _user: EventDecision.objects.filter(state=EventDecision.State.RUNNING),
        "at",
        gettext_lazy("What was decided about the race is being carried out."),
        "desk_event_state",
        gettext_lazy("See how far it is"),
    ),
)
