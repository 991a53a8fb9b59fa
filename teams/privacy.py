"""What is kept about who leads a team, and who is invited onto one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from common.privacy import Ending, Kept, Part, Purpose, Room, delete, of_address
from events.services import public_edit
from teams.models import Captain, Invitation, Team

INVITATIONS_KEPT = timedelta(days=90)

TEAM = Purpose(
    Part.RUN,
    gettext_lazy("A team's name, story and photo"),
    gettext_lazy("For the team's page and the leaderboard."),
    gettext_lazy("As long as the site is there: it is the team's."),
    gettext_lazy("Everybody"),
)
LEADS = Purpose(
    Part.RUN,
    gettext_lazy("Which teams you lead"),
    gettext_lazy("So that you can look after them."),
    gettext_lazy("Until you hand a team over, or ask us to delete your data."),
    gettext_lazy("The team's other captains, and organizers"),
)
INVITED = Purpose(
    Part.RUN,
    gettext_lazy("The e-mail address of somebody who was invited onto a team"),
    gettext_lazy("So that the link in the mail works, once."),
    gettext_lazy("90 days."),
    gettext_lazy("The team's captains"),
)


def _end_captaincies(captains: Sequence[Any]) -> None:
    """The next captain of the team, if there is one, is the captain now; otherwise an organizer names one."""
    for captain in captains:
        public_edit(captain.team.event_id)
        captain.delete()
        following = Captain.objects.filter(team=captain.team).first()
        if captain.is_first and following:
            Captain.objects.filter(pk=following.pk).update(is_first=True)


def _old_invitations(now: datetime) -> "QuerySet[Invitation]":
    return Invitation.objects.filter(created_at__lt=now - INVITATIONS_KEPT)


ROOM = Room(
    kept=(
        Kept(TEAM, Team, ("slug", "name", "skeleton", "story", "photo")),
        Kept(
            LEADS,
            Captain,
            (),
            lambda email: of_address(Captain.objects.select_related("team"), email, "user__email"),
            _end_captaincies,
            also_told=("team",),
        ),
        Kept(
            INVITED,
            Invitation,
            ("email", "nonce"),
            lambda email: of_address(Invitation.objects.all(), email, "email"),
            delete,
            also_told=("team", "created_at", "accepted_at"),
            untold=("nonce",),
        ),
    ),
    not_personal="TeamGroup.slug TeamGroup.name Team.link_token",
    endings=(Ending(gettext_lazy("invitations onto teams"), _old_invitations, delete),),
)
