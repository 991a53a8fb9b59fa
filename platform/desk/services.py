"""Acts of the desk: each in one transaction with the line of the log that says who did it, and why."""

from typing import cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services import create_person, record_act
from common import clock
from desk.queries import stuck_mails
from donations.ledger.models import Alarm, OpenItem
from donations.ledger.services import lock, place, placed_already
from events.models import Event
from fundraisers import claims
from fundraisers.models import Fundraiser, Report, Update
from fundraisers.services import create_fundraiser, hide_update, set_hidden
from outreach.models import OutboxMail
from teams.services import team_named


class Changed(Exception):
    """Somebody else was faster; nothing was done."""


@transaction.atomic
def place_open_item(
    *, request: HttpRequest, item: OpenItem, seen_cents: int, role: str, key: str, reason: str, token: UUID
) -> None:
    """Moves the whole amount of an open item, as the treasurer saw it, to the account of `role` under `key`.

    The same token again is a no-op. Raises Changed when the item no longer holds `seen_cents`: two treasurers at once
    would otherwise place it twice.
    """
    lock(item.account.ledger_id)
    if placed_already(token):
        return
    item.refresh_from_db(fields=["cents"])
    if not item.cents or item.cents != seen_cents:
        raise Changed
    place(item=item, role=role, key=key, reason=reason, token=token)
    target = f"{item.account} {item.key}, {item.cents} cents, to {role} {key}".strip()
    record_act(request=request, verb="placed", target=target[:200], reason=reason)


@transaction.atomic
def close_alarm(*, request: HttpRequest, alarm: Alarm, reason: str) -> None:
    """Takes an alarm off the list. Raises Changed when somebody has closed it."""
    if not Alarm.objects.filter(pk=alarm.pk, closed_at=None).update(closed_at=clock.now()):
        raise Changed
    record_act(request=request, verb="closed an alarm", target=f"alarm {alarm.pk} {alarm.reference}", reason=reason)


@transaction.atomic
def make_page(
    *, request: HttpRequest, event: Event, name: str, email: str, team: str, goal_cents: int | None, is_listed: bool
) -> Fundraiser:
    """A runner's page, with the team of this name where one is given. The goal is in cents, None for the usual one."""
    page = create_fundraiser(
        event=event,
        name=name,
        email=email,
        team=team_named(event=event, name=team) if team else None,
        goal_cents=goal_cents,
        is_listed=is_listed,
    )
    record_act(request=request, verb="made a page", target=f"bib {page.bib} {page.slug}")
    return page


@transaction.atomic
def hide_page(*, request: HttpRequest, page: Fundraiser, hidden: bool) -> None:
    """Takes a page away from every address of ours, or brings it back."""
    set_hidden(fundraiser=page, hidden=hidden)
    record_act(request=request, verb="hid a page" if hidden else "showed a page", target=f"bib {page.bib} {page.slug}")


@transaction.atomic
def close_report(*, request: HttpRequest, report: Report) -> None:
    """Takes a report off the list. Raises Changed when somebody has closed it."""
    if not Report.objects.filter(pk=report.pk, closed_at=None).update(closed_at=clock.now()):
        raise Changed
    page = report.fundraiser or report.team
    record_act(request=request, verb="closed a report", target=f"report {report.pk} {page.slug if page else ''}")


@transaction.atomic
def moderate_update(*, request: HttpRequest, update: Update, hidden: bool) -> None:
    """Takes news off a page, or brings it back."""
    hide_update(update=update, hidden=hidden)
    target = f"update {update.pk} {update.fundraiser.slug}"
    record_act(request=request, verb="hid an update" if hidden else "showed an update", target=target)


@transaction.atomic
def change_email(*, request: HttpRequest, page: Fundraiser, email: str, reason: str) -> None:
    """Begins to give the owner of a page another address, or gives a page without any its first. Raises Refused."""
    if not page.owner and not page.email:
        claims.first_address(page=page, email=email)
    else:
        owner = page.owner or create_person(email=page.email)
        claims.ask_for_address(user=owner, event=page.event, new=email, by=cast(User, request.user))
    target = f"bib {page.bib} {page.slug}"
    record_act(request=request, verb="asked for another address", target=target, reason=reason)


@transaction.atomic
def send_again(*, request: HttpRequest, mail: OutboxMail, reason: str) -> None:
    """Puts a mail that is stuck back into the queue. Raises Changed when it is not stuck any more."""
    _unstick(mail, status=OutboxMail.Status.WAITING, attempts=0, error="")
    record_act(request=request, verb="sent a mail again", target=f"mail {mail.pk} {mail.key}", reason=reason)


@transaction.atomic
def give_up(*, request: HttpRequest, mail: OutboxMail, reason: str) -> None:
    """Leaves a mail that is stuck as it is, for good. Raises Changed when it is not stuck any more."""
    _unstick(mail, status=OutboxMail.Status.FAILED)
    record_act(request=request, verb="gave up a mail", target=f"mail {mail.pk} {mail.key}", reason=reason)


def _unstick(mail: OutboxMail, **change: object) -> None:
    # A failed mail without a next try is one that was given up: see desk.queries.stuck_mails.
    if not stuck_mails().filter(pk=mail.pk).update(next_try_at=None, **change):
        raise Changed
