"""Somebody who did everything that can be done here: gave, ran with a child, led a team, helped, wrote, signed in."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db import connection, models
from django.test import Client

from accounts.models import StaffAct, User
from accounts.services import create_person
from accounts.tokens import make_token
from common import clock
from common.photos import store_photo
from donations.giving.checkout import start_payment
from donations.giving.models import Entrance
from donations.payments import inbox
from donations.payments.models import Payment
from events.models import Event, Story
from fundraisers.models import EmailChange, Fundraiser, JoinRequest, OldSlug, Report, Update
from outreach import services as outreach
from outreach.models import OutboxMail, Topic
from outreach.news.models import Subscriber
from outreach.volunteers.models import Placement
from outreach.volunteers.services import offer
from people.registry import kept
from registration.models import WaitListEntry
from registration.services import confirm, hold
from teams.models import Invitation
from tests.accounts.people import add_totp
from tests.factories import a_cart, a_page, a_participant, a_payment, a_race, a_team, an_order, paid
from tests.fundraisers.test_photo import a_photo
from tests.volunteers.team import a_shift

EMAIL = "zebulon.marker@example.org"
NAME, CHILD, SLUG = "Zebulon Marker", "Quentin Marker", "zebulon-marker"
# Stands in every word that is seeded, and nowhere else in the program.
MARKER = "marker"
# What the factories call others, so that theirs can be told apart.
OTHER = "rosa@example.org"


def everything() -> User:
    """The person with a row in every table that can be found by an address, and others who mention them.

    The race was half a year ago, so that nothing of it hinders.
    """
    event = a_race()
    user = create_person(email=EMAIL, name=NAME)
    EmailAddress.objects.filter(user=user).update(verified=True)
    add_totp(user)
    make_token(user=user)
    page = _page_with_all(event, user)
    _entry_with_child(event)
    _gift(page)
    paid(a_payment(page, name="Rosa Delgado"))
    _written(event, page, user)
    Client().force_login(user)
    Event.objects.filter(pk=event.pk).update(starts_at=clock.now() - timedelta(days=180))
    mark()
    return user


def _page_with_all(event: Event, user: User) -> Fundraiser:
    team = a_team(event, captain=user)
    page = a_page(event, name=NAME, team=team.name, email=EMAIL)
    Fundraiser.objects.filter(pk=page.pk).update(owner=user, slug=SLUG, photo=store_photo(BytesIO(a_photo().read())))
    OldSlug.objects.create(event=event, slug="old-marker", skeleton="old-marker", fundraiser=page)
    Update.objects.create(fundraiser=page, text="Training with my marker.")
    JoinRequest.objects.create(fundraiser=page, team=a_team(event, name="Others"))
    Invitation.objects.create(team=team, email=EMAIL, nonce="marker")
    page.refresh_from_db()
    return page


def _entry_with_child(event: Event) -> None:
    cart = a_cart(event, NAME, name=NAME, email=EMAIL)
    a_participant(cart, CHILD, age=9, guardian=NAME, emergency_name="Marker Mum", emergency_phone="612-555-marker")
    confirm(registration_id=hold(registration=cart, until=clock.now() + timedelta(hours=1)).pk)
    WaitListEntry.objects.create(option=event.options.all()[0], name=NAME, email=EMAIL)


def _gift(own_page: Fundraiser) -> Payment:
    page = a_page(own_page.event, name="Somebody Else", email=OTHER)
    order = an_order(page, email=EMAIL, name=NAME, message="Go, said the marker", alias="Marker")
    payment = start_payment(order=order, form_token=uuid4(), comer=None)
    charge = paid(payment)
    details = {"email": EMAIL, "name": NAME, "address": {"city": "Markerton"}}
    thing = {"object": "checkout.session", "id": "cs_1", "customer_details": details, "status": "complete"}
    thing |= {"metadata": {"payment": str(payment.token)}, "payment_intent": charge.payment_intent}
    event = {"id": "evt_1", "type": "checkout.session.completed", "created": 1_790_000_000, "data": {"object": thing}}
    inbox.store(event, json.dumps(event).encode())
    Entrance.objects.create(payment=payment, network="n", email="e")
    return payment


def _written(event: Event, page: Fundraiser, user: User) -> None:
    Report.objects.create(fundraiser=a_page(event, name="Third One"), reason="A marker stands there.", email=EMAIL)
    EmailChange.objects.create(user=user, old=EMAIL, new="new.marker@example.org", due_at=clock.now())
    outreach.turn_off(email=EMAIL, topic=Topic.GIFTS, off=True)
    Subscriber.objects.create(email=EMAIL, words=1, proof="marker", asked_from="marker")
    helper = offer(event=event, name=NAME, email=EMAIL, wish="To hold the marker", shift=None)
    Placement.objects.create(volunteer=helper, shift=a_shift(event))
    said: dict[str, Any] = {"slug": "marker", "title": "Marker", "text": "Marker.", "content_note": "", "place": 9}
    Story.objects.create(event=event, attribution=NAME, email=EMAIL, submitted={"text": "Marker."}, **said)
    staff = create_person(email="organizer@example.org")
    StaffAct.objects.create(user=staff, verb="hid a page", target=f"bib {page.bib} {SLUG}", reason=f"{NAME} asked")
    mail = {"template": "email/plain", "context": {"body": f"{NAME} has joined"}, "status": OutboxMail.Status.SENT}
    OutboxMail.objects.create(key="of-others", to=OTHER, subject=f"{NAME} has joined", **mail)


def mark() -> None:
    """Writes the marker into every word of the person's rows that can take it, whatever the factories left there."""
    for thing in kept():
        for row in thing.of(EMAIL) if thing.of else ():
            for name in thing.fields:
                _mark(row, name)


def _mark(row: models.Model, name: str) -> None:
    field = row._meta.get_field(name)
    value = getattr(row, name)
    assert isinstance(field, models.Field)
    if isinstance(value, str) and MARKER not in value.lower() and not isinstance(field, models.EmailField):
        room = field.max_length or 100
        if name not in ("photo", "password", "digest", "key") and room >= len(MARKER):
            type(row)._default_manager.filter(pk=row.pk).update(**{name: f"{value[: room - 8]} {MARKER}"[-room:]})


def tables() -> Iterator[tuple[str, str]]:
    """Every value of every table, as text, with where it stands."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", str(value)
