"""Entries that are cancelled: what happens to place, page and money, said before it is done and done in one go."""

from dataclasses import replace
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from donations.giving import refunds
from donations.giving.models import Donation, RefundRequest
from donations.ledger import services as ledger
from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from registration import changes, emails
from registration.consequences import Consequences, of_cancelling, refund_cents
from registration.models import Participant


def fee_left(person: Participant) -> int:
    """What of an entry fee can go back, in cents: what was paid by card or debit and did not go back yet."""
    item = _fee_of(person)
    if item is None or not item.payment.charges.filter(status="succeeded").exists():
        return 0
    return next(left.amount_cents for left in refunds.left_of(item.payment) if left.item == item)


def _fee_of(person: Participant) -> Donation | None:
    paid = person.fees.filter(kind=Donation.Kind.REGISTRATION, received_at__isnull=False)
    return paid.select_related("payment").order_by("pk").last()


def consequences(
    person: Participant, *, refund: bool | None = None, keep_page: bool | None = None
) -> tuple[Consequences, int]:
    """What cancelling does to place, page and money, in words, and the cents that go back.

    Without `refund` the dates decide. Without `keep_page` it is not known yet what becomes of the page.
    """
    left = fee_left(person)
    by_dates = min(refund_cents(person), left)
    back = by_dates if refund is None else left * refund
    said = of_cancelling(person, back)
    if person.due_cents and not left:
        said = replace(said, money=_("No part of the entry fee is left to go back."))
    if keep_page is not None:
        kept = _("Gifts to the page stay with the organizations. The page stays where it is.")
        hidden = _("Gifts to the page stay with the organizations. The page is hidden.")
        said = replace(said, page=kept if keep_page else hidden)
    return said, back


@transaction.atomic
def cancel_entry(
    *, participant: Participant, keep_page: bool, by: User | None = None, refund: bool | None = None, reason: str = ""
) -> RefundRequest | None:
    """Takes somebody out of the race, hides their page unless it is kept, and asks for the fee back where it goes back.

    `by` is who did it at the desk, where `refund` may say other than the dates; nobody: whoever has the private link.
    The fee of this one entry goes back and nothing else: a first gift in the same payment is a gift. Returns the
    request, to be sent after the commit. Again: a no-op. Raises changes.CannotChange and refunds.TooMuch.
    """
    ledger.lock(ledger.ledger_of(participant.registration.event).pk)
    person = Participant.objects.select_related("registration__event", "option").get(pk=participant.pk)
    token = uuid5(person.registration.token, f"entry {person.pk}")
    if person.status == Participant.Status.CANCELLED:
        return RefundRequest.objects.filter(token=token).first()
    if person.registration.event.state == Event.State.CANCELLED:
        gone = _("The race is cancelled, and every entry with it. A mail says what becomes of the fee.")
        raise changes.CannotChange(gone)
    said, cents = consequences(person, refund=refund, keep_page=keep_page)
    person = changes.cancel(participant=person, by=by, cents=cents, tell=False)
    emails.queue_changed(person, _("Cancelled: %(name)s") % {"name": person.name}, said)
    page = Fundraiser.objects.filter(participant=person, is_hidden=False).first()
    if page and not keep_page:
        set_hidden(fundraiser=page, hidden=True, by=Fundraiser.HiddenBy.STAFF if by else Fundraiser.HiddenBy.OWNER)
    item = _fee_of(person)
    if item is None or not cents:
        return None
    why = _("Entry cancelled: %(reason)s") % {"reason": reason} if reason else _("Entry cancelled")
    return refunds.ask(payment=item.payment, parts={item.reference: cents}, reason=why[:200], by=by, token=token)
