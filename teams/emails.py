"""Mails about teams, queued in the transaction of what they report."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.models import OutboxMail, Topic
from teams.models import Invitation, Team


def invitation(invitation: Invitation, team: Team, inviter: str) -> OutboxMail:
    mail = _mail(
        key=f"invitation:{invitation.pk}:{invitation.nonce}",
        to=invitation.email,
        team=team,
        subject=_("%(name)s invites you to run with %(team)s") % {"name": inviter, "team": team.name},
        text=[
            _("The team runs at %(event)s. Everything that is given goes to the organizations, to the cent.")
            % {"event": team.event.name},
            _("The link is yours alone. It works once, for 30 days."),
        ],
        link=(_("See the invitation"), ""),
        why=_("You get this because a captain of the team wrote your address. We keep it for this invitation only."),
        topic=Topic.TEAMS,
    )
    # Signed when it is sent: the link itself is kept nowhere.
    mail.context |= {"team_slug": team.slug, "invitation_token": [invitation.pk, invitation.nonce]}
    return mail


def request_arrived(team: Team, to: str, runner: str, once: str) -> OutboxMail:
    return _mail(
        key=f"join_request:{once}",
        to=to,
        team=team,
        subject=_("%(name)s wants to join %(team)s") % {"name": runner, "team": team.name},
        text=[_("Say yes or no when you have a minute. Until then nothing changes for either of you.")],
        link=(_("Answer"), settings.SITE_URL + reverse("my_team", args=[team.slug])),
        why=_("You get this because you lead the team."),
        topic=Topic.TEAMS,
    )


def approved(team: Team, to: str, runner: str, request_pk: int) -> OutboxMail:
    return _mail(
        key=f"join_approved:{request_pk}",
        to=to,
        team=team,
        subject=_("%(name)s is on %(team)s now") % {"name": runner, "team": team.name},
        text=[_("Gifts to the page count for the team, too, from now on. Earlier ones stay where they were counted.")],
        link=(_("See the team"), settings.SITE_URL + team.get_absolute_url()),
        why=_("You get this because you asked to join."),
    )


def declined(team: Team, to: str, runner: str, request_pk: int) -> OutboxMail:
    return _mail(
        key=f"join_declined:{request_pk}",
        to=to,
        team=team,
        subject=_("About %(team)s") % {"team": team.name},
        text=[
            _("The captains of %(team)s could not take %(name)s on. Nothing else has changed.")
            % {"name": runner, "team": team.name},
            _("The page takes gifts as before. There are other teams, and you can start one yourself."),
        ],
        link=(_("See all teams"), settings.SITE_URL + reverse("teams")),
        why=_("You get this because you asked to join."),
    )


def removed(team: Team, to: str, runner: str, edit: int) -> OutboxMail:
    """`edit` is the number of the public edit that did it: a page can leave a team more than once."""
    return _mail(
        key=f"team_removed:{team.pk}:{edit}",
        to=to,
        team=team,
        subject=_("%(name)s runs without %(team)s now") % {"name": runner, "team": team.name},
        text=[
            _("A captain took %(name)s off the team. The page, its gifts and its total stay as they are.")
            % {"name": runner},
            _("What was given so far stays counted for the team. What comes from now on goes where the page goes."),
        ],
        link=(_("See all teams"), settings.SITE_URL + reverse("teams")),
        why=_("You get this because the page is yours."),
    )


def made_captain(team: Team, to: str, edit: int) -> OutboxMail:
    return _mail(
        key=f"team_captain:{team.pk}:{edit}",
        to=to,
        team=team,
        subject=_("You lead %(team)s now") % {"team": team.name},
        text=[_("You can change the team's page, invite runners, answer requests and name co-captains.")],
        link=(_("Lead the team"), settings.SITE_URL + reverse("my_team", args=[team.slug])),
        why=_("You get this because the team was handed to you."),
    )


def _mail(
    *,
    key: str,
    to: str,
    team: Team,
    subject: str,
    text: list[str],
    link: tuple[str, str],
    why: str,
    topic: Topic | None = None,
) -> OutboxMail:
    label, url = link
    return OutboxMail(
        key=key,
        to=to,
        event=team.event,
        subject=subject,
        topic=topic or "",
        template="email/team",
        context={"heading": subject, "text": text, "label": label, "url": url, "why": why},
    )
