"""An event, the organizations it raises money for, and the campaign's own content. All of it comes from a file."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock


class Event(models.Model):
    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Takes place")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    class LegalMode(models.TextChoices):
        """What a receipt is before the law: decided by who receives the payments (docs/books.md)."""

        CHARITY = "charity", _("A charity that gifts are deductible to")
        NOT_CHARITY = "not_charity", _("Not a charity")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    timezone = models.CharField(max_length=64)
    venue = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    city = models.CharField(max_length=80)
    goal_cents = models.PositiveBigIntegerField()
    presets_cents = models.JSONField(default=list, help_text="The amounts the give form offers, in cents.")
    default_story = models.TextField(help_text="What a page says until its runner writes something, Markdown.")
    default_goal_cents = models.PositiveBigIntegerField()
    hotlines = models.JSONField(default=list, help_text="Help for people in danger: name, call, text, url.")
    exit_url = models.URLField(
        default="https://www.weather.gov/",
        help_text="Where leaving quickly leads: a page of everyday, the same for everybody, that asks for nothing.",
    )
    legal_name = models.CharField(max_length=120, help_text="Who runs the event and receives the payments.")
    contact_email = models.EmailField(help_text="Where donors and runners write to.")
    postal_address = models.CharField(
        max_length=200,
        blank=True,
        help_text="The sender's own, on one line: without it no newsletter goes out (CAN-SPAM).",
    )
    legal_mode = models.CharField(max_length=11, choices=LegalMode, default=LegalMode.NOT_CHARITY)
    ein = models.CharField(
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"\A\d{2}-\d{7}\Z", "An EIN is written like 12-3456789.")],
        help_text="Of a charity: its number at the IRS, which its receipts name.",
    )
    legal_note = models.TextField(blank=True, help_text="What receipts say beside the words of the legal mode.")
    terms = models.TextField(blank=True, help_text="What holds for gifts and entries, Markdown.")
    refund_policy = models.TextField(blank=True, help_text="When money goes back, Markdown.")
    statement_descriptor = models.CharField(max_length=22, help_text="How the payment appears on a card statement.")
    # The rules of entries, each counted back from the start.
    entry_close_hours = models.PositiveSmallIntegerField(default=0, help_text="Online sign-up closes then.")
    refund_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Entries are refunded until then; empty: never."
    )
    transfer_days = models.PositiveSmallIntegerField(default=0, help_text="A place can be handed on until then.")
    shirt_sizes = models.JSONField(default=list, help_text="Empty: no shirts.")
    # Set at the desk: what becomes of the race, and what people are told about it.
    state = models.CharField(max_length=9, choices=State, default=State.SCHEDULED, editable=False)
    state_note = models.TextField(blank=True, editable=False)
    # Of a race that was postponed: its new date, to which the file's gives way, and until when fees go back.
    moved_to = models.DateTimeField(null=True, editable=False)
    refunds_until = models.DateTimeField(null=True, editable=False)
    ledger_code = models.SlugField(default="main", help_text="The ledger that keeps this event's money.")
    # The version of the home page that everybody sees (docs/decisions/0017).
    home = models.ForeignKey("HomeVersion", null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    # Moved with every change of what the public sees; kept pages and the leaderboards go by it.
    edits = models.PositiveBigIntegerField(default=0, editable=False)
    is_current = models.BooleanField(default=False, help_text="Shown on the home page.")
    # Derived: the sum of the credits of all gifts, kept by donations.giving.credits and checked by check_books.
    raised_cents = models.BigIntegerField(default=0, editable=False)
    gift_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_event"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.legal_mode == self.LegalMode.CHARITY and not self.ein:
            raise ValidationError({"ein": "The receipts of a charity name its EIN."})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Beneficiary(models.Model):
    """An organization that the event's proceeds go to; its place is its lane's colour everywhere."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="beneficiaries")
    slug = models.SlugField()
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=200)
    url = models.URLField(blank=True)
    weight = models.PositiveIntegerField(default=1)
    place = models.PositiveSmallIntegerField(help_text="Order of the lanes, from 0.")

    class Meta:
        ordering = ["event_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="beneficiary_slug"),
            models.UniqueConstraint(fields=["event", "place"], name="beneficiary_place"),
        ]

    def __str__(self) -> str:
        return self.name


class Sponsor(models.Model):
    """Who pays the card fees; shown with consent only."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="sponsors")
    name = models.CharField(max_length=80)
    url = models.URLField(blank=True)
    logo = models.CharField(max_length=32, blank=True, editable=False, help_text="The name of its kept pictures.")
    consent = models.BooleanField(default=False, help_text="May we name them in public?")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "name"]

    def __str__(self) -> str:
        return self.name


class EntryOption(models.Model):
    """A way to take part, with its price by date."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="options")
    slug = models.SlugField()
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=200)
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Places; empty: no limit.")
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    fair_value_cents = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What a runner gets for the fee, estimated in good faith. A charity says it."
    )
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="option_slug")]

    def __str__(self) -> str:
        return self.name


class PriceTier(models.Model):
    option = models.ForeignKey(EntryOption, on_delete=models.CASCADE, related_name="tiers")
    cents = models.PositiveBigIntegerField()
    until = models.DateTimeField(help_text="The last moment at which this price holds.")

    class Meta:
        ordering = ["until"]


class Waiver(models.Model):
    """A version of the text that participants sign. Versions are only ever added; the hash names the exact text."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="waivers")
    version = models.PositiveSmallIntegerField()
    text = models.TextField(help_text="Markdown.")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["event", "version"], name="waiver_version")]


class HomeVersion(models.Model):
    """What the home page says: its sections, figures and questions (events.home). Versions are only ever added."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="home_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    what = models.CharField(max_length=200, help_text="What was changed, in words.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Nobody: the file."
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="home_version")]


class Story(models.Model):
    """Words somebody gave the campaign, quoted as they were given.

    Those of the file are there at once. What people send is read before anybody sees it (outreach.stories); their
    words as they came stay in `submitted`, until their author takes them back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be read")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Not published")
        WITHDRAWN = "withdrawn", _("Withdrawn by its author")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="stories")
    slug = models.SlugField()
    title = models.CharField(max_length=80)
    attribution = models.CharField(max_length=80)
    lead = models.CharField(max_length=200, blank=True, help_text="One sentence of the text, to quote.")
    text = models.TextField()
    content_note = models.CharField(max_length=200)
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING, editable=False)
    # The file brings these up to date and takes them away; what was sent, or edited at the desk, it leaves alone.
    from_file = models.BooleanField(default=False, editable=False)
    may_quote = models.BooleanField(default=False, editable=False, help_text="May the home page quote the lead?")
    email = models.EmailField(blank=True, editable=False)
    submitted = models.JSONField(default=dict, editable=False, help_text="The words as they came.")
    consents = models.JSONField(default=list, editable=False, help_text="The sentences that its author agreed to.")
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="story_slug")]
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.title


class VolunteerPhase(models.Model):
    """What volunteers are needed for: before, during and after the race."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before the race")
        DURING = "during", _("On race day")
        AFTER = "after", _("After the race")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="volunteer_phases")
    phase = models.CharField(max_length=10, choices=Phase)
    text = models.CharField(max_length=300)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["event", "phase"], name="volunteer_phase")]
