"""The two mails that the calendar sends: a week before the race, and the day after."""

from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from common import clock
from events.models import Event
from fundraisers.emails import race_mail
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from outreach.services import queue
from registration.models import Participant

AT_ONCE = 200
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def remind(event: Event) -> int:
    """Queues what is due and was not sent: one mail for each address with a page that is seen. Returns how many."""
    kind = due_kind(event, clock.now())
    if not kind:
        return 0
    sent = 0
    while addresses := list(_not_told(event, kind).values_list("email", flat=True)[:AT_ONCE]):
        sent += _tell(event, kind, addresses)
    return sent


def due_kind(event: Event, now: datetime) -> str:
    """The mail that belongs to this moment, by the event's calendar; none for a race that does not take place."""
    if event.state != Event.State.SCHEDULED:
        return ""
    if event.starts_at - WEEK <= now < event.starts_at - DAY:
        return "week_before"
    start = event.starts_at.astimezone(event.zone)
    morning = (start + DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    return "day_after" if morning <= now < morning + WEEK else ""


def _not_told(event: Event, kind: str) -> QuerySet[Fundraiser]:
    """Of each address with a page that is seen and whose runner takes part, the oldest page: it names the mail."""
    seen = Q(is_hidden=False) & (Q(participant=None) | Q(participant__status=Participant.Status.ACTIVE))
    pages = Fundraiser.objects.filter(event=event).exclude(email="").values("email")
    oldest = pages.annotate(first=Min("pk"), seen=Count("pk", filter=seen)).filter(seen__gt=0).values("first")
    told = OutboxMail.objects.filter(key=Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), CharField())))
    return Fundraiser.objects.filter(~Exists(told), pk__in=oldest)


def _tell(event: Event, kind: str, addresses: list[str]) -> int:
    pages = Fundraiser.objects.filter(event=event, email__in=addresses).select_related("event").order_by("email", "pk")
    mails = [race_mail(kind, event, list(theirs)) for _email, theirs in groupby(pages, key=lambda page: page.email)]
    queue(mails)
    return len(mails)
