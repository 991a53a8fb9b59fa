"""Teams of runners, who leads them, and how one comes onto them."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Event


class TeamGroup(models.Model):
    """A company, a school or a church that groups teams: one level, no more."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="team_groups")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="team_group_slug")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team_group", args=[self.slug])


class Team(models.Model):
    class HiddenBy(models.TextChoices):
        CAPTAIN = "captain", _("A captain")
        STAFF = "staff", _("The organizers")

    class Joining(models.TextChoices):
        OPEN = "open", _("Whoever wants to")
        APPROVED = "approved", _("Whom a captain approves")
        INVITED = "invited", _("Whom a captain invites")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="teams")
    group = models.ForeignKey(TeamGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="teams")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    skeleton = models.CharField(
        max_length=160, default="", editable=False, help_text="What the name looks like: common.lookalikes."
    )
    story = models.TextField(blank=True, help_text="Markdown.")
    goal_cents = models.PositiveBigIntegerField(default=0)
    photo = models.CharField(max_length=40, blank=True, help_text="The name of its stored pictures.")
    joining = models.CharField(max_length=8, choices=Joining, default=Joining.OPEN)
    # Whoever has the link may join, whatever the way of joining; a new one makes the old one void. Empty: no link.
    link_token = models.CharField(max_length=40, blank=True, editable=False)
    is_hidden = models.BooleanField(default=False, help_text="Gone from every address of ours.")
    hidden_by = models.CharField(max_length=7, choices=HiddenBy, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Derived: sums of credits, kept by donations.giving.credits and checked by check_books.
    raised_cents = models.BigIntegerField(default=0, editable=False)
    gift_count = models.PositiveIntegerField(default=0, editable=False)
    # Derived: pages on the team that are not hidden, kept by count_members and checked by check_books.
    member_count = models.PositiveIntegerField(default=0, editable=False)
    average_cents = models.GeneratedField(
        expression=F("raised_cents") / Greatest("member_count", 1),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    moved = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The edit of the event with which its place on the boards last changed."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="team_slug")]
        indexes = [
            models.Index(fields=["event", "-raised_cents", "id"], name="team_rank"),
            models.Index(fields=["event", "-average_cents", "id"], name="team_average"),
            models.Index(fields=["event", "moved"], name="team_moved"),
            models.Index(fields=["event", "skeleton"], name="team_skeleton"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team", args=[self.slug])


class Captain(models.Model):
    """Who leads a team. One is the captain, the others are co-captains and may do the same, but not hand it over."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="captains")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="captaincies")
    is_first = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_first", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="captain_once"),
            models.UniqueConstraint(fields=["team"], condition=models.Q(is_first=True), name="one_first_captain"),
        ]


class Invitation(models.Model):
    """An invitation by e-mail. The link in the mail is signed; nothing kept here opens the team (outreach.tokens)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(help_text="In small letters.")
    nonce = models.CharField(max_length=16, help_text="New with each mail: the link in the one before is void then.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["team", "email"], name="invited_once")]
