"""Search is answered by indexes, in both databases: a list of names, since a lost one shows only as slowness."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from common.words import beginning_with
from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from registration.models import Participant, Registration

pytestmark = pytest.mark.django_db
ADDRESSES = {
    (Payment, "email"): "payment_address",
    (OutboxMail, "to"): "outbox_address",
    (Registration, "email"): "registration_address",
    (Participant, "email"): "participant_address",
    (Fundraiser, "email"): "fundraiser_address",
}


@pytest.mark.parametrize(("place", "name"), ADDRESSES.items(), ids=str)
def test_the_beginning_of_an_address_is_found_by_its_index(place: tuple[type, str], name: str) -> None:
    model, field = place
    rows: QuerySet = model.objects.all()  # type: ignore[attr-defined, type-arg]
    if connection.vendor == "sqlite":
        assert name in beginning_with(rows, field, "rosa@").explain()
        return
    with connection.cursor() as cursor:
        held = connection.introspection.get_constraints(cursor, model._meta.db_table)  # type: ignore[attr-defined]
    assert name in held
