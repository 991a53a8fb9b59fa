"""Starting a team, coming onto one and leaving it: what a runner does. What a captain does is in captain_views."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest
from accounts.models import User
from events.queries import current_event
from fundraisers import membership
from fundraisers.models import Fundraiser
from fundraisers.queries import fundraisers_of
from fundraisers.team_forms import PageForm, StartForm
from fundraisers.team_queries import counted_for, pages_to_join, pages_to_leave
from outreach.tokens import Expired
from teams.invitations import invitation_of, is_link_of
from teams.models import Invitation, Team
from teams.queries import public_team
from teams.services import Refused


@dataclass(frozen=True, slots=True)
class Way:
    """How a reader of this address comes onto the team."""

    team: Team
    invitation: Invitation | None = None
    at_once: bool = False
    is_over: bool = False

    @property
    def may_ask(self) -> bool:
        return self.team.joining == Team.Joining.APPROVED

    @property
    def is_open(self) -> bool:
        return self.at_once or self.may_ask

    def is_for(self, user: User) -> bool:
        """An invitation by e-mail is for that address alone: a link is there to be passed on."""
        return self.invitation is None or self.invitation.email == user.email.lower()


def join(request: HttpRequest, slug: str) -> HttpResponse:
    team = public_team(current_event(), slug)
    return _join(request, Way(team, at_once=team.joining == Team.Joining.OPEN))


def invited(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The same by a link: the team's own, or one of an invitation that was mailed."""
    team = public_team(current_event(), slug)
    if is_link_of(team, token):
        return _join(request, Way(team, at_once=True))
    try:
        return _join(request, Way(team, invitation=invitation_of(team, token), at_once=True))
    except Expired:
        return _join(request, Way(team, at_once=team.joining == Team.Joining.OPEN, is_over=True))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _join(request: HttpRequest, way: Way) -> HttpResponse:
    """Says what joining does, and does it for whoever is signed in and has a page."""
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST" and user is None:
        return redirect_to_login(request.get_full_path())
    pages = pages_to_join(user, way.team) if user and way.is_open and way.is_for(user) else []
    form = PageForm(pages, request.POST if request.method == "POST" and pages else None)
    if form.is_valid():
        page = form.cleaned_data["page"]
        try:
            if way.at_once:
                membership.join(page=page, team=way.team, invitation=way.invitation)
            else:
                membership.ask_to_join(page=page, team=way.team)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(page, way))
            return redirect("me")
    context = {
        "event": way.team.event,
        "team": way.team,
        "way": way,
        "form": form,
        "person": user,
        "is_for_me": user is None or way.is_for(user),
        "on_team": pages_to_leave(user, way.team) if user else [],
        "choices": [(page, counted_for(page, page.team) if page.team else 0) for page in pages],
    }
    response = render(request, "team_join.html", context, status=422 if request.method == "POST" else 200)
    # The address may hold an invitation: no other site hears of it. ("no-referrer" would take the form's origin away.)
    response["Referrer-Policy"] = "same-origin"
    return response


def _said(page: Fundraiser, way: Way) -> str:
    words = {"name": page.first_name, "team": way.team.name}
    if way.at_once:
        return _("%(name)s runs with %(team)s now.") % words
    return _("We told the captains of %(team)s that %(name)s wants to join. You get a mail when they answer.") % words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Takes one of the person's pages off the team, or its request back. Without such a page there is nothing here."""
    team = public_team(current_event(), slug)
    pages = pages_to_leave(request.user, team)
    if not pages:
        return redirect("me")
    form = PageForm(pages, request.POST if request.method == "POST" else None)
    if form.is_valid():
        page: Fundraiser = form.cleaned_data["page"]
        words = {"name": page.first_name, "team": team.name}
        if page.team_id == team.pk:
            membership.leave(page=page)
            messages.success(request, _("%(name)s runs without %(team)s now.") % words)
        else:
            membership.withdraw_request(page=page)
            messages.success(request, _("%(name)s does not ask %(team)s any more.") % words)
        return redirect("me")
    choices = [(page, counted_for(page, team)) for page in pages]
    context = {"event": team.event, "team": team, "form": form, "person": request.user, "choices": choices}
    return render(request, "my/team_leave.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: SignedInRequest) -> HttpResponse:
    event, pages = current_event(), list(fundraisers_of(request.user))
    if not pages:
        messages.warning(request, _("A team starts with a runner's page, and there is none with your address yet."))
        return redirect("me")
    form = StartForm(event, pages, request.POST if request.method == "POST" else None)
    if form.is_valid():
        page: Fundraiser = form.cleaned_data["page"]
        page.event = event
        try:
            team = membership.start_team(page=page, captain=request.user, **form.told())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(team)s is there. Now invite the others.") % {"team": team.name})
            return redirect("my_team", team.slug)
    choices = [(page, counted_for(page, page.team) if page.team else 0) for page in pages]
    context = {"event": event, "form": form, "person": request.user, "choices": choices}
    return render(request, "my/team_new.html", context, status=422 if form.errors else 200)
