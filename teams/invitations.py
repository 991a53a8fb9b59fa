"""Inviting to a team: by a link that anybody may pass on, and by e-mail to one address."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from outreach.services import queue
from outreach.tokens import Expired, carried_by
from teams import emails
from teams.models import Invitation, Team
from teams.services import Refused

# So many strangers may be written to in a day, by one team and by one person.
A_DAY = 200
LIFE = timedelta(days=30)
# Nobody gets the same invitation twice within this time.
QUIET = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of a list of addresses."""

    sent: int
    skipped: int


@transaction.atomic
def invite(*, team: Team, addresses: Sequence[str], by: User, inviter: str) -> Invited:
    """Sends each address a link of its own, which works once, for 30 days. `inviter` is the name it is sent under.

    Who has accepted, or was invited within the last day, is left in peace. Raises Refused when that would be more
    mails than a team or a person may cause in a day; none is sent then.
    """
    now = clock.now()
    # One at a time for a team, so that two presses cannot both stay below the limit.
    Team.objects.select_for_update().get(pk=team.pk)
    known = {each.email: each for each in Invitation.objects.filter(team=team, email__in=addresses)}
    due = [
        address
        for address in addresses
        if not (old := known.get(address)) or (old.accepted_at is None and old.created_at <= now - QUIET)
    ]
    if len(due) > A_DAY - sent_today(team=team, by=by):
        raise Refused(
            _("%(limit)s invitations a day is the most. None was sent; send fewer, or pass the link on.")
            % {"limit": A_DAY}
        )
    for address in due:
        fresh = {"nonce": secrets.token_hex(8), "by": by, "created_at": now}
        invitation, _made = Invitation.objects.update_or_create(team=team, email=address, defaults=fresh)
        queue([emails.invitation(invitation, team, inviter)])
    return Invited(len(due), len(addresses) - len(due))


def sent_today(*, team: Team, by: User) -> int:
    recent = Invitation.objects.filter(created_at__gt=clock.now() - timedelta(days=1))
    return recent.filter(Q(team=team) | Q(by=by)).count()


def invitation_of(team: Team, token: str) -> Invitation:
    """The invitation that the link from a mail opens.

    Raises Http404 for a token that is none of ours, of this team or was sent anew since, and Expired for one that is
    older than 30 days or was used.
    """
    number, nonce = carried_by("invitation_token", token, LIFE)
    invitation = get_object_or_404(Invitation, team=team, pk=number, nonce=nonce)
    if invitation.accepted_at:
        raise Expired
    return invitation


def invitation_to(team: Team, email: str) -> Invitation | None:
    """The invitation that waits for this address."""
    return waiting(team).filter(email=email.lower()).first()


def is_link_of(team: Team, token: str) -> bool:
    """Whether this is the token of the team's link, as it is now."""
    return bool(team.link_token) and constant_time_compare(team.link_token, token)


def waiting(team: Team) -> QuerySet[Invitation]:
    """Invitations whose links still work, newest first."""
    return team.invitations.filter(accepted_at=None, created_at__gt=clock.now() - LIFE)


def accept(invitation: Invitation) -> bool:
    """Uses an invitation up. False when it was used meanwhile, or sent anew."""
    mine = Invitation.objects.filter(pk=invitation.pk, nonce=invitation.nonce, accepted_at=None)
    return bool(mine.update(accepted_at=clock.now()))


def renew_link(*, team: Team) -> None:
    """A new link that lets its reader join; the one before opens nothing any more."""
    Team.objects.filter(pk=team.pk).update(link_token=secrets.token_urlsafe(24))


def withdraw_link(*, team: Team) -> None:
    Team.objects.filter(pk=team.pk).update(link_token="")
