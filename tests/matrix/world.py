"""A small world: one of everything that a route can address, and one person of every part."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Role, User
from accounts.services import create_person
from common import clock
from donations.giving.models import Donation
from donations.ledger.entries import draft
from donations.ledger.models import Alarm, Kind, OpenItem
from donations.ledger.models import Role as Purpose
from donations.ledger.services import chart_of, post, raise_alarm
from donations.payments.models import BalanceTransaction, Payment
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from tests.accounts.people import make_staff, sign_in
from tests.factories import a_page, a_payment, an_event, paid

STAFF = {
    "organizer": Role.ORGANIZER,
    "treasurer": Role.TREASURER,
    "approver": Role.APPROVER,
    "coordinator": Role.COORDINATOR,
    "moderator": Role.MODERATOR,
    "charity": Role.CHARITY,
}
PARTS = ("anonymous", "donor", "runner", "other", *STAFF)


@dataclass(frozen=True)
class World:
    page: Fundraiser
    payment: Payment
    donation: Donation
    item: OpenItem
    alarm: Alarm
    mail: OutboxMail
    people: dict[str, User]

    def numbers(self, part: str) -> dict[str, object]:
        """What a person of this part fills into the addresses: only the donor knows the private link."""
        key = Authenticator.objects.filter(user=self.people[part]).first() if part in self.people else None
        return {
            "fundraiser": self.page.slug,
            "give": self.page.slug,
            "thanks": self.payment.token if part == "donor" else self.strange_link,
            "outbox_mail": self.mail.pk,
            "outbox_html": self.mail.pk,
            "desk_gift": self.donation.pk,
            "desk_place": self.item.pk,
            "desk_close_alarm": self.alarm.pk,
            "desk_hide_runner": self.page.pk,
            "desk_mail": self.mail.pk,
            "mfa_edit_webauthn": key.pk if key else 1,
            "mfa_remove_webauthn": key.pk if key else 1,
        }

    @property
    def strange_link(self) -> UUID:
        return uuid4()

    def client(self, part: str) -> Client:
        """A fresh session of this person, staff with a second factor just used."""
        client = Client()
        return sign_in(client, self.people[part]) if part in self.people else client


def a_world() -> World:
    page = a_page(an_event(), email="amina@example.org")
    page.owner = create_person(email="amina@example.org", name="Amina Warsame")
    page.save(update_fields=["owner"])
    payment = a_payment(page)
    paid(payment)
    people = {part: make_staff(role, email=f"{part}@example.org") for part, role in STAFF.items()}
    people |= {"runner": page.owner, "other": create_person(email="other@example.org", name="Otto Other")}
    raise_alarm(payment.ledger_id, "ch_odd", "A charge that is not what its form said. It waits in clearing.")
    mail = OutboxMail.objects.get(key__startswith="receipt")
    mail.status, mail.next_try_at = OutboxMail.Status.FAILED, clock.now()
    mail.save(update_fields=["status", "next_try_at"])
    return World(
        page=page,
        payment=payment,
        donation=payment.donations.get(),
        item=odd_money(payment),
        alarm=Alarm.objects.get(),
        mail=mail,
        people=people,
    )


def odd_money(payment: Payment, cents: int = 1234) -> OpenItem:
    """Money on Stripe's balance that nobody can explain: an open item of the suspense account."""
    BalanceTransaction.objects.create(
        id="txn_odd",
        ledger=payment.ledger,
        type="adjustment",
        reporting_category="other_adjustment",
        amount_cents=cents,
        fee_cents=0,
        net_cents=cents,
        currency="usd",
        created_at=clock.now(),
        available_at=clock.now(),
    )
    chart = chart_of(payment.ledger_id)
    legs = [chart.leg(Purpose.STRIPE, cents), chart.leg(Purpose.SUSPENSE, -cents, "txn_odd")]
    post(payment.ledger_id, [draft(Kind.UNEXPLAINED, "txn_odd", clock.now(), legs, "other_adjustment")])
    return OpenItem.objects.select_related("account").get(key="txn_odd")
