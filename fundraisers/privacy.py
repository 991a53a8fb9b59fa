"""What is kept about runners' pages, and what is said of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy

from common.append_only import HOLE
from common.photos import remove_photo
from common.privacy import Ending, Gone, Kept, Part, Purpose, Room, blank, delete, of_address
from events.services import public_edit
from fundraisers.models import EmailChange, Fundraiser, JoinRequest, OldSlug, Report, Update, Visits
from fundraisers.slugs import look_of
from registration.models import ADULT
from registration.privacy import CHILDREN_KEPT
from teams.services import count_members

REPORTS_KEPT = timedelta(days=365)
VISITS_KEPT = timedelta(days=730)
CHANGES_KEPT = timedelta(days=90)

PAGE = Purpose(
    Part.RUN,
    gettext_lazy("Your page: the name you run under, its address, your story, photo and news"),
    gettext_lazy("So that people can find it and give on it."),
    gettext_lazy("Until you ask us to delete it. You can hide it at any time, and it is gone for everybody at once."),
    gettext_lazy("Everybody, or whom you give the address: you choose. Its e-mail address is never shown."),
)
VISITS = Purpose(
    Part.YOU,
    gettext_lazy("How often a page was opened on a day, and by which way: no person, no network address"),
    gettext_lazy("So that a runner sees which way brings people."),
    gettext_lazy("Two years."),
    gettext_lazy("The page's owner"),
)
REPORT = Purpose(
    Part.WRITE,
    gettext_lazy("What you report about a page, and your e-mail address if you leave it"),
    gettext_lazy("So that one of us looks at it and can answer you."),
    gettext_lazy("A year after it was dealt with."),
    gettext_lazy("Organizers and moderators"),
)
CHANGE = Purpose(
    Part.YOU,
    gettext_lazy("A change of your e-mail address: the old and the new one"),
    gettext_lazy("So that nobody can take your page away: the old address can stop it."),
    gettext_lazy("90 days."),
    gettext_lazy("You, and organizers"),
)


def pages_of(email: str) -> "QuerySet[Fundraiser]":
    """A page is its owner's; until somebody has come for it, that of the address it was made for."""
    owned = of_address(Fundraiser.objects.all(), email, "owner__email")
    unclaimed = of_address(Fundraiser.objects.filter(owner=None), email, "email")
    return Fundraiser.objects.filter(Q(pk__in=owned.values("pk")) | Q(pk__in=unclaimed.values("pk")))


def _end_pages(pages: Sequence[Any]) -> None:
    """The row stays, since gifts name it: without a word of its owner, at an address that nobody knows, and hidden."""
    for page in pages:
        moved, slug = public_edit(page.event_id), f"gone-{token_hex(8)}"
        said = {"name": f"Runner {page.bib}", "email": "", "title": "", "story": "", "photo": "", "owner": None}
        shut = {"is_hidden": True, "hidden_by": Fundraiser.HiddenBy.STAFF, "is_listed": False, "moved": moved}
        Fundraiser.objects.filter(pk=page.pk).update(slug=slug, skeleton=look_of(slug), **said, **shut)
        OldSlug.objects.filter(fundraiser=page).delete()
        Update.objects.filter(fundraiser=page).delete()
        JoinRequest.objects.filter(fundraiser=page).delete()
        Report.objects.filter(fundraiser=page).update(reason=HOLE, email="")
        count_members([page.team_id], moved=moved)
        transaction.on_commit(partial(remove_photo, page.photo))


def _scrub(gone: Gone) -> None:
    """Where gifts of another's page went to this address, they go nowhere now."""
    blank(email="")(list(of_address(Fundraiser.objects.all(), gone.email, "email")))


def _children(now: datetime) -> "QuerySet[Fundraiser]":
    after = Fundraiser.objects.filter(participant__age__lt=ADULT, event__starts_at__lt=now - CHILDREN_KEPT)
    return after.exclude(slug__startswith="gone-", name=Concat(Value("Runner "), Cast("bib", CharField())))


def _old_reports(now: datetime) -> "QuerySet[Report]":
    return Report.objects.filter(closed_at__lt=now - REPORTS_KEPT)


def _old_visits(now: datetime) -> "QuerySet[Visits]":
    return Visits.objects.filter(day__lt=(now - VISITS_KEPT).date())


def _old_changes(now: datetime) -> "QuerySet[EmailChange]":
    return EmailChange.objects.filter(closed_at__lt=now - CHANGES_KEPT)


def _of_page(email: str) -> Q:
    return Q(fundraiser__in=pages_of(email).values("pk"))


ROOM = Room(
    kept=(
        Kept(
            PAGE,
            Fundraiser,
            ("name", "slug", "skeleton", "email", "title", "story", "photo"),
            pages_of,
            _end_pages,
            names=("name", "slug", "email"),
            also_told=("bib", "team", "goal_cents", "raised_cents", "is_hidden", "created_at", "claimed_at"),
            untold=("skeleton",),
        ),
        Kept(
            PAGE,
            OldSlug,
            ("slug", "skeleton"),
            lambda email: OldSlug.objects.filter(_of_page(email)),
            names=("slug",),
            untold=("skeleton",),
        ),
        Kept(
            PAGE,
            Update,
            ("text",),
            lambda email: Update.objects.filter(_of_page(email)),
            also_told=("created_at",),
        ),
        Kept(PAGE, JoinRequest, (), lambda email: JoinRequest.objects.filter(_of_page(email)), also_told=("team",)),
        Kept(VISITS, Visits, ("source",)),
        Kept(
            REPORT,
            Report,
            ("reason", "email"),
            lambda email: of_address(Report.objects.all(), email, "email"),
            blank(reason=HOLE, email=""),
            also_told=("created_at", "closed_at"),
        ),
        Kept(
            CHANGE,
            EmailChange,
            ("old", "new"),
            # Whoever reads the old mailbox must not learn the new one, from an export least of all.
            lambda email: of_address(EmailChange.objects.all(), email, "user__email"),
            delete,
            also_told=("asked_at", "closed_at"),
            untold=("old", "new"),
        ),
    ),
    endings=(
        Ending(gettext_lazy("pages of children"), _children, _end_pages),
        Ending(gettext_lazy("reports that were dealt with"), _old_reports, delete),
        Ending(gettext_lazy("counts of visits"), _old_visits, delete),
        Ending(gettext_lazy("changes of e-mail addresses"), _old_changes, delete),
    ),
    scrub=_scrub,
)
