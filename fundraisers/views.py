"""A page's public files: its photo, share card, QR code and printable sheet. All are gone while it is hidden."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from common.http import public_file
from common.photos import photo_answer
from events.queries import current_event, lanes
from fundraisers import sharing, sheets
from fundraisers.cards import Card, runner_card, team_card
from fundraisers.moved import follows_moves
from fundraisers.queries import current_fundraiser
from teams.queries import public_team


@require_safe
@follows_moves
def photo(request: HttpRequest, slug: str, name: str, width: int) -> HttpResponseBase:
    page = current_fundraiser(slug)
    return photo_answer(request, name if name == page.photo and not page.is_protected else "", width)


@require_safe
def team_photo(request: HttpRequest, slug: str, name: str, width: int) -> HttpResponseBase:
    team = public_team(current_event(), slug)
    return photo_answer(request, name if name == team.photo else "", width)


@require_safe
@follows_moves
def card(request: HttpRequest, slug: str, digest: str) -> HttpResponseBase:
    page = current_fundraiser(slug)
    made = runner_card(page, page.event, lanes(page.event))
    return card_answer(request, made, digest, reverse("card", args=[slug, made.digest]))


@require_safe
def team_card_file(request: HttpRequest, slug: str, digest: str) -> HttpResponseBase:
    event = current_event()
    team = public_team(event, slug)
    made = team_card(team, event, lanes(event))
    return card_answer(request, made, digest, reverse("team_card", args=[slug, made.digest]))


def card_answer(request: HttpRequest, made: Card, digest: str, address: str) -> HttpResponseBase:
    """The card at its own address; an old address leads to what it says now."""
    if digest != made.digest:
        answer = redirect(address)
        add_never_cache_headers(answer)
        return answer
    return public_file(request, made.digest, "image/jpeg", made.jpeg)


@require_safe
@follows_moves
def qr(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _code(request, sharing.address(current_fundraiser(slug), "qr"))


@require_safe
def team_qr(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _code(request, sharing.address(public_team(current_event(), slug)))


def _code(request: HttpRequest, link: str) -> HttpResponseBase:
    return public_file(request, link, "image/svg+xml", lambda: sheets.qr_svg(link))


@require_safe
@follows_moves
def sheet(request: HttpRequest, slug: str, paper: str) -> HttpResponseBase:
    page = current_fundraiser(slug)
    return _printed(request, sheets.runner_sheet(page, page.event, lanes(page.event)), paper)


@require_safe
def team_sheet(request: HttpRequest, slug: str, paper: str) -> HttpResponseBase:
    event = current_event()
    return _printed(request, sheets.team_sheet(public_team(event, slug), event, lanes(event)), paper)


def _printed(request: HttpRequest, printed: sheets.Sheet, paper: str) -> HttpResponseBase:
    return public_file(request, f"{printed.digest}-{paper}", "application/pdf", lambda: sheets.draw(printed, paper))
