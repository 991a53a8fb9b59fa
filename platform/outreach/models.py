"""The e-mail outbox: a mail is a row written with the change it reports, and sent once. Who wants none gets none."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Event


class Topic(models.TextChoices):
    """What a reader can turn off. Receipts, codes and what somebody asked for have no topic."""

    GIFTS = "gifts", _("gifts to your page")
    MILESTONES = "milestones", _("milestones of your page")
    RACE = "race", _("the week before the race and the day after")
    THANKS = "thanks", _("thanks from runners you gave to")
    TEAMS = "teams", _("invitations to teams, and who wants to join yours")
    VOLUNTEERS = "volunteers", _("messages and thanks to volunteers")
    NEWS = "news", _("news of the race")


class OutboxMail(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Refused by the mail server")
        OFF = "off", _("Not sent: its reader has turned such mails off")

    key = models.CharField(max_length=120, unique=True, help_text="What it is about, once: receipt:17.")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    template = models.CharField(max_length=60, help_text="email/receipt: .txt and .html are rendered when it is sent.")
    context = models.JSONField(help_text="Plain values for the template, as they were when the mail was written.")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="mails")
    topic = models.CharField(
        max_length=10, choices=Topic, blank=True, help_text="What its reader can turn off; empty: nothing."
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Real time, not the demo's: these say when the mail server was spoken to.
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(status="waiting"), name="outbox_waiting"),
        ]


class Suppression(models.Model):
    """An address that gets no more mails of a topic. Looked at when a mail is sent, so it wins over what is queued.

    Of somebody whom we have forgotten, only a pseudonym of the address is left (outreach.suppressions).
    """

    class Reason(models.TextChoices):
        ASKED = "asked", _("turned off by its reader")
        DESK = "desk", _("taken off at the desk")
        BOUNCED = "bounced", _("refused: no such mailbox")
        COMPLAINED = "complained", _("reported as spam")

    email = models.EmailField(help_text="In small letters.")
    topic = models.CharField(max_length=10, choices=Topic)
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.ASKED)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "topic"], name="suppressed_once")]
