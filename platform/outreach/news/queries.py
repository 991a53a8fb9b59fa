"""The mailing list, read: who is on it in which state, whom a letter goes to, how far it has got."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from common import clock
from common.text import markdown
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news.models import Letter, Subscriber

Reason = Suppression.Reason


class State(TextChoices):
    """How an address stands. Told by the confirmation and the suppression together, so that the two cannot differ."""

    CONFIRMED = "confirmed", _("Confirmed")
    WAITING = "waiting", _("Waits for confirmation")
    LEFT = "left", _("Unsubscribed")
    BOUNCED = "bounced", _("Cannot be reached")
    COMPLAINED = "complained", _("Reported us as spam")


def suppressed() -> "QuerySet[Suppression]":
    """The suppression of the subscriber of the outer query."""
    return Suppression.objects.filter(email=OuterRef("email"), topic=Topic.NEWS)


def subscribers() -> "QuerySet[Any]":
    """All, newest first, each with its `state`, and `off_at` and `why` where it has left or fallen out."""
    off = suppressed()
    rows = Subscriber.objects.annotate(
        off_at=Subquery(off.values("created_at")[:1]), why=Subquery(off.values("reason")[:1])
    )
    state = Case(
        When(why=Reason.BOUNCED, then=Value(State.BOUNCED)),
        When(why=Reason.COMPLAINED, then=Value(State.COMPLAINED)),
        When(why__isnull=False, then=Value(State.LEFT)),
        When(confirmed_at__isnull=True, then=Value(State.WAITING)),
        default=Value(State.CONFIRMED),
        output_field=CharField(),
    )
    return rows.annotate(state=state)


def subscribers_matching(words: str, state: str) -> "QuerySet[Any]":
    found = subscribers()
    if state:
        found = found.filter(state=state)
    return found.filter(email__icontains=words.strip()) if words.strip() else found


def counts() -> dict[State, int]:
    """How many addresses stand how, in one query."""
    found = dict(subscribers().order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state.value, 0) for state in State}


def audience(until: datetime) -> "QuerySet[Subscriber, Subscriber]":
    """Who gets a letter: confirmed by then, and neither left nor fallen out."""
    return Subscriber.objects.filter(~Exists(suppressed()), confirmed_at__lte=until).order_by("pk")


# --- Letters ------------------------------------------------------------------------------------------------


def prefix(letter: Letter) -> str:
    """What the keys of its mails begin with; the subscriber's number follows."""
    return f"newsletter:{letter.pk}:"


def mails_of(letter: Letter) -> "QuerySet[OutboxMail]":
    return OutboxMail.objects.filter(key__startswith=prefix(letter))


def left_of(letter: Letter) -> "QuerySet[Subscriber, Subscriber]":
    """Whom a letter has still to be written to, read off the outbox."""
    written = OutboxMail.objects.filter(key=Concat(Value(prefix(letter)), Cast(OuterRef("pk"), CharField())))
    return audience(letter.pressed_at or clock.now()).exclude(Exists(written))


_OURS = re.compile(r"(\]\(|^ {0,3}\[[^\]]+\]:\s*)/(?!/)", re.MULTILINE)


def words_of(number: int) -> dict[str, Any]:
    """What a letter's mail says: its Markdown with links to our own pages written in full."""
    return {"text": _in_full(Letter.objects.values_list("text", flat=True).get(pk=number))}


def _in_full(text: str) -> str:
    return _OURS.sub(rf"\1{settings.SITE_URL}/", text)


def odd_links(text: str) -> list[str]:
    """The links of a letter that lead nowhere from a mail."""
    links = re.findall(r'href="([^"]*)"', markdown(_in_full(text)))
    return [link for link in links if not link.startswith(("https://", "http://", "mailto:"))]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a letter has got: mails by what became of them. `left` is not written yet."""

    sent: int
    waiting: int
    unsure: int
    refused: int
    off: int
    left: int
    gone_since: int

    @property
    def done(self) -> int:
        return self.sent + self.unsure + self.refused + self.off

    @property
    def to_go(self) -> int:
        return self.waiting + self.left

    @property
    def begun(self) -> bool:
        return bool(self.waiting + self.done)


def progress_of(letter: Letter) -> Progress:
    by = dict(mails_of(letter).order_by().values_list("status").annotate(Count("pk")))
    status, since = OutboxMail.Status, letter.pressed_at or clock.now()
    following = Letter.objects.filter(pressed_at__gt=since).order_by("pressed_at").first()
    until = Q(created_at__lt=following.pressed_at) if following else Q()
    gone = Suppression.objects.filter(until, topic=Topic.NEWS, reason=Reason.ASKED, created_at__gte=since)
    return Progress(
        sent=by.get(status.SENT, 0),
        waiting=by.get(status.WAITING, 0),
        unsure=by.get(status.SENDING, 0),
        refused=by.get(status.FAILED, 0),
        off=by.get(status.OFF, 0),
        left=left_of(letter).count() if letter.state in (Letter.State.SENDING, Letter.State.PAUSED) else 0,
        gone_since=gone.count(),
    )


def letters_of_month() -> int:
    """How many letters were sent off within the last 30 days."""
    return Letter.objects.filter(pressed_at__gte=clock.now() - timedelta(days=30)).count()
