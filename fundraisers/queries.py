"""Pages as the public may see them."""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common.lookalikes import skeleton
from common.odd_words import hurts
from events.models import Event
from events.queries import current_event
from fundraisers.models import Fundraiser, OldSlug, Update
from fundraisers.slugs import look_of


class Moved(Http404):
    """The page has another address now. Who does not send the reader on answers 404."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug


def public_fundraiser(event: Event, slug: str) -> Fundraiser:
    """The page that everybody may see; a hidden one is 404 like one that never was. Raises Moved for an old address."""
    page = Fundraiser.objects.filter(event=event, slug=slug, is_hidden=False).select_related("team").first()
    if page is None:
        old = OldSlug.objects.filter(event=event, slug=slug, is_dead=False, fundraiser__is_hidden=False)
        now = old.values_list("fundraiser__slug", flat=True).first()
        raise Moved(now) if now else Http404
    page.event = event
    return page


def tells_full_name(page: Fundraiser, text: str, name: str = "") -> bool:
    """Whether words or an address give away who runs: first and last name, as given when signing up, or this `name`."""
    given = slugify(page.participant.name if page.participant else name).split("-")
    said = slugify(text)
    return len(given) > 1 and (set(given) <= set(said.split("-")) or "".join(given) in said.replace("-", ""))


def shown_updates(page: Fundraiser) -> QuerySet[Update]:
    """The page's news as everybody may read them, newest first."""
    return page.updates.filter(is_hidden=False, waits=False)


def is_read_first(page: Fundraiser, text: str) -> bool:
    """Whether a moderator reads the runner's own words before everybody does. The page is asked as it is now."""
    return hurts(text) or Fundraiser.objects.filter(pk=page.pk, is_protected=True).exists()


def listed_fundraisers(event: Event) -> QuerySet[Fundraiser]:
    """The pages that lists, boards and search show; others are found by their address alone."""
    return Fundraiser.objects.filter(event=event, is_hidden=False, is_listed=True).select_related("team")


def current_fundraiser(slug: str) -> Fundraiser:
    """The same of the current event, which comes along with the team, in one query."""
    shown = Fundraiser.objects.filter(event__is_current=True, slug=slug, is_hidden=False)
    return shown.select_related("event", "team").first() or public_fundraiser(current_event(), slug)


def fundraiser_for_owner(user: User, bib: int) -> Fundraiser:
    """The guard of a page's owner: the page of the current event, hidden or not; 404 for everybody else."""
    owned = Fundraiser.objects.filter(owner=user, event__is_current=True)
    return get_object_or_404(owned.select_related("event", "team"), bib=bib)


def fundraisers_of(user: User) -> QuerySet[Fundraiser]:
    """The person's pages of the current event."""
    return Fundraiser.objects.filter(owner=user, event__is_current=True).select_related("team").order_by("bib")


def unclaimed_pages(user: User) -> QuerySet[Fundraiser]:
    """Pages of the current event that wait for this person, once the e-mail address was shown to be theirs."""
    waiting = Fundraiser.objects.filter(owner=None, email=user.email, event__is_current=True).order_by("bib")
    return waiting if EmailAddress.objects.filter(user=user, email=user.email, verified=True) else waiting.none()


def name_problem(event: Event, name: str) -> str:
    """Why a page may not go by this name, as a sentence; empty where it may. People share names: those are free."""
    taken = [event.name, *event.beneficiaries.values_list("name", flat=True)]
    if skeleton(name) in map(skeleton, taken):
        return _("This is the name of the race or of an organization it runs for. Choose another.")
    return ""


def address_problem(event: Event, slug: str, *, own: Fundraiser | None = None) -> str:
    """Why a page may not have this address, as a sentence; empty where it is free. `own` is the page that wants it.

    Ask with the event locked. One that looks like another, living or given up, is not free either.
    """
    look = look_of(slug)
    others = Fundraiser.objects.filter(event=event, skeleton=look)
    old = OldSlug.objects.filter(event=event, skeleton=look)
    if own:
        others, old = others.exclude(pk=own.pk), old.exclude(fundraiser=own)
    names = {event.slug, *event.beneficiaries.values_list("slug", flat=True)}
    if others.exists() or old.exists():
        return _("Another page has this address, or one that looks the same. Choose another.")
    if look in map(look_of, names):
        return _("This is the name of the race or of an organization it runs for. Choose another.")
    return ""
