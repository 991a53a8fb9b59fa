"""A person is forgotten: nothing of them is found anywhere, and not a cent moves."""

from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Role, StaffAct
from donations.giving.checkout import start_payment
from donations.giving.models import Donation
from donations.ledger.models import Balance, Entry, Leg
from donations.payments.models import StripeEvent
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from outreach.suppressions import is_suppressed
from people.registry import kept
from people.services import Refused, forget, hindrances, plan
from teams.models import Team
from tests.accounts.people import make_staff
from tests.factories import a_page, a_payment, a_race, a_registration, an_order, paid
from tests.privacy.person import EMAIL, MARKER, NAME, SLUG, everything, tables

pytestmark = [pytest.mark.django_db, pytest.mark.money]

PUBLIC = ("/", "/leaderboard", "/teams", "/money", "/stories", "/sitemap.xml", "/api/v1/runners", "/api/v1/gifts")


def marked() -> list[str]:
    """Where the marker stands: in tables, in sessions, in names of files."""
    found = [place for place, value in tables() if MARKER in value.lower()]
    found += ["a session" for session in Session.objects.all() if MARKER in str(session.get_decoded()).lower()]
    return found


def money() -> dict[str, object]:
    """All that is counted: entries, balances, totals, and ranks of teams."""
    return {
        "entries": list(Entry.objects.order_by("pk").values()),
        "legs": list(Leg.objects.order_by("pk").values()),
        "balances": list(Balance.objects.order_by("pk").values()),
        "gifts": list(Donation.objects.order_by("pk").values("amount_cents", "received_at", "fundraiser", "team")),
        "pages": list(Fundraiser.objects.order_by("pk").values("raised_cents", "gift_count")),
        "teams": list(Team.objects.order_by("-raised_cents", "pk").values("pk", "raised_cents", "gift_count")),
    }


def public(client: Client) -> str:
    return "".join(client.get(path).content.decode() for path in PUBLIC)


def test_nothing_of_a_person_is_found_anywhere(client: Client, django_capture_on_commit_callbacks: object) -> None:
    everything()
    rows = {thing: thing.of(EMAIL).count() for thing in kept() if thing.of}
    assert [thing.model.__name__ for thing, count in rows.items() if not count] == [], "not seeded"
    assert len(marked()) > 40
    before = money()
    # A receipt that waits is its donor's, whoever it names: it leaves, and loses its words after that.
    OutboxMail.objects.exclude(to=EMAIL).filter(status=OutboxMail.Status.WAITING).update(status="sent")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        forget(email=f" {EMAIL.upper()} ")
    assert marked() == []
    assert money() == before
    assert MARKER not in public(client).lower()
    assert default_storage.listdir("photos")[1] == []


def test_the_page_and_its_old_address_lead_nowhere_and_its_gifts_still_count(client: Client) -> None:
    everything()
    page = Fundraiser.objects.get(slug=SLUG)
    raised = page.raised_cents
    assert raised
    forget(email=EMAIL)
    assert client.get(f"/r/{SLUG}").status_code == 404
    assert client.get("/r/old-marker").status_code == 404
    page.refresh_from_db()
    assert (page.name, page.raised_cents, page.is_hidden) == (f"Runner {page.bib}", raised, True)
    assert client.get(f"/r/{page.slug}").status_code == 404


def test_a_gift_stays_with_its_amount_under_a_number(client: Client) -> None:
    page = a_page()
    gift = paid_by_them(page)
    old = f"/thanks/{gift.payment.link}"
    assert NAME in client.get(page.get_absolute_url()).content.decode()
    forget(email=EMAIL)
    text = client.get(page.get_absolute_url()).content.decode()
    assert NAME not in text
    assert "Somebody" in text
    assert "$50.00" in text or "$50" in text
    gift.refresh_from_db()
    assert gift.name == f"Donor {gift.payment_id}"
    assert client.get(old).status_code == 404


def paid_by_them(page: Fundraiser) -> Donation:
    payment = start_payment(order=an_order(page, email=EMAIL, name=NAME), form_token=uuid4(), comer=None)
    paid(payment)
    return payment.donations.get()


def test_others_keep_what_is_theirs() -> None:
    everything()
    other = a_payment(a_page(Event.objects.get(), name="Rosa Delgado"), name="Rosa Delgado")
    paid(other)
    forget(email=EMAIL)
    other.refresh_from_db()
    assert other.email
    assert other.donations.get().name == "Rosa Delgado"


def test_what_staff_did_stays_without_the_person() -> None:
    everything()
    forget(email=EMAIL)
    act = StaffAct.objects.get(verb="hid a page")
    assert act.user.email == "organizer@example.org"
    assert act.target.startswith("bib ")
    assert act.target.endswith("[erased]")


def test_stripes_events_keep_what_the_books_need() -> None:
    everything()
    forget(email=EMAIL)
    body = StripeEvent.objects.get().body
    assert '"payment"' in body
    assert "customer_details" not in body


def test_no_mail_goes_to_the_address_any_more_and_no_list_brings_it_back() -> None:
    everything()
    OutboxMail.objects.create(key="waits", to=EMAIL, subject="x", template="email/plain", context={"body": "x"})
    forget(email=EMAIL)
    assert OutboxMail.objects.get(key="waits").status == OutboxMail.Status.OFF
    assert is_suppressed(EMAIL, "gifts")
    assert is_suppressed(EMAIL, "news")


def test_twice_does_nothing_more() -> None:
    everything()
    forget(email=EMAIL)
    before = list(tables())
    assert forget(email=EMAIL) == []
    assert list(tables()) == before


def test_an_address_that_looks_alike_is_somebody_elses() -> None:
    page = a_page()
    gift = paid_by_them(page)
    forget(email=EMAIL.replace("o", "0"))
    forget(email="%@example.org")
    gift.refresh_from_db()
    assert gift.name == NAME


def test_the_dry_run_counts_and_changes_nothing() -> None:
    everything()
    before = list(tables())
    lines = plan(EMAIL)
    assert lines
    assert all(line.count for line in lines)
    assert list(tables()) == before


def test_an_open_payment_has_to_be_over_first() -> None:
    page = a_page()
    payment = start_payment(order=an_order(page, email=EMAIL, name=NAME), form_token=uuid4(), comer=None)
    with pytest.raises(Refused, match="not over yet"):
        forget(email=EMAIL)
    payment.refresh_from_db()
    assert payment.email == EMAIL


def test_an_entry_for_a_race_to_come_has_to_be_cancelled_first() -> None:
    a_registration(a_race(30), NAME, name=NAME, email=EMAIL)
    assert "Cancel it first" in hindrances(EMAIL)[0]


def test_staff_loses_the_role_first() -> None:
    make_staff(Role.ORGANIZER, email=EMAIL)
    assert "role of our staff" in hindrances(EMAIL)[0]
