"""Moving gifts that were given already: one, or all of a page since a day. Undone by moving back."""

from datetime import datetime, time

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role, User
from accounts.services import record_act
from common.money import dollars
from desk.forms import ReasonForm
from desk.shell import show
from donations.giving import moves
from donations.giving.models import Credit, Donation
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team

OFF = {"autocomplete": "off"}


class TeamNameField(forms.CharField):
    """A team of the event by its name or address; empty is no team. `event` is set by the form."""

    event: Event

    def to_python(self, value: object) -> Team | None:  # type: ignore[override]
        name = str(value or "").strip()
        if not name:
            return None
        found = Team.objects.filter(Q(name__iexact=name) | Q(slug=name), event=self.event).first()
        if found is None:
            raise forms.ValidationError(_("There is no team of this name. Enter it as it stands in the list of teams."))
        return found

    def run_validators(self, value: object) -> None:
        """A team is no text to be measured."""


class MoveForm(ReasonForm):
    field_order = ("page", "team", "reason")
    page = forms.IntegerField(
        label=gettext_lazy("Bib number of the page"),
        help_text=gettext_lazy("Empty: no page."),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **OFF}),
    )
    team = TeamNameField(
        label=gettext_lazy("Team that it counts for"),
        help_text=gettext_lazy("Its name. Empty: no team."),
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )

    def __init__(self, item: Donation, data: QueryDict | None = None, **initial: object) -> None:
        super().__init__(data, initial=initial)
        self.event = item.event
        self.fields["team"].event = item.event  # type: ignore[attr-defined]

    def clean_page(self) -> Fundraiser | None:
        bib = self.cleaned_data["page"]
        if bib is None:
            return None
        page = Fundraiser.objects.filter(event=self.event, bib=bib).first()
        if page is None:
            raise forms.ValidationError(_("There is no page with this bib number."))
        return page


class MoveAllForm(ReasonForm):
    """Asked twice: the dry run puts what it found into `gifts` and `cents`, and only then something is moved."""

    field_order = ("team", "since", "reason")
    team = TeamNameField(
        label=gettext_lazy("Team that the gifts shall count for"),
        help_text=gettext_lazy("Its name. Empty: no team."),
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    since = forms.DateField(
        label=gettext_lazy("Gifts received from this day on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the first day whose gifts shall be moved."),
            "invalid": gettext_lazy("Enter a day like 2027-03-14."),
        },
    )
    gifts = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    cents = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, event: Event, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.event = event
        self.fields["team"].event = event  # type: ignore[attr-defined]

    def since_moment(self) -> datetime:
        """The beginning of the day by the event's own calendar."""
        return datetime.combine(self.cleaned_data["since"], time.min, self.event.zone)


@transaction.atomic
def move(
    *, request: HttpRequest, by: User, donation: Donation, page: Fundraiser | None, team: Team | None, reason: str
) -> None:
    """Raises moves.Refused."""
    moves.move_gift(donation=donation, fundraiser=page, team=team, by=by, reason=reason)
    was = _place(donation.fundraiser, donation.team)
    target = f"gift {donation.pk}: from {was} to {_place(page, team)}"
    record_act(request=request, verb="moved a gift", target=target[:200], reason=reason)


@transaction.atomic
def move_all(
    *,
    request: HttpRequest,
    by: User,
    page: Fundraiser,
    since: datetime,
    team: Team | None,
    seen: tuple[int, int],
    reason: str,
) -> moves.Plan:
    """Raises moves.Refused."""
    plan = moves.move_gifts_of_page(page=page, since=since, team=team, seen=seen, by=by, reason=reason)
    was = ", ".join(f"{each.slug if each else 'no team'} {cents} cents" for each, _gifts, cents in plan.teams)
    target = f"bib {page.bib}, {plan.gifts} gifts since {since:%Y-%m-%d}, to {team.slug if team else 'no team'}: {was}"
    record_act(request=request, verb="moved gifts of a page", target=target[:200], reason=reason)
    return plan


def _place(page: Fundraiser | None, team: Team | None) -> str:
    parts = [f"bib {page.bib}" if page else "", f"team {team.slug}" if team else ""]
    return ", ".join(part for part in parts if part) or "the event"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def move_gift(request: SignedInRequest, pk: int) -> HttpResponse:
    gifts = Donation.objects.filter(kind=Donation.Kind.GIFT).select_related("payment", "event", "fundraiser", "team")
    item = get_object_or_404(gifts, pk=pk)
    now = {"page": item.fundraiser.bib if item.fundraiser else "", "team": item.team.name if item.team else ""}
    form = MoveForm(item, request.POST if request.method == "POST" else None, **now)
    if form.is_valid():
        data = form.cleaned_data
        try:
            move(
                request=request,
                by=request.user,
                donation=item,
                page=data["page"],
                team=data["team"],
                reason=data["reason"],
            )
        except moves.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The gift is moved. Moving it back undoes it."))
            return redirect("desk_gift", pk)
    moved = item.credits.filter(reason=Credit.Reason.MOVED).select_related("fundraiser", "team", "by").order_by("pk")
    context = {"event": item.event, "donation": item, "form": form, "moved": moved}
    return show(request, "gifts", "move_gift", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def move_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """First says what would be moved; moves it when the same is sent again with what was said."""
    page = get_object_or_404(Fundraiser.objects.select_related("event", "team"), pk=pk, event__is_current=True)
    form = MoveAllForm(page.event, request.POST if request.method == "POST" else None)
    plan: moves.Plan | None = None
    if form.is_valid():
        data, since = form.cleaned_data, form.since_moment()
        if data["gifts"] is None or data["cents"] is None:
            plan = moves.plan_move(page, since, data["team"])
        else:
            try:
                done = move_all(
                    request=request,
                    by=request.user,
                    page=page,
                    since=since,
                    team=data["team"],
                    seen=(data["gifts"], data["cents"]),
                    reason=data["reason"],
                )
            except moves.Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                said = _("%(gifts)s gifts, %(sum)s, were moved.") % {"gifts": done.gifts, "sum": dollars(done.cents)}
                messages.success(request, said)
                return redirect("desk_runners")
    context = {"event": page.event, "page": page, "form": form, "plan": plan}
    return show(request, "runners", "move_page", context, 422 if form.errors else 200)
