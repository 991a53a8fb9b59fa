"""Signing up: from what can be had to the checkout. No account; the cart's private link is its address."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.validators import slug_re
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common import clock
from common.http import View, public_page
from common.money import dollars
from common.tries import is_within, status_of
from events.models import EntryOption, Waiver
from events.queries import current_event
from registration import carts, changes, deferrals, services, waitlist
from registration.consequences import Consequences, of_deferring, of_handing_on
from registration.forms import CodeForm, DetailsForm, GiftForm, HandOnForm, PersonForm, SignForm, WaitForm
from registration.models import Participant, Registration, WaitListEntry
from registration.queries import (
    OPEN,
    ahead_of,
    can_move,
    closes_at,
    confirmed_person,
    entry_of_link,
    known_of,
    moves_until,
    offers_for,
    offers_of,
    people_of,
    person_of,
    refunds_until,
    registration_of_link,
    running_offer,
    waiver_of,
    why_closed,
)
from registration.quotes import quote

# Of one address, which a whole stadium, school or company may share.
CARTS = (RateLimitItemPerMinute(60, namespace="carts"), RateLimitItemPerHour(600, namespace="carts"))
CODES = (RateLimitItemPerMinute(30, namespace="promo"), RateLimitItemPerHour(120, namespace="promo"))
WAITS = (RateLimitItemPerMinute(30, namespace="waits"), RateLimitItemPerHour(300, namespace="waits"))
form_page = require_http_methods(["GET", "HEAD", "POST"])


def private(view: View) -> View:
    """A page behind a private link: kept by nobody, and no other site hears its address.

    Not `no-referrer`: browsers then send forms from nowhere, and Django refuses those. What comes too late for a cart
    that is being paid leads to the cart, which says so.
    """

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, token: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, token, *args, **kwargs)
        except carts.NotOpen:
            response = redirect("register_cart", token)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


def show(request: HttpRequest, page: str, form: Any = None, **context: Any) -> HttpResponse:
    """A page of this room, with the status that its form asks for."""
    return render(request, f"registration/{page}.html", {"form": form, **context}, status=status_of(form))


# --- Public -------------------------------------------------------------------------------------------------


@public_page
def register(request: HttpRequest) -> HttpResponse:
    event = current_event()
    offers = offers_of(event)
    context = {
        "team": _team_wish(request),
        "offers": offers,
        "why_closed": why_closed(event),
        "all_full": bool(offers) and all(offer.is_full for offer in offers),
        "closes_at": closes_at(event),
        "refunds_until": refunds_until(event),
    }
    return show(request, "register", event=event, **context)


def _team_wish(request: HttpRequest) -> str:
    """The slug of the team whose link led here."""
    slug = request.GET.get("team", "")
    return slug if slug_re.fullmatch(slug) else ""


@public_page
def waiver(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The text that is signed now, or any version that somebody once signed."""
    event = current_event()
    found = waiver_of(event) if version is None else Waiver.objects.filter(event=event, version=version).first()
    if found is None:
        raise Http404
    return show(request, "waiver", event=event, waiver=found, current=waiver_of(event))


# --- The cart -----------------------------------------------------------------------------------------------


@never_cache
@form_page
def start(request: HttpRequest) -> HttpResponse:
    """The first person; nothing is kept before the form is right."""
    event, entry = current_event(), _offered(request)
    if why_closed(event):
        return redirect("register")
    wish = event.teams.filter(slug=_team_wish(request), is_hidden=False).first()
    initial: dict[str, Any] = {"team": wish.name if wish else ""}
    if entry:
        initial |= {"option": entry.option, "name": entry.name, "email": entry.email}
    form = PersonForm(event, offers_for(event, None, entry), [], data=_posted(request), initial=initial)
    if form.is_valid() and is_within(request, form, CARTS):
        registration = carts.start(event=event, person=form.save(commit=False), entry=entry)
        return redirect("register_cart", registration.token)
    return show(request, "person", form, event=event, offers=offers_of(event))


def _offered(request: HttpRequest) -> WaitListEntry | None:
    """The offer of the wait list that led here, while it runs."""
    try:
        token = UUID(request.GET.get("offer", ""))
    except ValueError:
        return None
    return running_offer(token)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _open_cart(token: UUID) -> Registration:
    """The cart of this link while it can be changed. Raises carts.NotOpen."""
    registration = registration_of_link(token)
    if registration.status not in OPEN:
        raise carts.NotOpen
    return registration


@private
@form_page
def person(request: HttpRequest, token: UUID, pk: int | None = None) -> HttpResponse:
    """One more person, or one that is in the cart already."""
    registration = _open_cart(token)
    event, people = registration.event, list(people_of(registration))
    found = person_of(registration, pk) if pk is not None else None
    if found is None and len(people) >= carts.MOST_PEOPLE:
        raise carts.NotOpen
    others = [one for one in people if one != found]
    form = PersonForm(
        event,
        offers_for(event, registration, None),
        others,
        data=_posted(request),
        instance=found,
        initial=known_of(registration, others) if found is None else None,
    )
    if form.is_valid():
        carts.keep_person(registration=registration, person=form.save(commit=False))
        return redirect("register_cart", token)
    context = {"registration": registration, "person": found, "others": others, "offers": offers_of(event)}
    return show(request, "person", form, event=event, **context)


@private
@require_POST
def remove(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    registration = _open_cart(token)
    carts.remove_person(registration=registration, person=person_of(registration, pk))
    return redirect("register_cart", token)


@private
@form_page
def code(request: HttpRequest, token: UUID) -> HttpResponse:
    registration = _open_cart(token)
    form = CodeForm(registration.event, _posted(request), initial={"code": registration.promo_code or ""})
    # Wrong ones count, too: they are how a code is guessed.
    if form.is_bound and not is_within(request, form, CODES):
        return show(request, "code", form, event=registration.event, registration=registration)
    if form.is_valid():
        carts.set_code(registration=registration, code=form.cleaned_data["code"])
        return redirect("register_cart", token)
    return show(request, "code", form, event=registration.event, registration=registration)


def _gift_words(registration: Registration) -> dict[str, str]:
    """The gift that is in the cart, where the form has it."""
    cents = registration.gift_cents
    if cents in registration.event.presets_cents:
        return {"preset": str(cents)}
    return {"amount": dollars(cents)} if cents else {}


@private
@form_page
def gift(request: HttpRequest, token: UUID) -> HttpResponse:
    registration = _open_cart(token)
    form = GiftForm(registration.event, _posted(request), initial=_gift_words(registration))
    if form.is_valid():
        carts.set_gift(registration=registration, cents=form.cleaned_data["cents"])
        return redirect("register_cart", token)
    first = people_of(registration).first()
    return show(request, "gift", form, event=registration.event, registration=registration, first=first)


@private
@form_page
def cart(request: HttpRequest, token: UUID) -> HttpResponse:
    """Everything once more, the waiver to sign, and the way to the payment."""
    registration = registration_of_link(token)
    if registration.status == Registration.Status.CONFIRMED:
        return redirect("registration", token)
    event, shown, text = registration.event, quote(registration), waiver_of(registration.event)
    if registration.status == Registration.Status.HELD:
        return show(request, "held", event=event, registration=registration, quote=shown)
    people = [line.person for line in shown.lines]
    if not people:
        return redirect("register_person", token)
    form = SignForm(registration, people, text.version if text else None, shown.total_cents, data=_posted(request))
    full = None
    if form.is_valid():
        try:
            services.sign_and_hold(registration=registration, signers=form.signers(), waiver=text, **form.who())
        except services.CannotHold as error:
            full = getattr(error, "option", None)
            form.add_error(None, str(error))
        else:
            return redirect("checkout", token)
    context = {"registration": registration, "quote": shown, "waiver": text, "full": full}
    return show(request, "cart", form, event=event, most=carts.MOST_PEOPLE, closed=why_closed(event), **context)


# --- The wait list ------------------------------------------------------------------------------------------


@never_cache
@form_page
def wait(request: HttpRequest, slug: str) -> HttpResponse:
    event = current_event()
    option = get_object_or_404(EntryOption, event=event, slug=slug)
    form = WaitForm(_posted(request))
    if why_closed(event):
        return redirect("register")
    if not waitlist.is_worth_waiting(option):
        return redirect("register")
    if form.is_valid() and is_within(request, form, WAITS):
        if waitlist.remind(option=option, **form.cleaned_data):
            return show(request, "wait", event=event, option=option, sent_to=form.cleaned_data["email"])
        entry = waitlist.join(option=option, **form.cleaned_data)
        return redirect("waiting", entry.token)
    return show(request, "wait", form, event=event, option=option)


@private
@form_page
def waiting(request: HttpRequest, token: UUID) -> HttpResponse:
    """How somebody stands on the wait list; pressed, they leave it."""
    entry = entry_of_link(token)
    if request.method == "POST":
        waitlist.leave(entry=entry)
        return redirect("waiting", token)
    context = {"entry": entry, "ahead": ahead_of(entry), "offer": running_offer(token)}
    return show(request, "waiting", event=entry.option.event, **context)


# --- A place that is confirmed ------------------------------------------------------------------------------


@private
@require_safe
def registration(request: HttpRequest, token: UUID) -> HttpResponse:
    """Who is in, with their pages, and what can be done about it."""
    found = registration_of_link(token)
    if found.status != Registration.Status.CONFIRMED:
        return redirect("register_cart", token)
    people = found.participants.exclude(status=Participant.Status.REMOVED)
    people = people.select_related("option", "page", "handed_to", "waiver")
    context = {
        "people": people,
        "can_move": can_move(found.event),
        "can_cancel": clock.now() <= found.event.starts_at,
        "moves_until": moves_until(found.event),
        "promise": deferrals.promise_of(found),
    }
    return show(request, "registration", event=found.event, registration=found, **context)


@private
@require_POST
def free_entry(request: HttpRequest, token: UUID) -> HttpResponse:
    """Who deferred goes to a cart of the next edition, with the fee off."""
    try:
        cart = deferrals.redeem(registration=registration_of_link(token))
    except deferrals.NothingLeft:
        messages.error(request, _("No free entry can be taken here now. Nothing was changed."))
        return redirect("registration", token)
    return redirect("register_cart", cart.token)


@private
@form_page
def details(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    found = confirmed_person(token, pk)
    event = found.registration.event
    form = DetailsForm(event, _posted(request), instance=found)
    if form.is_valid():
        form.keep()
        messages.success(request, _("What you wrote about %(name)s is kept.") % {"name": found.name})
        return redirect("registration", token)
    return show(request, "details", form, event=event, registration=found.registration, person=found)


@private
@form_page
def hand_on(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    """Says what handing on does; sent, the new person gets the mail."""
    found = confirmed_person(token, pk)
    form = HandOnForm(_posted(request))
    if form.is_valid():
        try:
            changes.hand_on(participant=found, **form.cleaned_data)
        except changes.CannotChange as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The mail with the link is on its way to %(name)s.") % form.cleaned_data)
            return redirect("registration", token)
    return _consequences(request, "transfer", found, of_handing_on(found), form)


@private
@require_POST
def keep(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    """Takes back the offer of a place to somebody else."""
    found = confirmed_person(token, pk)
    try:
        changes.keep(participant=found)
    except changes.CannotChange as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s keeps the place.") % {"name": found.name})
    return redirect("registration", token)


@private
@form_page
def defer(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    found = confirmed_person(token, pk)
    form = Form(_posted(request))
    if form.is_valid():
        try:
            changes.defer(participant=found)
        except changes.CannotChange as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s has a free entry in the next edition.") % {"name": found.name})
            return redirect("registration", token)
    return _consequences(request, "defer", found, of_deferring(found), form)


def _consequences(request: HttpRequest, page: str, found: Participant, said: Consequences, form: Form) -> HttpResponse:
    context = {"registration": found.registration, "person": found, "said": said}
    return show(request, page, form, event=found.registration.event, **context)
