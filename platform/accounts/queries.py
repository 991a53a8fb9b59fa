"""What a person may do, and which second factors they hold."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, StaffRole, User


def has_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether the person holds at least one of these roles now; asked of the database, so a change counts at once."""
    return user.is_authenticated and StaffRole.objects.filter(user=user, role__in=roles).exists()


def roles_of(user: User) -> frozenset[str]:
    """The roles the person holds now."""
    return frozenset(StaffRole.objects.filter(user=user).values_list("role", flat=True))


def is_guarded(user: User) -> bool:
    """Whether the person may do more than runners and donors: no mail alone opens such an account, or moves it."""
    return user.is_staff or user.is_superuser or StaffRole.objects.filter(user=user).exists()


def charity_slugs(user: User | AnonymousUser) -> frozenset[str]:
    """The slugs of the organizations this person confirms for; empty for everybody else."""
    if not user.is_authenticated:
        return frozenset()
    roles = StaffRole.objects.filter(user=user, role=Role.CHARITY)
    return frozenset(roles.values_list("beneficiary_slug", flat=True))


def authenticator_ids(user: User) -> frozenset[int]:
    """The ids of the person's passkeys, authenticator app and recovery codes; empty means no second factor."""
    return frozenset(Authenticator.objects.filter(user=user).values_list("pk", flat=True))
