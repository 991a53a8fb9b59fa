"""What happens to place, page and money: said before it is done, and in the mail after it was."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from common.money import dollars
from events.models import Event
from registration.models import Participant
from registration.queries import moves_until, refunds_until


@dataclass(frozen=True, slots=True)
class Consequences:
    """Three sentences, or a few."""

    place: str
    page: str
    money: str


def refund_cents(person: Participant) -> int:
    """What of the entry fee goes back when the place is cancelled now, in cents: all of it or nothing."""
    until = refunds_until(person.registration.event)
    return person.due_cents if until is not None and clock.now() <= until else 0


def of_cancelling(person: Participant, cents: int | None = None) -> Consequences:
    """`cents` is what of the fee goes back, where that is known better than by the dates."""
    back = refund_cents(person) if cents is None else cents
    return Consequences(
        place=_("%(name)s does not take part, and the place goes to the next one who wants it. It cannot be undone.")
        % {"name": person.name},
        page=_("Gifts to the page stay with the organizations. The page stays where it is, unless you hide it."),
        money=_money_of_cancelling(person, back),
    )


def _money_of_cancelling(person: Participant, back: int) -> str:
    event, until = person.registration.event, refunds_until(person.registration.event)
    if back:
        said = _("The entry fee of %(sum)s goes back the way it was paid. That takes the bank 5 to 10 days.")
        return said % {"sum": dollars(back)}
    if not person.due_cents:
        return _("Nothing was paid for this entry, so nothing goes back.")
    words = {"sum": dollars(person.due_cents)}
    if until is None or clock.now() <= until:
        return _("The entry fee of %(sum)s is not refunded: it is a gift to the organizations.") % words
    words["until"] = moment(event, until)
    return (
        _("The entry fee of %(sum)s could go back until %(until)s. Now it stays a gift to the organizations.") % words
    )


def of_handing_on(person: Participant) -> Consequences:
    return Consequences(
        place=_(
            "The new person gets a mail with a link, fills in what race day needs and signs the waiver. Until then the"
            " place stays with %(name)s, and you can change your mind. The link is good for 7 days, and at most until"
            " %(until)s."
        )
        % {"name": person.name, "until": moment(person.registration.event, moves_until(person.registration.event))},
        page=_("%(name)s keeps the page, its gifts and its bib. The new person gets a page and a bib of their own.")
        % {"name": person.name},
        money=_("Nothing is paid and nothing goes back. What the two of you settle is between you."),
    )


def of_deferring(person: Participant) -> Consequences:
    money = _("There is nothing to pay now, and nothing goes back.")
    if person.due_cents:
        money = _("The entry fee of %(sum)s stays with the organizations, and the next entry costs nothing.") % {
            "sum": dollars(person.due_cents)
        }
    return Consequences(
        place=_(
            "%(name)s does not take part this time. The place goes to the next one who wants it, and we promise a free"
            " entry in the next edition: you get a mail when it can be signed up for, and the page of your registration"
            " leads to it. It cannot be undone."
        )
        % {"name": person.name},
        page=_("The page stays as it is and takes gifts."),
        money=money,
    )


def moment(event: Event, at: datetime) -> str:
    """`December 7, 2017, 9:00 AM`, by the event's own clock."""
    return date_format(at.astimezone(event.zone), "F j, Y, g:i A")
