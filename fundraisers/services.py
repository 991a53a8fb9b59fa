"""Making, editing and hiding personal pages."""

import secrets
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.services import create_person
from common.photos import remove_photo
from events.models import Event
from events.services import public_edit
from fundraisers.emails import claim_mail
from fundraisers.models import Fundraiser, OldSlug, Report, Update
from fundraisers.queries import address_problem, is_read_first, tells_full_name
from fundraisers.slugs import look_of, shape_problem
from outreach.services import queue
from registration.models import Participant
from teams.models import Team
from teams.services import count_members

# An address that was given up stays with its page: nobody collects hundreds.
MOST_OLD_ADDRESSES = 10
# What is more than this is read together with what is there already.
MOST_OPEN_REPORTS = 20


class Refused(Exception):
    """Nothing was changed; the message is a sentence for the person who asked."""


@transaction.atomic
def create_fundraiser(
    *,
    event: Event,
    name: str,
    team: Team | None = None,
    email: str = "",
    goal_cents: int | None = None,
    is_listed: bool = True,
    participant: Participant | None = None,
) -> Fundraiser:
    """A page with the event's next bib number, complete without further work. Amounts in cents.

    The address of one that is not listed cannot be guessed, and that of a protected one holds no name. Whoever has the
    e-mail address may sign in from now on, and is asked by mail to claim the page, and others with it.
    """
    Event.objects.select_for_update().get(pk=event.pk)
    moved = public_edit(event.pk)
    last = Fundraiser.objects.filter(event=event).aggregate(bib=Max("bib"))["bib"] or 100
    is_protected = participant is not None and participant.is_protected
    slug = _free_slug(event, name if is_listed else _unguessable("runner" if is_protected else name), last + 1)
    page = Fundraiser.objects.create(
        event=event,
        bib=last + 1,
        slug=slug,
        skeleton=look_of(slug),
        name=name,
        team=team,
        email=email.strip().lower(),
        goal_cents=goal_cents or event.default_goal_cents,
        is_listed=is_listed,
        participant=participant,
        is_protected=is_protected,
        moved=moved,
    )
    count_members([page.team_id], moved=moved)
    if page.email:
        _invite(page)
    return page


def _invite(page: Fundraiser) -> None:
    name, cart = page.name, page.participant.registration if page.participant else None
    if cart and cart.email.lower() == page.email:
        # Who signs up a household is not called like the children.
        name = cart.name
    create_person(email=page.email, name=name)
    # One mail for a household: its link claims every page with the address.
    others = Fundraiser.objects.filter(event=page.event_id, owner=None, email=page.email).exclude(pk=page.pk)
    if not others.exists():
        queue([claim_mail(page)])


def _free_slug(event: Event, name: str, bib: int) -> str:
    """The name as an address, or with the bib behind it where that is taken, looks so, or means something else."""
    plain = slugify(name.replace("_", " "))[:50].strip("-")
    slug = plain
    if shape_problem(plain) or address_problem(event, plain):
        slug = f"{plain or 'runner'}-{bib}"
    while address_problem(event, slug):
        # Somebody has taken even that: a chosen address must not keep a runner from having a page.
        slug = f"{plain or 'runner'}-{secrets.token_hex(5)}"
    return slug


def _unguessable(name: str) -> str:
    return f"{slugify(name)[:35]} {secrets.token_hex(5)}"


@transaction.atomic
def set_hidden(*, fundraiser: Fundraiser, hidden: bool, by: str = Fundraiser.HiddenBy.STAFF) -> None:
    """Takes a page away from every address of ours at once, or brings it back.

    What the organizers have hidden, only they show again: Refused for its owner.
    """
    moved = public_edit(fundraiser.event_id)
    pages = Fundraiser.objects.filter(pk=fundraiser.pk)
    if by == Fundraiser.HiddenBy.OWNER:
        pages = pages.filter(Q(is_hidden=False) | Q(hidden_by=by))
    if not pages.update(is_hidden=hidden, hidden_by=by if hidden else "", moved=moved):
        raise Refused(_("The organizers have hidden this page. Nothing was changed. Please write to them."))
    count_members(Fundraiser.objects.filter(pk=fundraiser.pk).values_list("team_id", flat=True), moved=moved)


@transaction.atomic
def edit_page(*, fundraiser: Fundraiser, name: str, title: str, story: str, goal_cents: int) -> None:
    """What the page says. The goal is in cents; without a title or a story the page shows the usual ones."""
    public_edit(fundraiser.event_id)
    fundraiser.name, fundraiser.title, fundraiser.story, fundraiser.goal_cents = name, title, story, goal_cents
    fundraiser.save(update_fields=["name", "title", "story", "goal_cents"])


@transaction.atomic
def set_audience(*, fundraiser: Fundraiser, listed: bool, protected: bool, new_address: bool) -> None:
    """Who can find a page: everybody, whoever has its address, or that and protected: no photo, words are read first.

    `new_address` gives it one that nobody can guess, and those it had lead nowhere. A page that becomes protected gets
    one without a name in any case, and says no full name any more.
    """
    moved = public_edit(fundraiser.event_id)
    fundraiser.refresh_from_db(fields=["is_protected"])
    new_address |= protected and not fundraiser.is_protected
    if protected:
        _replace_photo(fundraiser, "")
        _forget_full_name(fundraiser)
    fundraiser.is_protected, fundraiser.is_listed, fundraiser.moved = protected, listed and not protected, moved
    fundraiser.save(update_fields=["is_protected", "is_listed", "moved"])
    if new_address:
        name = _unguessable("runner" if protected else fundraiser.name)
        _readdress(fundraiser, _free_slug(fundraiser.event, name, fundraiser.bib))
        fundraiser.old_slugs.update(is_dead=True)


def _forget_full_name(page: Fundraiser) -> None:
    if tells_full_name(page, page.title, page.name):
        page.title = ""
    if tells_full_name(page, page.name, page.name):
        page.name = page.first_name
    page.save(update_fields=["name", "title"])


@transaction.atomic
def set_photo(*, fundraiser: Fundraiser, name: str) -> None:
    """Shows a stored photo by its name, or none for ""; the one before is deleted. Refused on a protected page."""
    public_edit(fundraiser.event_id)
    fundraiser.refresh_from_db(fields=["is_protected"])
    if name and fundraiser.is_protected:
        raise Refused(_("A protected page shows no photo."))
    _replace_photo(fundraiser, name)


def _replace_photo(page: Fundraiser, name: str) -> None:
    page.refresh_from_db(fields=["photo"])
    old, page.photo = page.photo, name
    page.save(update_fields=["photo"])
    transaction.on_commit(lambda: remove_photo(old))


@transaction.atomic
def change_address(*, fundraiser: Fundraiser, slug: str) -> None:
    """Gives a page another address; those it had go on to it. Raises Refused for one that it may not have."""
    public_edit(fundraiser.event_id)
    if problem := shape_problem(slug) or address_problem(fundraiser.event, slug, own=fundraiser):
        raise Refused(problem)
    if fundraiser.is_protected and tells_full_name(fundraiser, slug):
        raise Refused(_("Your page is protected: its address shall not say your full name. Choose another."))
    if fundraiser.old_slugs.exclude(slug=slug).count() >= MOST_OLD_ADDRESSES:
        raise Refused(
            _("This page has had %(most)s addresses, and they are kept for it. Use one of those.")
            % {"most": MOST_OLD_ADDRESSES}
        )
    _readdress(fundraiser, slug)


def _readdress(page: Fundraiser, slug: str) -> None:
    if slug == page.slug:
        return
    page.old_slugs.filter(slug=slug).delete()
    OldSlug.objects.create(event=page.event, slug=page.slug, skeleton=page.skeleton, fundraiser=page)
    page.slug, page.skeleton = slug, look_of(slug)
    page.save(update_fields=["slug", "skeleton"])


@transaction.atomic
def post_update(*, fundraiser: Fundraiser, text: str) -> Update:
    """News on the page, in Markdown. On a protected page a moderator reads them first, elsewhere what may hurt."""
    public_edit(fundraiser.event_id)
    return Update.objects.create(fundraiser=fundraiser, text=text, waits=is_read_first(fundraiser, text))


@transaction.atomic
def remove_update(*, fundraiser: Fundraiser, pk: int) -> None:
    """Takes an update of this page away for good."""
    public_edit(fundraiser.event_id)
    fundraiser.updates.filter(pk=pk).delete()


@transaction.atomic
def hide_update(*, update: Update, hidden: bool) -> None:
    """A moderator takes an update off its page, or shows it, for the first time or again."""
    public_edit(update.fundraiser.event_id)
    Update.objects.filter(pk=update.pk).update(is_hidden=hidden, waits=False)


@transaction.atomic
def report(*, page: Fundraiser | Team, reason: str, email: str, form_token: UUID) -> None:
    """Keeps what somebody says is wrong with a page or a team, once for each form, for a person at the desk."""
    target = {"fundraiser": page} if isinstance(page, Fundraiser) else {"team": page}
    if Report.objects.filter(closed_at=None, **target).count() < MOST_OPEN_REPORTS:
        Report.objects.get_or_create(form_token=form_token, defaults={**target, "reason": reason, "email": email})
