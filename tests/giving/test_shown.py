"""How a gift is shown is decided in one place: four ways of a name, an amount or none, wherever strangers look."""

from itertools import product
from typing import Any

import pytest
from django.test import Client

from donations.giving.models import Donation
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from outreach.services import send_waiting
from tests.factories import a_page, a_payment, paid

pytestmark = pytest.mark.money
NAME, ALIAS = "Marker Secretname", "Grandma Alias"
SEEN = {"full": "Marker Secretname", "first": "Marker", "alias": ALIAS, "anonymous": "Somebody"}


@pytest.fixture
def page(db: None) -> Fundraiser:
    return a_page(email="amina@example.org")


def received(page: Fundraiser, **more: Any) -> Donation:
    payment = a_payment(page, cents=7731, name=NAME, **more)
    paid(payment)
    return payment.donations.get()


def public_answers(page: Fundraiser) -> dict[str, str]:
    """Everything a stranger, a feed reader or the runner's mailbox gets."""
    paths = ("/", page.get_absolute_url(), "/leaderboard", "/money")
    answers = {path: Client().get(path).content.decode() for path in paths}
    for mail in OutboxMail.objects.filter(to="amina@example.org"):
        answers[mail.key] = f"{mail.subject} {mail.context}"
    return answers


@pytest.mark.parametrize(("shown", "hidden"), list(product(SEEN, (False, True))))
def test_each_way_is_kept_on_page_home_boards_and_mails(page: Fundraiser, shown: str, hidden: bool) -> None:
    item = received(page, shown=shown, alias=ALIAS if shown == "alias" else "", amount_hidden=hidden)
    answers = public_answers(page)
    news = answers[f"gift:{item.pk}"]
    for place in ("/", page.get_absolute_url()):
        assert SEEN[shown] in answers[place], place
        gift = answers[place].split('<li class="gift">')[1].split("</li>")[0]
        assert ("$77.31" in gift) is not hidden, place
        assert ("amount hidden" in gift) is hidden, place
    assert SEEN[shown] in news
    assert ("7731" in news) is not hidden
    for place, text in answers.items():
        assert ("Secretname" in text) is (shown == "full" and "Secretname" in text), place
        if shown != "full":
            assert "Secretname" not in text, place
        if shown in ("alias", "anonymous"):
            assert "Marker" not in text, place


def test_a_dedication_stands_under_the_gift_and_follows_the_words(page: Fundraiser) -> None:
    item = received(page, dedication="memory", dedicated_to="Kaiya <b>", message="Run!")
    for path in ("/", page.get_absolute_url()):
        assert "In memory of Kaiya &lt;b&gt;" in Client().get(path).content.decode()
    Donation.objects.filter(pk=item.pk).update(message_state="refused")
    item.refresh_from_db()
    assert (item.public_name, item.public_message, item.public_dedication) == ("Somebody", "", "")
    assert item.public_cents == 7731


def test_the_receipt_is_the_donors_and_has_the_whole_name(page: Fundraiser) -> None:
    received(page, shown="anonymous", amount_hidden=True)
    receipt = OutboxMail.objects.get(key__startswith="receipt")
    assert receipt.context["name"] == NAME
    assert send_waiting() >= 2
