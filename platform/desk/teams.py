"""Teams at the desk: found, hidden and shown, put into groups, given a captain."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.redirects import local_path
from accounts.services import record_act
from common.text import one_line
from desk.forms import HideForm, SearchForm
from desk.shell import STAFF, page_of, show
from desk.undo import offered
from events.models import Event
from events.queries import current_event
from fundraisers.membership import person_of
from fundraisers.models import Fundraiser
from fundraisers.team_queries import leaders_of, members_of, sources_of
from teams.models import Team, TeamGroup
from teams.queries import groups_of
from teams.services import Refused, assign_group, create_group, hand_over, set_team_hidden


class LeadForm(forms.Form):
    """Which group a team belongs to, and who shall be its captain: nobody chosen leaves that as it is."""

    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"), queryset=TeamGroup.objects.none(), required=False, empty_label=gettext_lazy("None")
    )
    captain = forms.ModelChoiceField(
        label=gettext_lazy("New captain"),
        help_text=gettext_lazy("A runner of the team. Who is captain now stays co-captain."),
        queryset=Fundraiser.objects.none(),
        required=False,
        empty_label=gettext_lazy("Leave it as it is"),
    )

    def __init__(self, team: Team, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"group": team.group_id})
        self.fields["group"].queryset = TeamGroup.objects.filter(event=team.event)  # type: ignore[attr-defined]
        reachable = members_of(team).exclude(owner=None, email="")
        self.fields["captain"].queryset = reachable  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the company, school or church"),
        max_length=80,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Enter the name of the group.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@transaction.atomic
def hide(*, request: HttpRequest, team: Team, hidden: bool) -> None:
    set_team_hidden(team=team, hidden=hidden)
    record_act(request=request, verb="hid a team" if hidden else "showed a team", target=f"team {team.slug}")


@transaction.atomic
def lead(*, request: HttpRequest, team: Team, group: TeamGroup | None, captain: Fundraiser | None) -> None:
    if group != team.group:
        assign_group(team=team, group=group)
        target = f"team {team.slug}: {group.slug if group else 'none'}"
        record_act(request=request, verb="put a team into a group", target=target)
    if captain and (person := person_of(captain)):
        hand_over(team=team, to=person)
        record_act(request=request, verb="named a captain", target=f"team {team.slug}: bib {captain.bib}")


@transaction.atomic
def make_group(*, request: HttpRequest, event: Event, name: str) -> TeamGroup:
    """Raises Refused when there is one of this name."""
    group = create_group(event=event, name=name)
    record_act(request=request, verb="made a group of teams", target=f"group {group.slug}")
    return group


@require_safe
@desk_view(*STAFF)
def teams(request: SignedInRequest) -> HttpResponse:
    event, query = current_event(), SearchForm(request.GET).query()
    found = Team.objects.filter(event=event).select_related("group").order_by("-pk")
    if query:
        found = found.filter(Q(name__icontains=query) | Q(group__name__icontains=query))
    context = {"event": event, "page_obj": page_of(request, found), "query": query}
    return show(request, "teams", "teams", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def team(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Team.objects.select_related("event", "group"), pk=pk, event__is_current=True)
    form = LeadForm(shown, request.POST if request.method == "POST" else None)
    if form.is_valid():
        lead(request=request, team=shown, group=form.cleaned_data["group"], captain=form.cleaned_data["captain"])
        messages.success(request, _("The team is changed."))
        return redirect("desk_team", pk)
    context: dict[str, Any] = {
        "event": shown.event,
        "team": shown,
        "form": form,
        "leaders": leaders_of(shown),
        "sources": sources_of(shown),
        "page_obj": page_of(request, members_of(shown)),
    }
    return show(request, "teams", "team", context, 422 if form.errors else 200)


@require_POST
@desk_view(Role.ORGANIZER, Role.MODERATOR)
def hide_team(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hides a team, or shows it again: `hidden` says which."""
    shown = get_object_or_404(Team, pk=pk, event=current_event())
    form = HideForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say whether to hide or to show. Nothing was done."))
    hidden = form.cleaned_data["hidden"]
    said = _("%(team)s is hidden.") if hidden else _("%(team)s can be seen again.")
    with offered(request, "team", shown.pk, said % {"team": shown.name}):
        hide(request=request, team=shown, hidden=hidden)
    return redirect(local_path(request.POST.get("next"), reverse("desk_teams")))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def groups(request: SignedInRequest) -> HttpResponse:
    event, form = current_event(), GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            make_group(request=request, event=event, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The group is there."))
            return redirect("desk_groups")
    context = {"event": event, "form": form, "page_obj": page_of(request, groups_of(event))}
    return show(request, "teams", "groups", context, 422 if form.errors else 200)
