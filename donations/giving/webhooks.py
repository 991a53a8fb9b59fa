"""Stripe's webhook: verify, store, 200. The work is done by a worker."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common.tasks import nudge
from donations.giving.tasks import drain_inbox
from donations.payments import gateway, inbox

log = logging.getLogger(__name__)
MAX_BODY = 512 * 1024


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """400 for what is not from Stripe; Stripe tries again after anything but a 2xx."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        return HttpResponse("The event is too large.", status=413, content_type="text/plain")
    try:
        event = gateway.verify_event(request.body, request.headers.get("Stripe-Signature", ""))
        inbox.store(event, request.body)
    except gateway.BadSignature as error:
        log.warning("a webhook was refused: %s", error)
        return HttpResponse(str(error), status=400, content_type="text/plain")
    nudge(drain_inbox)
    return HttpResponse("Kept.", content_type="text/plain")
