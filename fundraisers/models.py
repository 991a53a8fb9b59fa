"""A runner's personal page, and what hangs on it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Event
from registration.models import Participant
from teams.models import Team


class Fundraiser(models.Model):
    """The page of one bib. It takes gifts before its owner has ever signed in."""

    class HiddenBy(models.TextChoices):
        OWNER = "owner", _("Its owner")
        STAFF = "staff", _("The organizers")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="fundraisers")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="fundraisers"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="fundraisers")
    participant = models.OneToOneField(
        Participant, null=True, blank=True, on_delete=models.PROTECT, related_name="page"
    )
    slug = models.SlugField(max_length=80)
    skeleton = models.CharField(max_length=160, default="", editable=False, help_text="What the address looks like.")
    bib = models.PositiveIntegerField()
    name = models.CharField(max_length=80, help_text="As the runner wants to be called: full name, first name, alias.")
    email = models.EmailField(blank=True, help_text="Where news about gifts goes; never shown.")
    title = models.CharField(max_length=120, blank=True)
    story = models.TextField(blank=True, help_text="Markdown; empty shows the event's default story.")
    goal_cents = models.PositiveBigIntegerField()
    photo = models.CharField(max_length=40, blank=True, help_text="The name of its stored pictures.")
    is_hidden = models.BooleanField(default=False, help_text="Gone from every address of ours.")
    hidden_by = models.CharField(max_length=5, choices=HiddenBy, blank=True)
    is_listed = models.BooleanField(default=True, help_text="On leaderboards, and found by search engines.")
    is_protected = models.BooleanField(
        default=False, help_text="Of a minor or a person at risk: unlisted, no photo, messages are read first."
    )
    claimed_at = models.DateTimeField(null=True, help_text="When its owner first came.")
    created_at = models.DateTimeField(default=clock.now)
    # Derived: sums of credits, kept by donations.giving.credits and checked by check_books.
    raised_cents = models.BigIntegerField(default=0, editable=False)
    gift_count = models.PositiveIntegerField(default=0, editable=False)
    moved = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The edit of the event with which its place on the boards last changed."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="fundraiser_slug"),
            models.UniqueConstraint(fields=["event", "bib"], name="fundraiser_bib"),
            models.CheckConstraint(
                condition=models.Q(is_protected=False) | models.Q(is_listed=False), name="protected_is_unlisted"
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "-raised_cents", "id"],
                condition=models.Q(is_hidden=False, is_listed=True),
                name="fundraiser_rank",
            ),
            models.Index(
                fields=["event", "-gift_count", "id"],
                condition=models.Q(is_hidden=False, is_listed=True),
                name="fundraiser_donors",
            ),
            models.Index(fields=["event", "moved"], name="fundraiser_moved"),
            models.Index(fields=["event", "skeleton"], name="fundraiser_skeleton"),
            # Pages that nobody has claimed, found by whoever signs in with their address.
            models.Index(fields=["email"], condition=models.Q(owner__isnull=True), name="fundraiser_unclaimed"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("fundraiser", args=[self.slug])

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def public_team(self) -> Team | None:
        """The team as strangers may read it; one that was hidden is named nowhere."""
        return None if self.team is None or self.team.is_hidden else self.team

    @property
    def heading(self) -> str:
        return self.title or f"{self.name} runs for a city without trafficking"


class OldSlug(models.Model):
    """An address that a page had: it goes on to the page, or nowhere, and nobody else gets it."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80)
    skeleton = models.CharField(max_length=160, default="", editable=False)
    fundraiser = models.ForeignKey(Fundraiser, on_delete=models.CASCADE, related_name="old_slugs")
    is_dead = models.BooleanField(default=False, help_text="Leads nowhere: who knows it shall not find the page.")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="old_slug_once")]
        indexes = [models.Index(fields=["event", "skeleton"], name="old_slug_skeleton")]


class Update(models.Model):
    """News that a runner posts on the page."""

    fundraiser = models.ForeignKey(Fundraiser, on_delete=models.CASCADE, related_name="updates")
    text = models.TextField(help_text="Markdown.")
    waits = models.BooleanField(default=False, help_text="For a moderator to read it first.")
    is_hidden = models.BooleanField(default=False, help_text="By a moderator.")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]


class Visits(models.Model):
    """How often a page was opened on a day, by the way that led there. No person, no address, no cookie."""

    fundraiser = models.ForeignKey(Fundraiser, on_delete=models.CASCADE, related_name="visits")
    day = models.DateField()
    source = models.CharField(max_length=12)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "source"]
        constraints = [models.UniqueConstraint(fields=["fundraiser", "day", "source"], name="visits_once")]
        # Sums over all pages are read off it.
        indexes = [models.Index(fields=["day", "source", "count"], name="visits_by_day")]


class Report(models.Model):
    """Somebody says that a page is wrong. A person at the desk looks at it."""

    fundraiser = models.ForeignKey(Fundraiser, null=True, on_delete=models.CASCADE, related_name="reports")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=500)
    email = models.EmailField(blank=True, help_text="For an answer, if one is wanted.")
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class EmailChange(models.Model):
    """A person's new e-mail address on its way: the old one is told and can stop it, the new one has to answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    old = models.EmailField()
    new = models.EmailField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Empty: the person."
    )
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(help_text="Not before: until then the old address can stop it.")
    answered_at = models.DateTimeField(null=True, help_text="When the new address answered.")
    # It was done, stopped, or replaced by another.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(closed_at__isnull=True), name="one_open_email_change"
            )
        ]


class JoinRequest(models.Model):
    """A page that wants onto a team whose captains approve."""

    fundraiser = models.OneToOneField(Fundraiser, on_delete=models.CASCADE, related_name="join_request")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="join_requests")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
