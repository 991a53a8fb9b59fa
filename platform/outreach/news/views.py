"""Joining the list and leaving it. Links of mails open a page with one button: mail scanners open every link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.tries import is_within, network_of, status_of
from events.queries import current_event
from outreach.models import Topic
from outreach.news import subscribing
from outreach.news.consent import CONSENT, NEWEST
from outreach.news.forms import SignUpForm
from outreach.news.models import NEWS_CONFIRM, NEWS_OFF, Subscriber
from outreach.suppressions import is_suppressed
from outreach.tokens import Expired, carried_by

# Of one network: a stadium may sign up, a machine may not go through a list of addresses.
SIGN_UPS = (RateLimitItemPerMinute(20, namespace="news"), RateLimitItemPerHour(120, namespace="news"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    event = current_event()
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and is_within(request, form, SIGN_UPS):
        subscribing.sign_up(email=form.cleaned_data["email"], network=network_of(request), event=event)
        return redirect("newsletter_sent")
    context = {"event": event, "form": form, "consent": CONSENT[NEWEST]}
    return render(request, "news/sign_up.html", context, status=status_of(form))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not."""
    return render(request, "news/sent.html", {"event": current_event()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    context = {"event": current_event(), "state": "asked"}
    try:
        number, asked = carried_by(NEWS_CONFIRM, token, subscribing.LINK_LIFE)
        if request.method == "POST":
            subscribing.confirm(number=number, asked=asked, network=network_of(request))
            context["state"] = "done"
    except (Expired, Subscriber.DoesNotExist, subscribing.Outdated):
        context["state"] = "over"
    return _own(render(request, "news/confirm.html", context))


# Mail programs press by a POST without cookies (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Says what is on; a POST turns it off, or on again. The link never ends, and does not say whose it is."""
    number = carried_by(NEWS_OFF, token)
    if not isinstance(number, int):
        raise Http404
    person = Subscriber.objects.filter(pk=number).first()
    if person and request.method == "POST":
        subscribing.leave(person=person, again="again" in request.POST)
    is_off = person is None or is_suppressed(person.email, Topic.NEWS)
    can_return = person is not None and person.confirmed_at is not None
    context = {"event": current_event(), "known": person is not None, "is_off": is_off, "can_return": can_return}
    return _own(render(request, "news/off.html", context))


def _own(response: HttpResponse) -> HttpResponse:
    """The address is its reader's own: no other site hears of it."""
    response["Referrer-Policy"] = "same-origin"
    return response
