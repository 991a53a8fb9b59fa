"""Calm, on alert, or closed: what an organizer said, or what the last hour looks like."""

from datetime import timedelta

from django.db.models import Count, Q

from common import clock
from donations.giving.gate import tries
from donations.giving.gate.judgement import RIPE, WATCHED, Evidence, Level, is_attack
from donations.giving.models import Entrance, Gate
from donations.payments.models import Charge, Payment

UNPAID = (Payment.Status.NEW, Payment.Status.OPEN, Payment.Status.EXPIRED, Payment.Status.FAILED)
# How often the last hour is looked at: by one process, while the others read what it found.
JUDGED_EVERY = timedelta(seconds=10)
ALERT_LASTS = timedelta(hours=1)


def the_gate() -> Gate:
    return Gate.objects.get_or_create(pk=1)[0]


def level_now() -> Level:
    """How far the give forms are open now."""
    gate, now = the_gate(), clock.now()
    if gate.mode != Gate.Mode.AUTO:
        return Level(gate.mode)
    if gate.judged_at is None or not now - JUDGED_EVERY < gate.judged_at <= now:
        claimed = Gate.objects.filter(pk=gate.pk, judged_at=gate.judged_at).update(judged_at=now)
        if claimed and is_attack(evidence(), is_alert(gate)):
            gate.alert_until = now + ALERT_LASTS
            Gate.objects.filter(pk=gate.pk).update(alert_until=gate.alert_until)
    return Level.ALERT if is_alert(gate) else Level.CALM


def is_alert(gate: Gate) -> bool:
    return gate.alert_until is not None and clock.now() < gate.alert_until


def evidence() -> Evidence:
    """What came of the sessions of the last hour."""
    now = clock.now()
    recent = Entrance.objects.filter(created_at__gte=now - WATCHED)
    found = recent.aggregate(
        unpaid=Count("pk", filter=Q(payment__status__in=UNPAID, created_at__lte=now - RIPE)),
        paid=Count("pk", filter=Q(payment__status=Payment.Status.PAID)),
    )
    refused = Charge.objects.filter(payment__entrance__created_at__gte=now - WATCHED, status="failed").count()
    held = sum(map(tries.counted, ("code", "wrong", "later", "tries"))) - tries.counted("with_code")
    return Evidence(found["unpaid"] + refused, found["paid"], held)
