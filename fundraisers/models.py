"""A runner's personal page."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from common import clock
from events.models import Event
from teams.models import Team


class Fundraiser(models.Model):
    """The page of one bib. It takes gifts before its owner has ever signed in."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="fundraisers")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="fundraisers"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="fundraisers")
    slug = models.SlugField(max_length=80)
    bib = models.PositiveIntegerField()
    name = models.CharField(max_length=80, help_text="As the runner wants to be called: full name, first name, alias.")
    email = models.EmailField(blank=True, help_text="Where news about gifts goes; never shown.")
    title = models.CharField(max_length=120, blank=True)
    story = models.TextField(blank=True, help_text="Markdown; empty shows the event's default story.")
    goal_cents = models.PositiveBigIntegerField()
    is_hidden = models.BooleanField(default=False, help_text="Gone from every address of ours.")
    is_listed = models.BooleanField(default=True, help_text="On leaderboards, and found by search engines.")
    created_at = models.DateTimeField(default=clock.now)
    # Derived: sums of credits, kept by donations.giving.credits and checked by check_books.
    raised_cents = models.BigIntegerField(default=0, editable=False)
    gift_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="fundraiser_slug"),
            models.UniqueConstraint(fields=["event", "bib"], name="fundraiser_bib"),
        ]
        indexes = [
            models.Index(
                fields=["event", "-raised_cents", "id"],
                condition=models.Q(is_hidden=False, is_listed=True),
                name="fundraiser_rank",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("fundraiser", args=[self.slug])

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def heading(self) -> str:
        return self.title or f"{self.name} runs for a city without trafficking"
