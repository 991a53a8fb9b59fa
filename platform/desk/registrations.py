"""Registrations at the desk: who is in, with what was signed and paid; typing errors mended, entries cancelled."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role, User
from accounts.services import record_act
from common.money import dollars
from desk.entrants import PRIVATE, STATES, entrants_matching, sees_private, tallies_of, with_details
from desk.forms import ReasonForm, SearchForm
from desk.refunds import tell
from desk.shell import page_of, show
from desk.undo import offered
from donations.giving import refunds
from donations.giving.cancelling import cancel_entry, consequences, fee_left
from donations.giving.models import Donation, RefundRequest
from donations.payments.models import Payment
from events.models import EntryOption
from events.queries import current_event
from registration.changes import CannotChange
from registration.forms import CancelForm, DetailsForm, name_field
from registration.models import Participant, ParticipantChange, Registration
from registration.queries import PLACED

STATE_NAMES = {
    "active": gettext_lazy("Takes part"),
    "held": gettext_lazy("Being paid"),
    "cancelled": gettext_lazy("Cancelled"),
    "deferred": gettext_lazy("Deferred"),
    "transferred": gettext_lazy("Handed on"),
}


class EntrantsForm(SearchForm):
    option = forms.TypedChoiceField(
        label=gettext_lazy("Way to take part"), required=False, coerce=int, empty_value=None
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *((name, STATE_NAMES[name]) for name in STATES)],
    )

    def __init__(self, options: Iterable[EntryOption], data: QueryDict) -> None:
        super().__init__(data)
        known = [("", _("All")), *((option.pk, option.name) for option in options)]
        self.fields["option"].choices = known  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, int | None, str]:
        """Words, option and state; what makes no sense finds everything."""
        if not self.is_valid():
            return "", None, ""
        return self.cleaned_data["q"], self.cleaned_data["option"], self.cleaned_data["state"]


class CorrectForm(DetailsForm):
    """Typing errors: what touches no price, no place and no signature."""

    field_order = ("name", "shirt_size", "emergency_name", "emergency_phone")
    name = name_field(gettext_lazy("Full name"), gettext_lazy("Enter the name of who takes part."))
    photo_consent = None  # type: ignore[assignment]  # Django's way to leave out a field: the consent is theirs

    class Meta(DetailsForm.Meta):
        fields = ("name", "shirt_size", "emergency_name", "emergency_phone")


class CancelEntryForm(CancelForm, ReasonForm):
    """What becomes of page and fee, and why."""

    REFUND, KEEP = "refund", "keep"
    field_order = ("money", "page", "reason")
    money = forms.ChoiceField(
        label=gettext_lazy("The entry fee"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what becomes of the entry fee.")},
    )

    def __init__(self, left_cents: int, by_dates: bool, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"money": self.REFUND if by_dates else self.KEEP})
        if not left_cents:
            del self.fields["money"]
            return
        words = {"sum": dollars(left_cents)}
        self.fields["money"].choices = [  # type: ignore[attr-defined]
            (self.REFUND, _("%(sum)s goes back the way it was paid") % words),
            (self.KEEP, _("%(sum)s stays with the organizations") % words),
        ]

    def refunds(self) -> bool:
        return bool(self.cleaned_data.get("money") == self.REFUND)


@require_safe
@desk_view(*PRIVATE, Role.TREASURER)
def registrations(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    tallies, private = tallies_of(event), sees_private(request.user)
    form = EntrantsForm([tally.option for tally in tallies], request.GET)
    query, option, state = form.chosen()
    found = page_of(request, entrants_matching(event, query, option, state, private=private))
    found.object_list = with_details(found)
    context = {"event": event, "page_obj": found, "filters": form, "query": query, "private": private}
    context |= {"tallies": tallies, "narrowed": bool(query or option or state)}
    return show(request, "registrations", "registrations", context)


@require_safe
@desk_view(*PRIVATE, Role.TREASURER)
def registration(request: SignedInRequest, pk: int) -> HttpResponse:
    paid = Registration.objects.filter(status__in=PLACED).select_related("event", "promo_code", "takes_over")
    found = get_object_or_404(paid, pk=pk)
    people = found.participants.exclude(status=Participant.Status.REMOVED)
    changes = ParticipantChange.objects.filter(participant__registration=found)
    payments = Payment.objects.filter(donations__participant__registration=found).distinct()
    context = {
        "event": found.event,
        "registration": found,
        "people": people.select_related("option", "page", "waiver", "handed_to"),
        "private": sees_private(request.user),
        "payments": payments.prefetch_related("donations", "refund_requests"),
        "items": Donation.objects.filter(payment__in=payments).select_related("participant__option", "fundraiser"),
        "changes": changes.select_related("participant", "by"),
    }
    return show(request, "registrations", "registration", context)


def _entrant(pk: int) -> Participant:
    """Somebody whose place can be looked after at the desk."""
    people = Participant.objects.select_related("registration__event", "option", "page")
    return get_object_or_404(people, pk=pk, registration__status=Registration.Status.CONFIRMED)


@transaction.atomic
def correct_entry(*, request: HttpRequest, person: Participant, form: CorrectForm) -> None:
    """Keeps what was mended. The log names what, and neither the old words nor the new."""
    person.save(update_fields=sorted(form.changed_data))
    target = f"participant {person.pk}: {', '.join(form.changed_data)}"
    record_act(request=request, verb="corrected an entry", target=target)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    person = _entrant(pk)
    form = CorrectForm(person.registration.event, request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        if form.changed_data:
            with offered(request, "entry", person.pk, _("The entry was corrected.")):
                correct_entry(request=request, person=person, form=form)
        return redirect("desk_registration", person.registration_id)
    context = {"event": person.registration.event, "form": form, "person": person}
    return show(request, "registrations", "correct", context, 422 if form.errors else 200)


@transaction.atomic
def cancel_at_desk(
    *, request: HttpRequest, person: Participant, by: User, refund: bool, keep_page: bool, reason: str
) -> RefundRequest | None:
    """Cancels an entry with the line of the log. Raises CannotChange and refunds.TooMuch."""
    asked = cancel_entry(participant=person, keep_page=keep_page, by=by, refund=refund, reason=reason)
    target = f"participant {person.pk}, {asked.amount_cents if asked else 0} cents go back"
    record_act(request=request, verb="cancelled an entry", target=target, reason=reason)
    return asked


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    person = _entrant(pk)
    if person.status != Participant.Status.ACTIVE:
        messages.error(request, _("%(name)s has no place any more. Nothing was done.") % {"name": person.name})
        return redirect("desk_registration", person.registration_id)
    said, by_dates = consequences(person)
    form = CancelEntryForm(fee_left(person), bool(by_dates), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asked = cancel_at_desk(
                request=request,
                person=person,
                by=request.user,
                refund=form.refunds(),
                keep_page=not form.hides(),
                reason=form.cleaned_data["reason"],
            )
        except (CannotChange, refunds.TooMuch) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The entry of %(name)s is cancelled.") % {"name": person.name})
            if asked:
                refunds.send(asked)
                tell(request, asked)
            return redirect("desk_registration", person.registration_id)
    context: dict[str, Any] = {"event": person.registration.event, "form": form, "person": person, "said": said}
    return show(request, "registrations", "cancel_entry", context, 422 if form.errors else 200)
