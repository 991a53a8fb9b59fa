"""No field with room for words is overlooked: each is somebody's, with a purpose, or said to be nobody's."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from common.privacy import Purpose
from donations.giving import privacy as giving
from donations.payments import privacy as payments
from fundraisers import privacy as fundraisers
from outreach import privacy as outreach
from outreach.news import privacy as news
from outreach.volunteers import privacy as volunteers
from people.registry import ROOMS, kept, purposes
from registration import privacy as registration
from teams import privacy as teams

WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)


def wordy_fields() -> set[str]:
    """Every field of every table that can hold words; those of choices can only hold ours."""
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (*WORDS, models.FileField)) and not field.choices
    }


def test_every_field_is_classified_once() -> None:
    personal = [f"{thing.model.__name__}.{name}" for thing in kept() for name in thing.fields]
    others = [name for room in ROOMS for name in room.not_personal.split()]
    assert wordy_fields() - set(personal) - set(others) == set()
    assert set(others) - wordy_fields() == set(), "named, but not there"
    assert len([*others, *personal]) == len({*others, *personal})


def test_no_two_models_share_a_name() -> None:
    names = [model.__name__ for model in apps.get_models()]
    assert len(names) == len(set(names))


def test_what_is_found_by_an_address_is_also_forgotten() -> None:
    forgotten = {thing.model for thing in kept() if thing.forget}
    assert {thing.model.__name__ for thing in kept() if thing.of and thing.model not in forgotten} == {
        # They go with their page, and with who helps.
        "Line",
        "Placement",
        "OldSlug",
        "Update",
        "JoinRequest",
    }


def test_every_purpose_says_what_why_how_long_and_who() -> None:
    for part, found in purposes().items():
        assert found, part
        for purpose in found:
            assert all(str(word) for word in (purpose.what, purpose.why, purpose.how_long, purpose.seen_by))


@pytest.mark.parametrize(
    ("purpose", "kept_for"),
    [
        (registration.EMERGENCY, registration.EMERGENCY_KEPT),
        (registration.CHILD, registration.CHILDREN_KEPT),
        (registration.WAIT, registration.WAITED),
        (teams.INVITED, teams.INVITATIONS_KEPT),
        (fundraisers.CHANGE, fundraisers.CHANGES_KEPT),
        (payments.PAYER, payments.UNPAID_KEPT),
        (payments.STRIPE, payments.EVENTS_KEPT),
        (giving.DESK, giving.IMPORTS_KEPT),
        (outreach.MAIL, outreach.WORDS_KEPT),
        (news.NEWS, news.UNCONFIRMED_KEPT),
    ],
)
def test_the_days_of_the_page_are_the_days_that_are_counted(purpose: Purpose, kept_for: timedelta) -> None:
    assert f"{kept_for.days} days" in str(purpose.how_long)


def test_two_days_a_year_and_two_years_are_that_long() -> None:
    assert (giving.ENTRANCE_KEPT.days, str(giving.GATE.how_long)) == (2, "Two days.")
    assert (fundraisers.VISITS_KEPT.days, str(fundraisers.VISITS.how_long)) == (730, "Two years.")
    assert (fundraisers.REPORTS_KEPT.days, giving.EVIDENCE_KEPT.days, volunteers.VOLUNTEERS_KEPT.days) == (365,) * 3
    for purpose in (fundraisers.REPORT, giving.DISPUTE, volunteers.HELP):
        assert str(purpose.how_long).startswith("A year")
