"""What captains do: change the team's page, answer requests, invite, take off, share the lead and hand it over.

Each view hands out the team to its captains alone; everybody else gets 404.
"""

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest
from common.images import BadImage
from common.photos import store_photo
from events.queries import lanes
from fundraisers import membership
from fundraisers.forms import HideForm, PhotoForm
from fundraisers.models import JoinRequest
from fundraisers.sharing import team_share_sheet
from fundraisers.team_forms import AnswerForm, CaptainsForm
from fundraisers.team_queries import (
    counted_for,
    leaders_of,
    may_lead,
    members_of,
    name_for_mail,
    requests_of,
)
from fundraisers.uploads import OnePhoto
from teams import invitations, services
from teams.forms import InviteForm, LinkForm, TeamForm
from teams.models import Captain, Team
from teams.queries import is_first_captain, led_team, team_of_captain
from teams.services import Refused

ROWS = 50
UNSAID = gettext_lazy("The form did not say what to do. Nothing was done.")


@never_cache
@require_safe
@login_required
def team(request: SignedInRequest, slug: str) -> HttpResponse:
    led = led_team(request.user, slug)
    if led.is_hidden:
        return _show(request, led, "my/team_hidden.html", {})
    context = {
        "share": team_share_sheet(led, led.event, lanes(led.event)),
        "page_obj": Paginator(members_of(led), ROWS).get_page(request.GET.get("page")),
        "requests": requests_of(led)[:ROWS],
        "captains": [leader.name for leader in leaders_of(led)],
    }
    return _show(request, led, "my/team.html", context)


@never_cache
@require_POST
@login_required
def hide(request: SignedInRequest, slug: str) -> HttpResponse:
    """One press takes the team away, one press brings it back: `hidden` says which."""
    led, form = led_team(request.user, slug), HideForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(UNSAID)
    hidden = form.cleaned_data["hidden"]
    try:
        services.set_team_hidden(team=led, hidden=hidden, by=Team.HiddenBy.CAPTAIN)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The team is hidden. Nobody can see it.") if hidden else _("The team can be seen again.")
        messages.success(request, said)
    return redirect("my_team", led.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    led = team_of_captain(request.user, slug)
    form = TeamForm(led.event, led, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.edit_team(team=led, **form.told())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The team's page is changed."))
            return redirect("my_team", led.slug)
    return _show(request, led, "my/team_edit.html", {"form": form}, 422 if form.errors else 200)


# Django reads the whole form, photo included, to find its token: what takes the photo has to be there before.
@csrf_exempt
def photo(request: HttpRequest, slug: str) -> HttpResponseBase:
    if request.user.is_authenticated:
        request.upload_handlers = [OnePhoto(request)]
    # A stranger gets no further than `login_required`.
    return _photo(cast(SignedInRequest, request), slug)


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def _photo(request: SignedInRequest, slug: str) -> HttpResponse:
    led = team_of_captain(request.user, slug)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "POST" and "remove" in request.POST:
        services.set_team_photo(team=led, name="")
        messages.success(request, _("The photo is gone. The dawn is back."))
        return redirect("my_team", led.slug)
    if form.is_valid():
        try:
            # Drawn anew and kept before the transaction that shows it.
            services.set_team_photo(team=led, name=store_photo(form.cleaned_data["photo"].file, form.crop()))
        except BadImage as error:
            form.add_error("photo", str(error))
        else:
            messages.success(request, _("The photo is on the team's page."))
            return redirect("my_team", led.slug)
    return _show(request, led, "my/team_photo.html", {"form": form}, 422 if form.errors else 200)


@never_cache
@require_POST
@login_required
def answer(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Yes or no to a page that wants onto the team."""
    led = team_of_captain(request.user, slug)
    asked = get_object_or_404(JoinRequest.objects.select_related("fundraiser__owner", "team__event"), team=led, pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(str(UNSAID))
    yes = form.cleaned_data["answer"] == "yes"
    try:
        if yes:
            membership.approve(request=asked)
        else:
            membership.decline(request=asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(name)s is on the team.") if yes else _("%(name)s gets a kind no.")
        messages.success(request, said % {"name": asked.fundraiser.first_name})
    return redirect("my_team", led.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: SignedInRequest, slug: str, bib: int) -> HttpResponse:
    """Takes a member off the team, after saying what becomes of the money."""
    led = team_of_captain(request.user, slug)
    member = get_object_or_404(members_of(led), bib=bib)
    if request.method == "POST":
        try:
            membership.remove(page=member, team=led)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s is off the team.") % {"name": member.first_name})
        return redirect("my_team", led.slug)
    context = {"member": member, "counted_cents": counted_for(member, led)}
    return _show(request, led, "my/team_remove.html", context)


@never_cache
@require_POST
@login_required
def link(request: SignedInRequest, slug: str) -> HttpResponse:
    """The link that lets whoever has it join."""
    led = team_of_captain(request.user, slug)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(str(UNSAID))
    if form.cleaned_data["what"] == "renew":
        invitations.renew_link(team=led)
        messages.success(request, _("There is a new link. An earlier one does not work any more."))
    else:
        invitations.withdraw_link(team=led)
        messages.success(request, _("The link does not work any more."))
    return redirect("my_team_invite", led.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: SignedInRequest, slug: str) -> HttpResponse:
    led, status = team_of_captain(request.user, slug), 200
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = invitations.invite(
                team=led,
                addresses=form.cleaned_data["addresses"],
                by=request.user,
                inviter=name_for_mail(led, request.user),
            )
        except Refused as refusal:
            form.add_error("addresses", str(refusal))
        else:
            messages.success(request, _said(done))
            return redirect("my_team_invite", led.slug)
    if form.errors:
        status = 422
    waiting = Paginator(invitations.waiting(led), ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": waiting, "life_days": invitations.LIFE.days}
    return _show(request, led, "my/team_invite.html", context, status)


def _said(done: invitations.Invited) -> str:
    said = _("Invitations on their way: %(sent)s.") % {"sent": done.sent}
    if done.skipped:
        said += " " + _("Left in peace, since they were invited within a day or are here already: %(skipped)s.") % {
            "skipped": done.skipped
        }
    return said


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def captains(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who leads: co-captains come and go, and the captain hands over."""
    led = team_of_captain(request.user, slug)
    candidates, others = may_lead(led), Captain.objects.filter(team=led, is_first=False).select_related("user")
    first = is_first_captain(led, request.user)
    form = CaptainsForm(candidates, others, first, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _lead(led, form)
        messages.success(request, _("It is done."))
        still = Captain.objects.filter(team=led, user=request.user).exists()
        return redirect("my_team_captains", led.slug) if still else redirect("me")
    named = Paginator(candidates, ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "captains": leaders_of(led), "page_obj": named, "is_first": first}
    return _show(request, led, "my/team_captains.html", context, 422 if form.errors else 200)


def _lead(led: Team, form: CaptainsForm) -> None:
    data = form.cleaned_data
    if data["what"] == CaptainsForm.ADD:
        services.add_captain(team=led, user=data["member"].owner)
    elif data["what"] == CaptainsForm.REMOVE:
        services.remove_captain(team=led, user=data["captain"].user)
    else:
        services.hand_over(team=led, to=data["captain"].user)


def _show(
    request: SignedInRequest, led: Team, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    shown = {"event": led.event, "team": led, "person": request.user, **context}
    return render(request, template, shown, status=status)
