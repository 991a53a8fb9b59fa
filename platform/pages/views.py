"""Public pages that read every room, and a person's own front page."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest
from accounts.models import Role
from donations.giving.queries import gifts_of_page, money_of, received_gifts, split_parts
from events.queries import current_event, lanes, option_prices
from fundraisers.queries import fundraisers_of, leaderboard, public_fundraiser, rank_of, standings
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from pages.cached import cached_page

GIFTS_A_PAGE = 20
ROWS_A_PAGE = 50


@cached_page
def home(request: HttpRequest) -> HttpResponse:
    event = current_event()
    money = money_of(event)
    listed = leaderboard(event)
    return render(
        request,
        "home.html",
        {
            "event": event,
            "lanes": lanes(event),
            "lane_money": money.lanes,
            "raised_cents": event.raised_cents,
            "goal_cents": event.goal_cents,
            "runner_count": listed.count(),
            "options": option_prices(event),
            "facts": event.facts.all(),
            "stories": event.stories.all(),
            "phases": event.volunteer_phases.all(),
            "leaders": standings(event, list(listed[:5]), 1),
            "recent": received_gifts(event)
            .exclude(fundraiser__is_hidden=True)
            .exclude(fundraiser__is_listed=False)[:6],
            "sponsors": event.sponsors.filter(consent=True),
            "check": money.check,
            "hundred": money.hundred,
            "short_cents": money.short_cents,
        },
    )


@cached_page
def fundraiser(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    page, shown = public_fundraiser(event, slug), lanes(event)
    gifts = Paginator(gifts_of_page(page), GIFTS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "fundraiser.html",
        {
            "fundraiser": page,
            "event": event,
            "lanes": shown,
            "lane_money": split_parts(shown, page.raised_cents),
            "rank": rank_of(page),
            "ranked_count": leaderboard(event).count(),
            "donations": gifts.object_list,
            "page_obj": gifts,
            "presets_cents": event.presets_cents,
            "story": page.story or event.default_story,
        },
    )


@cached_page
def leaders(request: HttpRequest) -> HttpResponse:
    event = current_event()
    found = Paginator(leaderboard(event), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = standings(event, list(found.object_list), found.start_index())
    return render(request, "leaderboard.html", {"event": event, "rows": rows, "page_obj": found, "lanes": lanes(event)})


@cached_page
def money(request: HttpRequest) -> HttpResponse:
    event = current_event()
    return render(request, "money.html", {"event": event, "summary": money_of(event)})


@cached_page
def stories(request: HttpRequest) -> HttpResponse:
    event = current_event()
    return render(request, "stories.html", {"event": event, "stories": event.stories.all()})


@cached_page
def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html", {"event": current_event()})


@cached_page
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html", {"event": current_event()})


@never_cache
@require_safe
@login_required
def me(request: SignedInRequest) -> HttpResponse:
    context = {
        "fundraisers": fundraisers_of(request.user),
        "person": request.user,
        "works_here": request.user.staff_roles.exclude(role=Role.CHARITY).exists(),
    }
    return render(request, "me.html", context)


def _demo_mails() -> None:
    """The local outbox shows every mail to everybody: there is none outside the demo."""
    if not settings.DEMO:
        raise Http404


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    _demo_mails()
    mails = Paginator(OutboxMail.objects.all(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox.html", {"page_obj": mails, "mails": mails.object_list})


@never_cache
@require_safe
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    _demo_mails()
    mail = get_object_or_404(OutboxMail, pk=pk)
    return render(request, "outbox.html", {"mail": mail, "text": text_of(mail)})


@never_cache
@require_safe
def outbox_html(request: HttpRequest, pk: int) -> HttpResponse:
    _demo_mails()
    response = HttpResponse(html_of(get_object_or_404(OutboxMail, pk=pk)))
    # A mail's styles are inline by nature; nothing of it may run or load.
    response._csp_replace = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]}  # type: ignore[attr-defined]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
