"""Coming onto a team, leaving it, and being taken off it.

A gift keeps the team it was given to: whoever moves takes along the gifts that come from then on, and no others.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import create_person
from common import clock
from events.services import public_edit
from fundraisers.models import Fundraiser, JoinRequest
from outreach.services import queue
from teams import emails
from teams.invitations import accept, invitation_to
from teams.models import Captain, Invitation, Team, TeamGroup
from teams.queries import name_problem, team_that_looks_like
from teams.services import Refused, count_members, create_team


@transaction.atomic
def join(*, page: Fundraiser, team: Team, invitation: Invitation | None = None) -> None:
    """Puts a page onto a team at once; it leaves the one before. An invitation is used up.

    Raises Refused when the invitation was used meanwhile; nothing has changed then.
    """
    moved = public_edit(page.event_id)
    if invitation and not accept(invitation):
        raise Refused(_("This invitation was used meanwhile. Ask a captain for another."))
    _move(page, team, moved)


@transaction.atomic
def ask_to_join(*, page: Fundraiser, team: Team) -> None:
    """Lets the captains decide. A page asks one team at a time, and tells its captains once a day at most."""
    public_edit(page.event_id)
    JoinRequest.objects.filter(fundraiser=page).exclude(team=team).delete()
    _request, new = JoinRequest.objects.get_or_create(fundraiser=page, team=team)
    if new:
        day = clock.now().date()
        queue(
            emails.request_arrived(team, captain.user.email, page.name, f"{team.pk}:{page.pk}:{day}:{captain.pk}")
            for captain in team.captains.select_related("user")
        )


@transaction.atomic
def withdraw_request(*, page: Fundraiser) -> None:
    JoinRequest.objects.filter(fundraiser=page).delete()


@transaction.atomic
def approve(*, request: JoinRequest) -> None:
    """Takes the page onto the team it asked. Raises Refused when the request is gone; nothing has changed then."""
    moved = public_edit(request.team.event_id)
    _answer(request)
    _move(request.fundraiser, request.team, moved)
    if to := address_of(request.fundraiser):
        queue([emails.approved(request.team, to, request.fundraiser.name, request.pk)])


@transaction.atomic
def decline(*, request: JoinRequest) -> None:
    """Says no, kindly. Raises Refused when the request is gone; nothing has changed then."""
    _answer(request)
    if to := address_of(request.fundraiser):
        queue([emails.declined(request.team, to, request.fundraiser.name, request.pk)])


def _answer(request: JoinRequest) -> None:
    gone, _rows = JoinRequest.objects.filter(pk=request.pk, team=request.team).delete()
    if not gone:
        raise Refused(_("This request was answered or taken back meanwhile."))


@transaction.atomic
def leave(*, page: Fundraiser) -> None:
    """The page runs on its own from now on. Who was co-captain with it is none any more; the captain stays captain."""
    _move(page, None, public_edit(page.event_id))


@transaction.atomic
def remove(*, page: Fundraiser, team: Team) -> None:
    """A captain takes a page off the team, and its runner hears of it.

    Raises Refused for the captain's own pages and for a page that is not on the team any more.
    """
    moved = public_edit(team.event_id)
    if not Fundraiser.objects.filter(pk=page.pk, team=team).exists():
        raise Refused(_("This runner has left the team already."))
    if page.owner_id and Captain.objects.filter(team=team, user=page.owner_id, is_first=True).exists():
        raise Refused(_("This page is the captain's. The captaincy has to be handed over first."))
    _move(page, None, moved)
    if to := address_of(page):
        queue([emails.removed(team, to, page.name, moved)])


def _move(page: Fundraiser, team: Team | None, moved: int) -> None:
    """Under the event's lock, which `public_edit` took: what is read here stays so."""
    before = Fundraiser.objects.values_list("team_id", flat=True).get(pk=page.pk)
    JoinRequest.objects.filter(fundraiser=page).delete()
    page.team = team
    page.save(update_fields=["team"])
    count_members([before, page.team_id], moved=moved)
    if before and page.owner_id and not Fundraiser.objects.filter(team=before, owner=page.owner_id).exists():
        Captain.objects.filter(team=before, user=page.owner_id, is_first=False).delete()


@transaction.atomic
def start_team(
    *,
    page: Fundraiser,
    captain: User,
    name: str,
    goal_cents: int | None = None,
    story: str = "",
    joining: str = Team.Joining.OPEN,
    group: TeamGroup | None = None,
) -> Team:
    """A new team with this page on it. The goal is in cents. Raises Refused when the name is taken."""
    team = create_team(
        event=page.event,
        name=name,
        captain=captain,
        goal_cents=goal_cents,
        story=story,
        joining=joining,
        group=group,
    )
    join(page=page, team=team)
    return team


@transaction.atomic
def join_at_registration(*, page: Fundraiser, wish: str) -> None:
    """Puts a new page onto the team its runner named when signing up: by address, by name, or a new one of that name.

    Where captains decide they are asked, unless they invited the page's e-mail address. The runner who names a new
    team leads it. Nothing is raised: a payment is being settled. A name that no team may have makes none.
    """
    team = Team.objects.filter(event=page.event, slug=wish).first() or team_that_looks_like(page.event, wish)
    if team is None:
        if wish and not name_problem(page.event, wish):
            team = create_team(event=page.event, name=wish[:80], captain=person_of(page))
            join(page=page, team=team)
        return
    if team.is_hidden:
        return
    invitation = invitation_to(team, page.email)
    if team.joining == Team.Joining.OPEN or invitation:
        join(page=page, team=team, invitation=invitation)
    else:
        ask_to_join(page=page, team=team)


def person_of(page: Fundraiser) -> User | None:
    """Who leads when this page's runner shall: its owner, or whoever will claim it with its address."""
    return page.owner or (create_person(email=page.email) if page.email else None)


def address_of(page: Fundraiser) -> str:
    """Where the news of a page go; empty where nobody wants any."""
    return page.email or (page.owner.email if page.owner else "")
