"""Public pages that read every room."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.photos import photo_answer
from donations.disbursements.pool import forecast_of
from donations.disbursements.public import public_money
from donations.giving.queries import gifts_of_page, money_of, split_parts
from events.models import Sponsor
from events.queries import current_event, lanes
from fundraisers.milestones import milestones
from fundraisers.moved import follows_moves
from fundraisers.queries import current_fundraiser, public_fundraiser, shown_updates
from fundraisers.sharing import share_sheet
from fundraisers.standings import Kind, board
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from pages.cached import cached_list, cached_page
from pages.counted import counted
from pages.previews import runner_preview
from people.registry import purposes

GIFTS_A_PAGE = 20
UPDATES_SHOWN = 3
ROWS_A_PAGE = 50


@counted
@follows_moves
@cached_list
def fundraiser(request: HttpRequest, slug: str) -> HttpResponse:
    page = current_fundraiser(slug)
    event, shown = page.event, lanes(page.event)
    paginator = Paginator(gifts_of_page(page), GIFTS_A_PAGE)
    paginator.count = page.gift_count
    gifts = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "fundraiser.html",
        {
            "fundraiser": page,
            "event": event,
            "lanes": shown,
            "preview": runner_preview(page, event, shown),
            "share": share_sheet(page, event, shown),
            "lane_money": split_parts(shown, page.raised_cents),
            "places": board(event, Kind.RUNNERS).around(page, 1),
            "donations": gifts.object_list,
            "page_obj": gifts,
            "presets_cents": event.presets_cents,
            "story": page.story or event.default_story,
            "milestones": milestones(page),
            "updates": shown_updates(page)[: UPDATES_SHOWN + 1],
        },
    )


@follows_moves
@cached_list
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    """All news of a page, newest first."""
    event = current_event()
    page = public_fundraiser(event, slug)
    found = Paginator(shown_updates(page), GIFTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "updates.html", {"event": event, "fundraiser": page, "page_obj": found})


@cached_page
def money(request: HttpRequest) -> HttpResponse:
    event = current_event()
    return render(request, "money.html", {"event": event, "summary": public_money(event)})


@cached_page
def fees(request: HttpRequest) -> HttpResponse:
    """The fee pool: who fills it, who empties it, and how long it lasts."""
    event = current_event()
    money = money_of(event)
    context = {
        "event": event,
        "money": money,
        "forecast": forecast_of(event, money),
        "sponsors": event.sponsors.filter(consent=True),
    }
    return render(request, "money_fees.html", context)


@require_safe
def sponsor_logo(request: HttpRequest, pk: int, name: str, width: int) -> HttpResponseBase:
    sponsor = get_object_or_404(Sponsor, pk=pk, logo=name, consent=True, event=current_event())
    return photo_answer(request, sponsor.logo, width)


@cached_page
def privacy(request: HttpRequest) -> HttpResponse:
    parts = [(part.value, found) for part, found in purposes().items()]
    return render(request, "privacy.html", {"event": current_event(), "parts": parts})


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
