"""Screens that show the race to a crowd: each has an address of its own, which opens nothing else."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock


class Screen(models.Model):
    """A screen at the race. Whoever has its address may look, until it is switched off."""

    class Invites(models.TextChoices):
        GIVE = "give", _("To give")
        REGISTER = "register", _("To register")

    name = models.CharField(max_length=60)
    place = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, help_text="Of what its address carries; it is kept nowhere.")
    invites = models.CharField(max_length=8, choices=Invites, default=Invites.GIVE, help_text="Where its code leads.")
    shows_thanks = models.BooleanField(default=False, help_text="The words in which runners thank their givers.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
