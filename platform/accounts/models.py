"""People who sign in, what they may do, and the log of what staff did."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        # People sign in by code or passkey. A password, such as `createsuperuser` hands over, would open nothing, and
        # allauth would ask for it.
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the e-mail address is the name."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    ORGANIZER = "organizer", _("Organizer")
    TREASURER = "treasurer", _("Treasurer")
    APPROVER = "approver", _("Approver")
    COORDINATOR = "coordinator", _("Volunteer coordinator")
    MODERATOR = "moderator", _("Moderator")
    CHARITY = "charity", _("Charity")


class StaffRole(models.Model):
    """One thing a person may do at the desk. A charity's role names its organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=12, choices=Role)
    beneficiary_slug = models.SlugField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "beneficiary_slug"], name="role_once"),
            models.CheckConstraint(
                condition=models.Q(role="charity") ^ models.Q(beneficiary_slug=""), name="charity_names_itself"
            ),
        ]


class StaffAct(models.Model):
    """The audit log: every write of staff, who, what, when and from where. Rows are only ever added."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acts")
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]


class ApiToken(models.Model):
    """What lets a person's own programs read what they may see. The token itself is not kept, only its hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at__isnull=True), name="one_live_api_token"
            ),
        ]
