"""The e-mail outbox: a mail is a row written with the change it reports, and sent once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from events.models import Event


class OutboxMail(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Refused by the mail server")

    key = models.CharField(max_length=120, unique=True, help_text="What it is about, once: receipt:17.")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    template = models.CharField(max_length=60, help_text="email/receipt: .txt and .html are rendered when it is sent.")
    context = models.JSONField(help_text="Plain values for the template, as they were when the mail was written.")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="mails")
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
