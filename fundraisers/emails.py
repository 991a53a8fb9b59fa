"""Mails to a page's owner, queued in the transaction of what they report."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import Event
from fundraisers.milestones import newly_reached
from fundraisers.models import EmailChange, Fundraiser
from outreach.models import OutboxMail, Topic


def claim_mail(page: Fundraiser) -> OutboxMail:
    """Asks whoever has the page's address to make it theirs, or to say that they want none."""
    return OutboxMail(
        key=f"claim:{page.pk}",
        to=page.email,
        event=page.event,
        subject=_("Your page is there: %(name)s, bib %(bib)s") % {"name": page.name, "bib": page.bib},
        template="email/claim",
        context={**_facts(page), "claim_token": {"page": page.pk, "email": page.email}},
    )


def milestone_mails(page: Fundraiser, before_cents: int, after_cents: int) -> list[OutboxMail]:
    """What to send when a page's total moved, in cents: word of the farthest step it reached, once each."""
    step = newly_reached(before_cents, after_cents, page.goal_cents)
    if step is None or not page.email or page.is_hidden:
        return []
    heading = {
        0: _("Your first gift is in"),
        100: _("You reached your goal"),
    }.get(step, _("%(step)s%% of your goal") % {"step": step})
    mail = OutboxMail(
        key=f"milestone:{page.pk}:{step}",
        to=page.email,
        event=page.event,
        topic=Topic.MILESTONES,
        subject=f"{heading}: {page.name}",
        template="email/milestone",
        context={**_facts(page), "heading": heading, "step": step, "raised_cents": after_cents},
    )
    return [mail]


def race_mail(kind: str, event: Event, pages: Sequence[Fundraiser]) -> OutboxMail:
    """One mail for all pages of an address, a week before the race (`week_before`) or the day after (`day_after`)."""
    subject = {
        "week_before": _("One week to go: %(event)s"),
        "day_after": _("Thank you for running: %(event)s"),
    }[kind]
    return OutboxMail(
        key=f"{kind}:{pages[0].pk}",
        to=pages[0].email,
        event=event,
        topic=Topic.RACE,
        subject=subject % {"event": event.name},
        template=f"email/{kind}",
        context={"pages": [_facts(page) for page in pages if not page.is_hidden], "my_url": _absolute(reverse("me"))},
    )


def change_mails(change: EmailChange, name: str, event: Event | None) -> list[OutboxMail]:
    """A new e-mail address was asked for: the new one is to answer, the old one hears of it and can stop it.

    Neither learns the other: one of them may be read by somebody who looks for the runner.
    """
    context = {"name": name, "due_at": change.due_at.isoformat()}
    cools = change.due_at > change.asked_at
    return [
        OutboxMail(
            key=f"email_new:{change.pk}",
            to=change.new,
            event=event,
            subject=_("Is this your new address?"),
            template="email/email_new",
            context={**context, "answer_token": change.pk},
        ),
        OutboxMail(
            key=f"email_old:{change.pk}",
            to=change.old,
            event=event,
            subject=_("Somebody asks for another address for your page"),
            template="email/email_old",
            context={**context, "by_staff": change.by_id is not None, "cools": cools, "stop_token": change.pk},
        ),
    ]


def changed_mail(change: EmailChange, name: str, event: Event | None) -> OutboxMail:
    """To the old address: it is done."""
    return OutboxMail(
        key=f"email_done:{change.pk}",
        to=change.old,
        event=event,
        subject=_("Your page has another address now"),
        template="email/email_done",
        context={"name": name},
    )


def _facts(page: Fundraiser) -> dict[str, Any]:
    return {
        "name": page.name,
        "first_name": page.first_name,
        "bib": page.bib,
        "raised_cents": page.raised_cents,
        "goal_cents": page.goal_cents,
        "page_url": _absolute(page.get_absolute_url()),
        "my_url": _absolute(reverse("my_page", args=[page.bib])),
    }


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
