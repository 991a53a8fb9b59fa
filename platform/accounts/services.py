"""People and their roles come into being here, and every act of staff is written down."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest

from accounts.models import Role, StaffAct, StaffRole, User
from accounts.queries import authenticator_ids, is_guarded


@transaction.atomic
def create_person(*, email: str, name: str = "") -> User:
    """Find or make the person with this e-mail address, in any case of letters.

    Takes the address and, for a new person, a name (an existing person keeps theirs: whoever registers with the
    address of another must not rename them). Returns the person. A new one has no password and a primary address,
    not yet verified: the first sign-in by code verifies it. Without that row allauth would ask for two codes.
    """
    address = User.objects.normalize_email(email.strip()).lower()
    user, _made = User.objects.get_or_create(email=address, defaults={"name": name, "password": make_password(None)})
    EmailAddress.objects.get_or_create(user=user, email=address, defaults={"primary": True, "verified": False})
    return user


def confirm_address(*, user: User) -> None:
    """The person has just shown that the e-mail address is theirs, by a link that was sent there."""
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


@transaction.atomic
def change_address(*, user: User, email: str) -> None:
    """Gives a person another e-mail address, shown to be theirs, and ends their sessions everywhere."""
    user.email = User.objects.normalize_email(email.strip()).lower()
    # A session goes with the password it began under, also with one that opens nothing.
    user.password = make_password(None)
    user.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def enter_by_link(*, request: HttpRequest, user: User) -> bool:
    """Signs in who has just followed a link from their mail. False, and nobody is signed in, for whom that is not
    enough: staff, who holds a second factor, whose account is closed.
    """
    if is_guarded(user) or authenticator_ids(user) or not user.is_active:
        return False
    login(request, user)
    return True


def grant_role(*, user: User, role: Role, beneficiary_slug: str = "") -> StaffRole:
    """Give the person a role; a charity's role names its organization by slug. Granting twice changes nothing.

    Returns the row. Raises IntegrityError for a charity without a slug or another role with one.
    """
    return StaffRole.objects.get_or_create(user=user, role=role, beneficiary_slug=beneficiary_slug)[0]


def record_act(*, request: HttpRequest, verb: str, target: str, reason: str = "") -> StaffAct:
    """Write down what a signed-in person of staff did: who, what, when and from which address.

    Takes the request, a verb ("disbursement.approve", at most 60 characters), the thing acted on ("batch 12", at most
    200) and the reason the person gave (at most 500). Returns the row; rows are only ever added. Raises
    ValidationError for a text that is too long, and ValueError for an anonymous request. Call it in the transaction
    of the act itself, so that neither can exist without the other.
    """
    if not isinstance(request.user, User):
        raise ValueError("An act needs the person who did it; this request is anonymous.")
    address = get_adapter().get_client_ip(request)
    act = StaffAct(user=request.user, verb=verb, target=target, reason=reason, address=address)
    # SQLite does not hold lengths, PostgreSQL does: check here, so that both refuse alike.
    act.clean_fields(exclude=["user"])
    act.save(force_insert=True)
    return act


def enroll_demo_totp(user: User) -> None:
    """Give a person of the demo an authenticator app, so that the demo's bypass code works for them.

    Does nothing when there is one. Raises ImproperlyConfigured outside the demo.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Only the demo hands out authenticators; here people add their own.")
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())
