"""A race with one of everything that the open API may show, and of everything that it may not."""

from dataclasses import dataclass

from donations.giving.models import Donation
from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from teams.services import set_team_hidden, team_named
from tests.factories import a_page, a_payment, an_event, paid

# What no answer may ever hold.
SECRETS = (
    "donor-address",
    "runner-address",
    "Hidden Hanna",
    "hidden-hanna",
    "Anonymous Anna",
    "Full Name Of Alias",
    "Lastname-Of-First",
    "Waiting words",
    "Refused words",
    "4321.0",
    "432100",
    "Secret Steps",
)
# Known by its address, in no list.
QUIET = "Quiet Quinn"


@dataclass(frozen=True)
class Race:
    event: Event
    amina: Fundraiser
    quiet: Fundraiser
    hidden: Fundraiser


def a_race_with_secrets() -> Race:
    event = an_event()
    amina = a_page(event, email="runner-address@example.org")
    quiet = a_page(event, name=QUIET, is_listed=False)
    hidden = a_page(event, name="Hidden Hanna")
    veiled = a_page(event, name="Otto Other", team="Secret Steps")
    for page in (amina, quiet, hidden, veiled):
        paid(a_payment(page, cents=5_000, message="Run!"))
    give(amina, name="Anonymous Anna", shown="anonymous")
    give(amina, name="Full Name Of Alias", shown="alias", alias="The neighbours")
    give(amina, name="Given Lastname-Of-First", shown="first")
    give(amina, cents=432_100, amount_hidden=True)
    state(give(amina, message="Waiting words"), Donation.MessageState.WAITING)
    state(give(amina, message="Refused words"), Donation.MessageState.REFUSED)
    set_hidden(fundraiser=hidden, hidden=True)
    set_team_hidden(team=team_named(event=event, name="Secret Steps"), hidden=True)
    return Race(event, amina, quiet, hidden)


def give(page: Fundraiser, **more: object) -> Donation:
    payment = a_payment(page, **more)
    paid(payment)
    return payment.donations.get()


def state(gift: Donation, state: str) -> None:
    Donation.objects.filter(pk=gift.pk).update(message_state=state)
