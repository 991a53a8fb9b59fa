"""The mailing list: who asked for news and when, letters, and files of addresses on their way in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Event

# What a mail of the list carries in its context: the letter, and the subscriber for its links (outreach.emails).
LETTER, NEWS_OFF, NEWS_CONFIRM = "letter", "news_off_token", "news_confirm_token"


class Subscriber(models.Model):
    """An address that asked for news, or was brought in by a file, and what it said yes to.

    Who left, or cannot be reached, has a Suppression of the topic beside it: that is what counts, and outlives this.
    """

    class Source(models.TextChoices):
        FORM = "form", _("The form on the site")
        FILE = "file", _("A file of addresses")

    email = models.EmailField(unique=True, help_text="In small letters.")
    source = models.CharField(max_length=4, choices=Source, default=Source.FORM)
    proof = models.CharField(max_length=200, blank=True, help_text="Of a file: where and when they said yes.")
    words = models.PositiveSmallIntegerField(help_text="The version of the sentence agreed to (outreach.news.consent).")
    # Part of an address of the network: enough to show that it fits, too little to find a household.
    asked_from = models.CharField(max_length=50, blank=True)
    confirmed_from = models.CharField(max_length=50, blank=True)
    asked_at = models.DateTimeField(default=clock.now, help_text="When the newest confirmation mail was asked for.")
    asks = models.PositiveSmallIntegerField(default=0, help_text="Confirmation mails since the last answer.")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.email


class Letter(models.Model):
    """A letter to all who confirmed. Whom it still has to go to is read off the outbox, so sending may break off."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENDING = "sending", _("Being sent")
        PAUSED = "paused", _("Paused")
        SENT = "sent", _("Sent")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="letters")
    subject = models.CharField(max_length=120)
    text = models.TextField(help_text="Markdown.")
    edition = models.PositiveIntegerField(default=1, help_text="Moved by every change: what is sent is what was seen.")
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    pressed_at = models.DateTimeField(null=True, help_text="When it was sent off; who confirmed later gets the next.")
    planned = models.PositiveIntegerField(default=0, help_text="How many it was for, at the press.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject


class AddressFile(models.Model):
    """Addresses from a file that wait to be looked at; forgotten when they are imported or thrown away."""

    name = models.CharField(max_length=120)
    rows = models.JSONField(help_text="For each row its number, what stands there for the address, and the proof.")
    count = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
