"""What is kept about people who sign in, and about what staff did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, StaffAct, User
from common.append_only import with_hole
from common.privacy import Ending, Gone, Kept, Part, Purpose, Room, blank, delete, of_address

ACCOUNT = Purpose(
    Part.YOU,
    gettext_lazy("Your account: e-mail address, name, passkeys, and the hash of a token for your own programs"),
    gettext_lazy("So that you can sign in with a code or a passkey, and nobody else can."),
    gettext_lazy("Until you ask us to delete it. A session ends after two weeks, a code after ten minutes."),
    gettext_lazy("You, and the organizers"),
)
AUDIT = Purpose(
    Part.BOOKS,
    gettext_lazy("What our staff did: who, what, when, and from which network address"),
    gettext_lazy("Everybody who handles other people's money or pages has to answer for it."),
    gettext_lazy("For good. What it says of you is cut out when you ask us to delete your data."),
    gettext_lazy("Organizers and auditors"),
)


def users_of(email: str) -> "QuerySet[User]":
    return of_address(User.objects.all(), email, "email")


def _end_account(users: Sequence[Any]) -> None:
    """The row stays, without the person, since the log names it by its number. Nobody signs in with it."""
    # An exclamation mark is Django's word for a password that opens nothing; a new one ends the sessions of the old.
    blank(
        email=lambda user: f"{user.pk}@erased.invalid",
        name="",
        password=UNUSABLE_PASSWORD_PREFIX,
        is_active=False,
        last_login=None,
    )(users)


def _end_sessions(gone: Gone) -> None:
    """Also of who has just asked for a code: until it is typed, the session holds the address."""
    users = {str(user.pk) for user in gone.of(User)}
    for session in Session.objects.iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") in users or gone.email in str(held).lower():
            session.delete()


def _hindrances(email: str) -> list[str]:
    staff = users_of(email).filter(Q(staff_roles__isnull=False) | Q(is_staff=True) | Q(is_superuser=True))
    if not staff.exists():
        return []
    return [_("The account has a role of our staff. An organizer takes the role away first; then it can be deleted.")]


def _scrub(gone: Gone) -> None:
    """The log keeps who did what and when; what it says of the person gets a hole (docs/decisions/0016)."""
    _end_sessions(gone)
    words = gone.telling_words
    if not words:
        return
    said = Q()
    for word in words:
        said |= Q(target__icontains=word) | Q(reason__icontains=word)
    for act in StaffAct.objects.filter(said):
        left = {"target": with_hole(act.target, words), "reason": with_hole(act.reason, words)}
        StaffAct.objects.filter(pk=act.pk).update(**left)


def _old_sessions(_now: datetime) -> "QuerySet[Session]":
    # Real time, not the demo's: sessions are dated by Django.
    return Session.objects.filter(expire_date__lt=timezone.now())


_BY_USER = "user__email"
ROOM = Room(
    kept=(
        Kept(
            ACCOUNT,
            User,
            ("email", "name", "password"),
            users_of,
            _end_account,
            names=("email", "name"),
            also_told=("date_joined", "last_login"),
            untold=("password",),
        ),
        Kept(
            ACCOUNT,
            EmailAddress,
            ("email",),
            lambda email: of_address(EmailAddress.objects.all(), email, "email", _BY_USER),
            delete,
            names=("email",),
        ),
        Kept(ACCOUNT, EmailConfirmation, ("key",)),
        Kept(
            ACCOUNT,
            Authenticator,
            ("data",),
            lambda email: of_address(Authenticator.objects.all(), email, _BY_USER),
            delete,
            also_told=("type", "created_at", "last_used_at"),
            untold=("data",),
        ),
        Kept(
            ACCOUNT,
            ApiToken,
            ("digest",),
            lambda email: of_address(ApiToken.objects.all(), email, _BY_USER),
            delete,
            also_told=("created_at", "last_used_at", "revoked_at"),
            untold=("digest",),
        ),
        Kept(ACCOUNT, Session, ("session_key", "session_data")),
        Kept(AUDIT, StaffAct, ("target", "reason", "address")),
    ),
    not_personal="StaffAct.verb StaffRole.beneficiary_slug Permission.name Permission.codename Group.name"
    " ContentType.app_label ContentType.model",
    endings=(Ending(gettext_lazy("sessions that are over"), _old_sessions, delete),),
    hindrances=_hindrances,
    scrub=_scrub,
)
