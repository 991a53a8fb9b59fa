"""The link that turns mails off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from outreach import services
from outreach.models import Topic
from outreach.suppressions import is_suppressed
from outreach.tokens import carried_by


# Mail programs press by a POST without cookies (RFC 8058); the signed token says who may.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Says what is on; a POST turns it off, or on again. Looking changes nothing: mail scanners open every link."""
    email, name = carried_by("off", token)
    topic = Topic(name)
    if request.method == "POST":
        services.turn_off(email=email, topic=topic, off="again" not in request.POST)
    context = {
        "email": email,
        "topic": topic.label,
        "is_off": is_suppressed(email, topic),
    }
    response = render(request, "mail_off.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response
