"""Teams of runners."""

from django.db import models

from events.models import Event


class Team(models.Model):
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="teams")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    goal_cents = models.PositiveBigIntegerField(default=0)
    # Derived: sums of credits, kept by donations.giving.credits and checked by check_books.
    raised_cents = models.BigIntegerField(default=0, editable=False)
    gift_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="team_slug")]
        indexes = [models.Index(fields=["event", "-raised_cents", "id"], name="team_rank")]

    def __str__(self) -> str:
        return self.name
