"""A runner sees the gifts as everybody does, and thanks for them one by one."""

import pytest
from django.test import Client

from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.payments.facts import Facts
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from tests.factories import a_payment, a_refund, paid
from tests.fundraisers.people import an_owned_page, owner_of, told

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def a_gift(page: Fundraiser, **more: object) -> Donation:
    payment = a_payment(page, **more)
    paid(payment)
    return payment.donations.get()


def say(page: Fundraiser, gift: Donation, text: str = "You made my day!") -> int:
    return owner_of(page).post(f"/me/pages/{page.bib}/gifts/{gift.pk}/thank", {"text": text}).status_code


def test_thanks_stand_under_the_gift_and_go_to_the_giver_once(client: Client) -> None:
    page = an_owned_page()
    gift = a_gift(page)
    assert say(page, gift) == 302
    assert "You made my day!" in told(client.get(f"/r/{page.slug}"))
    mail = OutboxMail.objects.get(key=f"thanks:{gift.pk}")
    assert mail.to == gift.payment.email
    assert mail.topic == "thanks"
    assert "You made my day!" in text_of(mail)
    assert say(page, gift, "You made my week!") == 302
    assert "You made my week!" in told(client.get(f"/r/{page.slug}"))
    assert OutboxMail.objects.filter(key__startswith="thanks").count() == 1


def test_what_a_giver_hides_is_hidden_from_the_runner_too() -> None:
    page = an_owned_page()
    gift = a_gift(page, name="Marker Name", shown="anonymous", amount_hidden=True, cents=7_777)
    owner = owner_of(page)
    for path in ("", "/gifts", f"/gifts/{gift.pk}/thank"):
        shown = told(owner.get(f"/me/pages/{page.bib}{path}"))
        assert "Marker" not in shown, path
        assert gift.payment.email not in shown, path
    assert "77.77" not in told(owner.get(f"/me/pages/{page.bib}/gifts"))
    assert "Thank Somebody" in told(owner.get(f"/me/pages/{page.bib}/gifts"))


def test_gifts_of_others_and_gifts_that_went_back_are_not_thanked_for() -> None:
    page = an_owned_page()
    other = an_owned_page(page.event, "other@example.org", name="Otto Other")
    theirs = a_gift(other)
    payment = a_payment(page)
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 5000)]))
    for gift in (theirs, payment.donations.get()):
        assert say(page, gift) == 404
    assert not Donation.objects.exclude(thanks="").exists()


@pytest.mark.parametrize(("text", "status"), [("", 422), ("  ", 422), ("x" * 501, 422), ("x" * 500, 302)])
def test_thanks_are_some_words_and_not_a_letter(text: str, status: int) -> None:
    page = an_owned_page()
    assert say(page, a_gift(page), text) == status


def test_thanks_are_escaped_everywhere(client: Client) -> None:
    page = an_owned_page()
    gift = a_gift(page)
    say(page, gift, "<script>alert(1)</script>\nTwo lines")
    shown = told(client.get(f"/r/{page.slug}"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Two lines" in shown
    assert "<script>alert" not in html_of(OutboxMail.objects.get(key=f"thanks:{gift.pk}"))


def test_a_hidden_page_thanks_without_a_link_to_it() -> None:
    page = an_owned_page()
    gift = a_gift(page)
    set_hidden(fundraiser=page, hidden=True)
    say(page, gift)
    assert f"/r/{page.slug}" not in text_of(OutboxMail.objects.get(key=f"thanks:{gift.pk}"))


def test_the_front_counts_what_is_not_thanked_for_yet() -> None:
    page = an_owned_page()
    gifts = [a_gift(page), a_gift(page)]
    owner = owner_of(page)
    assert "2 to thank for" in told(owner.get(f"/me/pages/{page.bib}"))
    for gift in gifts:
        say(page, gift)
    assert "all thanked for" in told(owner.get(f"/me/pages/{page.bib}"))
