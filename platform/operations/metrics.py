"""Figures for Prometheus, computed when they are asked for: they are of the database, so any process tells the same."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from common import clock
from donations.giving.models import Donation
from donations.ledger.models import Alarm, BooksCheck, OpenItem, Role
from donations.payments.models import Payment, StripeEvent
from events.models import Event
from outreach.models import OutboxMail


class Figures(Collector):
    """Sums and ages; no name, no address, no page."""

    def collect(self) -> Iterator[Metric]:
        yield from _giving()
        yield from _queues()
        yield from _books()


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who has METRICS_TOKEN, as `Authorization: Bearer`; without that setting there is no such page."""
    said, token = request.headers.get("Authorization", ""), settings.METRICS_TOKEN
    if not token or not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _giving() -> Iterator[Metric]:
    gifts = GaugeMetricFamily("site_gifts", "Gifts received", labels=["event"])
    raised = GaugeMetricFamily("site_raised_cents", "Raised by gifts, in cents", labels=["event"])
    for slug, count, cents in Event.objects.values_list("slug", "gift_count", "raised_cents"):
        gifts.add_metric([slug], count)
        raised.add_metric([slug], cents)
    yield from (gifts, raised)
    states = GaugeMetricFamily("site_payments", "Payments by the state of their session", labels=["state"])
    for status, count in Payment.objects.order_by().values_list("status").annotate(Count("pk")):
        states.add_metric([status], count)
    yield states
    waits = Donation.objects.filter(message_state=Donation.MessageState.WAITING)
    yield GaugeMetricFamily("site_words_waiting", "Words of donors that nobody has read yet", waits.count())


def _queues() -> Iterator[Metric]:
    """What waits for a worker, and for how long."""
    waiting: dict[str, tuple[QuerySet[Any], str]] = {
        "inbox": (StripeEvent.objects.filter(processed_at=None), "received_at"),
        "outbox": (OutboxMail.objects.filter(status=OutboxMail.Status.WAITING), "created_at"),
        "feed": (OpenItem.objects.filter(account__role=Role.CLEARING).exclude(cents=0), "opened_at"),
    }
    depth = GaugeMetricFamily("site_queue_depth", "Rows that wait: events, mails, money not met yet", labels=["queue"])
    age = GaugeMetricFamily("site_queue_age_seconds", "How long the oldest of them has waited", labels=["queue"])
    for name, (rows, since) in waiting.items():
        depth.add_metric([name], rows.count())
        age.add_metric([name], _age(_first(rows, since)))
    yield from (depth, age)
    failed = OutboxMail.objects.filter(status=OutboxMail.Status.FAILED)
    yield GaugeMetricFamily("site_mails_failed", "Mails that the mail server refused", failed.count())


def _books() -> Iterator[Metric]:
    newest = BooksCheck.objects.order_by("-pk").first()
    if newest:
        yield GaugeMetricFamily("site_unexplained_cents", "By the last check of the books", newest.unexplained_cents)
        yield GaugeMetricFamily("site_findings", "What the last check found wrong", len(newest.findings))
        yield GaugeMetricFamily("site_check_age_seconds", "Since the last check of the books", _age(newest.at))
    alarms = Alarm.objects.filter(closed_at=None)
    yield GaugeMetricFamily("site_alarms", "Alarms that nobody has closed", alarms.count())


def _first(rows: "QuerySet[Any]", since: str) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min(since))["first"]
    return first


def _age(since: datetime | None) -> float:
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0
