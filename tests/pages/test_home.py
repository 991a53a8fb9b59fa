"""The campaign in one scroll: what everybody needs is on it, and it is true."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from donations.disbursements import services
from events.models import Event, Sponsor
from tests.disbursements.payments import an_event_with_money, approver, sent
from tests.factories import a_page, a_payment, a_race, paid

pytestmark = pytest.mark.django_db


def html(path: str = "/") -> str:
    return Client().get(path).content.decode()


def test_it_says_what_when_where_and_how_to_come_or_to_give() -> None:
    a_race()
    shown = html()
    for words in ("One step forward.", "Target Field concourse", "Register for the 5K", 'href="/give"', "event.ics"):
        assert words in shown
    for heading in ("Where it goes", "The need", "Why we run", "Take one step", "Lend a hand", "Spread the word"):
        assert heading in shown
    assert "Does all of my gift arrive?" in shown
    assert "FBI, as told by the campaign, told in 2017. The campaign gives no year" in shown
    assert shown.index("Speaks of sexual exploitation.") < shown.index("These are real women.")


def test_the_first_day_is_not_an_error() -> None:
    a_race()
    Event.objects.update(hotlines=[])
    assert "No team has started yet" in html()
    assert "No number is on this page right now" in html("/help")


def test_sponsors_are_shown_with_consent_and_teams_by_what_was_given() -> None:
    event = a_race()
    Sponsor.objects.create(event=event, name="Mill City Roasters", consent=True)
    Sponsor.objects.create(event=event, name="Shy Bank", consent=False)
    paid(a_payment(a_page(event, team="North Loop"), cents=7_700))
    shown = html()
    assert "Mill City Roasters" in shown
    assert "Shy Bank" not in shown
    assert "North Loop" in shown
    assert "$77" in shown


@pytest.mark.money
def test_it_says_what_reached_each_organization_and_what_it_confirmed() -> None:
    first, second, _third = sent(an_event_with_money(), 4_000, 3_000, 2_000)
    services.tell_receipt(payment=first, by=approver(), kind="confirmed", received_cents=3_900, received_on=None)
    services.tell_receipt(payment=second, by=approver(), kind="confirmed", received_cents=3_000, received_on=None)
    shown = html()
    assert "$39.00 paid and confirmed</b>, of $40.00 paid" in shown
    assert "$30.00 paid and confirmed</b></p>" in shown
    assert "$20.00 paid, to be confirmed" in shown


def test_it_links_only_to_what_is_there() -> None:
    a_race()
    shown = html()
    for name, words in (("volunteer", "Let us know you are interested"), ("newsletter", "Get the news")):
        try:
            assert f'href="{reverse(name)}"' in shown
        except NoReverseMatch:
            assert words not in shown


def test_it_holds_no_form_and_no_cookie_and_costs_few_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    paid(a_payment(a_page(a_race())))
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        answer = client.get("/")
    assert not answer.cookies
    assert b"<form" not in answer.content
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        client.get("/")
