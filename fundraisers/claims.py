"""Whose a page is: claimed by its e-mail address, and moved to another when a mailbox is lost.

The way back from a lost mailbox is one that a thief does not have (docs/decisions): the old address hears of it at
once and can stop it for three days, and the new one has to answer.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import is_guarded
from accounts.services import change_address, confirm_address, create_person
from common import clock
from events.models import Event
from fundraisers.emails import change_mails, changed_mail, claim_mail
from fundraisers.models import EmailChange, Fundraiser
from fundraisers.services import Refused
from outreach.services import queue
from registration.models import Participant, Registration
from teams.models import Captain

COOLING = timedelta(hours=72)
# Each writes to an address that somebody typed.
MOST_A_DAY = 3


def claim(*, user: User, event: Event) -> int:
    """The unclaimed pages with a person's address, which was shown to be theirs, become theirs. Returns how many."""
    waiting = Fundraiser.objects.filter(event=event, owner=None, email=user.email)
    return waiting.update(owner=user, claimed_at=clock.now())


@transaction.atomic
def claim_by_link(*, page: Fundraiser) -> User:
    """Whoever follows the link that was sent to the page's address owns it, and the others with that address."""
    user = create_person(email=page.email)
    confirm_address(user=user)
    claim(user=user, event=page.event)
    return user


@transaction.atomic
def ask_for_address(
    *, user: User, event: Event, new: str, by: User | None = None, at_once: bool = False
) -> EmailChange:
    """Begins to give a person another e-mail address: writes to both.

    `by` is who asks for the person at the desk. `at_once` is for who has just used a second factor: nothing cools
    then, but the new address still has to answer. One that was under way is given up. Raises Refused.
    """
    new, now = new.strip().lower(), clock.now()
    User.objects.select_for_update().get(pk=user.pk)
    if is_guarded(user):
        raise Refused(_("This is the address of somebody who works at the desk. It is not changed this way."))
    if new == user.email:
        raise Refused(_("That is the address already. Nothing was changed."))
    if user.email_changes.filter(asked_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(_("This was asked for several times today. Nothing was sent. Please try again tomorrow."))
    user.email_changes.filter(closed_at=None).update(closed_at=now)
    # To the next full hour: people are told.
    due = now if at_once else (now + COOLING).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    change = EmailChange.objects.create(user=user, old=user.email, new=new, by=by, asked_at=now, due_at=due)
    queue(change_mails(change, _called(user, event), event))
    return change


@transaction.atomic
def first_address(*, page: Fundraiser, email: str) -> None:
    """Gives a page that never had an e-mail address its first one, and asks there for the claim."""
    page.email = email.strip().lower()
    page.save(update_fields=["email"])
    create_person(email=page.email)
    queue([claim_mail(page)])


@transaction.atomic
def answer(*, change: EmailChange) -> None:
    """The new address has answered; the change is done as soon as nothing cools any more."""
    now = clock.now()
    EmailChange.objects.filter(pk=change.pk, closed_at=None, answered_at=None).update(answered_at=now)
    finish(number=change.pk)


def stop(*, change: EmailChange) -> bool:
    """The old address says no. False when it was over already."""
    still_open = EmailChange.objects.filter(pk=change.pk, closed_at=None)
    return bool(still_open.update(closed_at=clock.now()))


def due_changes() -> list[int]:
    """What has cooled and was answered."""
    return list(_due().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def finish(*, number: int) -> None:
    """Does one change of address, once, when it is due."""
    change = _due().select_for_update(of=("self",)).select_related("user").filter(pk=number).first()
    if change is None:
        return
    EmailChange.objects.filter(pk=change.pk).update(closed_at=clock.now())
    if change.user.email == change.old:
        _move(change)


def _due() -> QuerySet[EmailChange]:
    return EmailChange.objects.filter(closed_at=None, answered_at__isnull=False, due_at__lte=clock.now())


def _move(change: EmailChange) -> None:
    """Pages, registrations and what is led go to whoever has the new address; a person of its own may be there."""
    event = Event.objects.filter(is_current=True).first()
    queue([changed_mail(change, _called(change.user, event), event)])
    owner = User.objects.filter(email=change.new).first() or change.user
    if owner == change.user:
        change_address(user=owner, email=change.new)
    else:
        confirm_address(user=owner)
        led = Captain.objects.filter(user=change.user).exclude(team__captains__user=owner)
        Captain.objects.filter(pk__in=list(led.values_list("pk", flat=True))).update(user=owner)
    Fundraiser.objects.filter(owner=change.user).update(owner=owner, email=change.new)
    waiting = Fundraiser.objects.filter(owner=None, email__in=[change.old, change.new])
    waiting.update(owner=owner, email=change.new, claimed_at=clock.now())
    for model in (Registration, Participant):
        model.objects.filter(email__iexact=change.old).update(email=change.new)


def _called(user: User, event: Event | None) -> str:
    """The name that the person's first page goes by."""
    theirs = Q(owner=user) | Q(owner=None, email=user.email)
    return Fundraiser.objects.filter(theirs, event=event).order_by("bib").values_list("name", flat=True).first() or ""
