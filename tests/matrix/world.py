"""A small world: one of everything that a route can address, and one person of every part."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from accounts.services import confirm_address, create_person
from common import clock
from common.photos import store_photo
from donations.bank.formats.table import Columns, table_of
from donations.bank.lines import Line, Told
from donations.bank.queries import Part
from donations.bank.services import call_unexplained, keep_statement, keep_upload, match, remember_columns
from donations.disbursements.evidence import keep_evidence
from donations.disbursements.models import Allocation, Payee
from donations.disbursements.services import approve, mark_sent, propose
from donations.giving.models import Donation
from donations.ledger.entries import draft
from donations.ledger.models import Alarm, Kind, Ledger, OpenItem
from donations.ledger.models import Role as Purpose
from donations.ledger.services import chart_of, post, raise_alarm
from donations.payments.models import BalanceTransaction, Payment
from events.models import Event, Sponsor
from events.queries import lanes
from fundraisers.cards import event_card, runner_card, team_card
from fundraisers.claims import ask_for_address
from fundraisers.membership import join as join_team
from fundraisers.models import Fundraiser, JoinRequest, Report
from fundraisers.services import post_update, report
from outreach.models import OutboxMail
from outreach.tokens import token_of
from registration.changes import hand_on
from registration.codes import create_promo_code
from registration.models import Participant, PromoCode, Registration, WaitListEntry
from registration.waitlist import join
from teams.invitations import renew_link
from teams.services import add_captain, create_group, hand_over
from tests.accounts.people import make_staff, sign_in
from tests.bank.files import CSV
from tests.factories import a_cart, a_page, a_payment, a_race, a_registration, a_team, paid
from tests.images.photos import a_picture, saved
from tests.matrix.campaign import campaign
from tests.matrix.mailing import mailing_list
from tests.matrix.screens import screens_and_widgets
from tests.matrix.volunteers import helping_hands
from tests.matrix.without_stripe import offline_at_desk
from tests.payments.test_feed import a_row, read

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
    files: dict[str, object]
    teams: dict[str, object]
    places: dict[str, tuple[object, ...]]
    pages: dict[str, object]
    payments: dict[str, object]
    without_stripe: dict[str, object]
    entries: dict[str, object]
    campaign: tuple[dict[str, object], dict[str, object]]
    mailing: dict[str, object]

    def numbers(self, part: str) -> dict[str, object]:
        """What a person of this part fills into the addresses: only the donor knows the private link."""
        key = Authenticator.objects.filter(user=self.people[part]).first() if part in self.people else None
        return {
            **dict.fromkeys(("fundraiser", "give", "api_runner", "api_runner_gifts"), self.page.slug),
            "leaderboard_tab": "teams",
            "api_team": "north-loop",
            "api_board": "runners",
            "api_place": ("runners", self.page.slug),
            **self.files,
            **self.teams,
            **self.pages,
            **self.entries,
            "desk_move_gift": self.donation.pk,
            "desk_move_page": self.page.pk,
            "wait": "kids",
            "waiver_version": 1,
            **{
                name: given if part == "donor" else (self.strange_link, *given[1:])
                for name, given in self.places.items()
            },
            "thanks": (link := self.payment.link if part == "donor" else self.strange_link),
            **dict.fromkeys(("gift_shown", "gift_email", "gift_receipt", "receipt_pdf", "trace"), link),
            **dict.fromkeys(("year", "year_pdf"), self.year_link if part == "donor" else "forged"),
            **dict.fromkeys(("data", "data_file", "data_forget"), self.data_link if part == "donor" else "forged"),
            **dict.fromkeys(("desk_person", "desk_person_file"), token_of("desk_person", "other@example.org")),
            "desk_export": "gifts.csv",
            **dict.fromkeys(("outbox_mail", "outbox_html", "desk_mail"), self.mail.pk),
            **self.payments,
            **self.without_stripe,
            **self.campaign[0],
            **{name: link if part == "donor" else "forged" for name, link in self.campaign[1].items()},
            **self.mailing,
            **dict.fromkeys(("desk_gift", "desk_refund", "desk_message", "desk_thanks"), self.donation.pk),
            "desk_place": self.item.pk,
            "desk_close_alarm": self.alarm.pk,
            "desk_hide_runner": self.page.pk,
            "mfa_edit_webauthn": key.pk if key else 1,
            "mfa_remove_webauthn": key.pk if key else 1,
        }

    def address(self, part: str, name: str) -> str:
        """A route as a person of this part would fill it in: one word or number, or a tuple of several."""
        given = self.numbers(part).get(name, ())
        return reverse(name, args=given if isinstance(given, tuple) else (given,))

    @property
    def year_link(self) -> str:
        return token_of("statement_token", [self.payment.email, clock.now().year])

    @property
    def data_link(self) -> str:
        """Of somebody who can be forgotten: nothing of theirs is under way."""
        return token_of("data_token", "other@example.org")

    @property
    def strange_link(self) -> UUID:
        return uuid4()

    def client(self, part: str) -> Client:
        """A fresh session of this person, staff with a second factor just used."""
        client = Client()
        return sign_in(client, self.people[part]) if part in self.people else client


def a_world() -> World:
    page = a_page(a_race(), email="amina@example.org")
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
    helping = helping_hands(page.event, people["coordinator"])
    return World(
        page=page,
        payment=payment,
        donation=payment.donations.get(),
        item=odd_money(payment),
        alarm=Alarm.objects.get(),
        mail=mail,
        people=people,
        # Before the files: a card shows how many run with the team, and what was given.
        without_stripe=offline_at_desk(page.event, payment, people["treasurer"]),
        teams=teams_of(page),
        files=public_files(page),
        places=private_places(page.event) | helping[0],
        pages=page_of_owner(page, payment.donations.get()),
        entries=entries_at_desk() | helping[1] | screens_and_widgets(page),
        campaign=campaign(page.event, people["organizer"]),
        mailing=mailing_list(page.event, people["organizer"]),
        payments=payments_at_desk(page.event, people) | bank_at_desk(people["treasurer"]),
    )


def private_places(event: Event) -> dict[str, tuple[object, ...]]:
    """A cart, a household that is in, of whom one is handing on, and a place on the wait list, by their links."""
    create_promo_code(event=event, code="LOOP", percent_off=10)
    event.options.filter(slug="kids").update(capacity=0)
    entry = join(option=event.options.get(slug="kids"), name="Rosa Delgado", email="rosa@example.org")
    cart, done = a_cart(event), a_registration(event, "Rosa Delgado", "Sam Delgado")
    shopping, inside, leaving = cart.participants.get().pk, *done.participants.values_list("pk", flat=True)
    held = a_cart(event)
    held.status, held.held_until = Registration.Status.HELD, clock.now()
    held.save(update_fields=["status", "held_until"])
    hand_on(participant=done.participants.get(pk=leaving), name="Cleo Smith", email="cleo@example.org")
    return {
        "register_cart": (cart.token,),
        "register_person": (cart.token,),
        "register_edit": (cart.token, shopping),
        "register_remove": (cart.token, shopping),
        "register_code": (cart.token,),
        "register_gift": (cart.token,),
        "waiting": (entry.token,),
        **dict.fromkeys(("checkout", "change_registration"), (held.token,)),
        **dict.fromkeys(("registration", "registration_free_entry"), (done.token,)),
        "registration_details": (done.token, inside),
        "registration_transfer": (done.token, inside),
        "registration_keep": (done.token, leaving),
        "registration_defer": (done.token, inside),
        "registration_cancel": (done.token, inside),
    }


def entries_at_desk() -> dict[str, object]:
    """The household that is in, who waits, and the code, by their numbers."""
    person = Participant.objects.filter(registration__status=Registration.Status.CONFIRMED).earliest("pk")
    return {
        "desk_registration": person.registration_id,
        **dict.fromkeys(("desk_correct_entry", "desk_cancel_entry", "desk_arrive"), person.pk),
        "desk_wait": WaitListEntry.objects.get().pk,
        "desk_switch_code": PromoCode.objects.get().pk,
    }


def payments_at_desk(event: Event, people: dict[str, User]) -> dict[str, object]:
    """Money at the bank; a batch that waits for approval, and one of whose payments one is out."""
    book = Ledger.objects.get()
    told = Told("csv", (Line(clock.now().date(), 50_000, "DEPOSIT"),))
    statement = keep_statement(book=book, told=told, name="bank.csv", content=b"", by=people["treasurer"])
    call_unexplained(line=statement.lines.get())
    first, second, third = event.beneficiaries.all()
    for lane in (first, second, third):
        Payee.objects.create(beneficiary=lane, account="PO Box 1", changed_at=clock.now() - timedelta(days=9))
    by = people["treasurer"]
    proposed = propose(event=event, by=by, amounts={first.pk: 100}, token=uuid4())
    approved = propose(event=event, by=by, amounts={second.pk: 100, third.pk: 100}, token=uuid4())
    approve(batch=approved, by=people["approver"])
    waiting, out = approved.disbursements.all()
    mark_sent(payment=out, by=people["treasurer"], evidence="check 7")
    return {
        **papers_of(event, people),
        **dict.fromkeys(("desk_batch", "desk_approve", "desk_withdraw"), proposed.pk),
        "desk_send": waiting.pk,
        "desk_came_back": out.pk,
        "desk_payee": first.pk,
    }


def bank_at_desk(by: User) -> dict[str, object]:
    """A line that waits, one that was matched, a payout that is open, and two files that nobody has looked at yet."""
    book = Ledger.objects.get()
    read(book, a_row("topup", 300, source={"id": "tu_1"}), a_row("payout", -300, source={"id": "po_1"}))
    told = Told("csv", tuple(Line(clock.now().date(), cents, "STRIPE") for cents in (-300, 100)))
    statement = keep_statement(book=book, told=told, name="stripe.csv", content=b"", by=by)
    matched, waiting = statement.lines.order_by("cents")
    match(line=matched, parts=[Part(OpenItem.objects.get(key="payout:tu_1"), -300)])
    files = [keep_upload(book=book, name=name, content=CSV.replace("Amount", name).encode(), by=by) for name in "AB"]
    columns = Columns(day=0, day_format="%m/%d/%Y", text=(1,), amount=2)
    remember_columns(book=book, fingerprint=table_of(files[0].file).fingerprint, columns=columns)
    return {
        **dict.fromkeys(("desk_bank_line", "desk_match_line", "desk_say_line"), waiting.pk),
        "desk_right_line": matched.pk,
        "desk_uploaded": files[0].pk,
        "desk_columns": files[1].pk,
        "desk_payout": "po_1",
    }


def papers_of(event: Event, people: dict[str, User]) -> dict[str, object]:
    """A payment to the charity's own organization, with a file; the pool's surplus proposed; a sponsor with a logo."""
    by, first = people["treasurer"], event.beneficiaries.all()[0]
    batch = propose(event=event, by=by, amounts={first.pk: 50}, token=uuid4())
    approve(batch=batch, by=people["approver"])
    payment = batch.disbursements.get()
    mark_sent(payment=payment, by=by, evidence="check 8")
    file = keep_evidence(payment=payment, upload=BytesIO(b"%PDF-1.7"), by=by)
    giving = {"with_surplus": True, "amounts": {first.slug: 100}, "reason": "Left over", "proposed_by": by}
    allocation = Allocation.objects.create(ledger=batch.ledger, event=event, token=uuid4(), **giving)
    logo = store_photo(BytesIO(saved(a_picture(640, 480))))
    sponsor = Sponsor.objects.create(event=event, name="Mill City Bank", consent=True, logo=logo)
    return {
        **dict.fromkeys(("charity_payment", "desk_evidence"), payment.pk),
        **dict.fromkeys(("charity_evidence", "desk_evidence_file"), file.pk),
        **dict.fromkeys(("charity_statement", "desk_statement_of"), first.slug),
        **dict.fromkeys(("desk_approve_allocation", "desk_withdraw_allocation"), allocation.pk),
        "desk_sponsor": sponsor.pk,
        "sponsor_logo": (sponsor.pk, logo, 640),
    }


def page_of_owner(page: Fundraiser, gift: Donation) -> dict[str, object]:
    """What an owner's page has, another one that waits for the same person, a new address and a report."""
    waiting = a_page(page.event, name="Leyla Warsame", team="", email=page.email)
    assert page.owner
    confirm_address(user=page.owner)
    change = ask_for_address(user=page.owner, event=page.event, new="amina@new.example")
    update = post_update(fundraiser=page, text="Ten miles today.")
    report(page=page, reason="Not her name.", email="", form_token=uuid4())
    mine = ("my_page", "my_edit", "my_audience", "my_photo", "my_address", "my_updates", "my_hide", "my_gifts")
    return {
        **dict.fromkeys(mine, page.bib),
        "my_remove_update": (page.bib, update.pk),
        "my_thank": (page.bib, gift.pk),
        "claim": token_of("claim_token", {"page": waiting.pk, "email": waiting.email}),
        "email_answer": token_of("answer_token", change.pk),
        "email_stop": token_of("stop_token", change.pk),
        "mail_off": token_of("off", ["amina@example.org", "gifts"]),
        "updates": page.slug,
        "report": page.slug,
        "report_team": page.team.slug if page.team else "",
        "desk_close_report": Report.objects.get().pk,
        "desk_hide_update": update.pk,
        "desk_runner_email": page.pk,
    }


def teams_of(page: Fundraiser) -> dict[str, object]:
    """The page's team, led by its owner, with a second member and somebody who asks; and another one to join."""
    team, event = page.team, page.event
    assert team
    assert page.owner
    add_captain(team=team, user=page.owner)
    hand_over(team=team, to=page.owner)
    member, asking = (a_page(event, name=name, team="", email=f"{name[:3]}@example.org") for name in ("Tou", "Mai"))
    Fundraiser.objects.filter(pk=member.pk).update(owner=create_person(email="tou@example.org"))
    join_team(page=member, team=team)
    request = JoinRequest.objects.create(fundraiser=asking, team=team)
    other = a_team(event, "Frogtown")
    renew_link(team=other)
    other.refresh_from_db()
    group = create_group(event=event, name="Mill City Law")
    mine = (
        "team",
        "give_team",
        "team_leave",
        "my_team",
        "my_team_edit",
        "my_team_photo",
        "my_team_invite",
        "my_team_link",
        "my_team_hide",
        "team_qr",
        "team_sheet_a4",
        "team_sheet_letter",
    )
    return {
        **dict.fromkeys((*mine, "my_team_captains"), team.slug),
        **dict.fromkeys(("desk_team", "desk_hide_team"), team.pk),
        "team_group": group.slug,
        "team_join": other.slug,
        "team_invited": (other.slug, other.link_token),
        "my_team_answer": (team.slug, request.pk),
        "my_team_remove": (team.slug, member.bib),
    }


def public_files(page: Fundraiser) -> dict[str, object]:
    """Photos and cards of the page, its team and the event, by their addresses."""
    assert page.team
    photo = BytesIO(saved(a_picture(640, 480)))
    page.photo = page.team.photo = store_photo(photo)
    page.save(update_fields=["photo"])
    page.team.save(update_fields=["photo"])
    page = Fundraiser.objects.select_related("event", "team").get(pk=page.pk)
    event, team, shown = page.event, page.team, lanes(page.event)
    assert team
    return {
        "photo": (page.slug, page.photo, 640),
        "card": (page.slug, runner_card(page, event, shown).digest),
        "team_photo": (team.slug, team.photo, 640),
        "team_card": (team.slug, team_card(team, event, shown).digest),
        "event_card": event_card(event, shown).digest,
        **dict.fromkeys(("qr", "sheet_a4", "sheet_letter"), page.slug),
    }


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
