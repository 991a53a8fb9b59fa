"""What a receipt says before the law: on its page, in its mail and on paper, the same words."""

from pathlib import Path

import pytest
from django.test import Client

from donations.giving.models import Donation
from donations.giving.queries import receipt_of_link
from donations.giving.receipts import legal_words
from donations.giving.settle import settle
from donations.payments.facts import Facts
from donations.payments.models import Payment
from events.models import Event
from events.services import BadEventFile, load_event
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from tests.factories import EVENT_FILE, a_page, a_payment, a_refund, an_event, paid
from tests.giving.test_carts import a_held_cart, started
from tests.receipts.legal import a_charity, plain, words_of

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def papers(payment: Payment) -> dict[str, str]:
    """The receipt wherever it is read."""
    mail = OutboxMail.objects.get(key=f"receipt:{payment.donations.earliest('pk').pk}")
    page = Client().get(f"/thanks/{payment.link}").content.decode()
    pdf = Client().get(f"/thanks/{payment.link}/receipt.pdf").content
    found = {"page": page, "html": html_of(mail), "text": text_of(mail)}
    return {name: plain(text) for name, text in found.items()} | {"pdf": words_of(pdf)}


def everywhere(payment: Payment, words: str) -> None:
    assert [name for name, text in papers(payment).items() if words not in text] == [], papers(payment)["pdf"]


def nowhere(payment: Payment, words: str) -> None:
    assert [name for name, text in papers(payment).items() if words in text] == []


def a_gift(event: Event, cents: int = 5000, **more: object) -> Payment:
    payment = a_payment(a_page(event), cents=cents, **more)
    paid(payment)
    return payment


def entries_paid(event: Event, *prices: int, gift_cents: int = 0) -> Payment:
    payment = started(a_held_cart(*prices, gift_cents=gift_cents, event=event))
    paid(payment)
    return payment


def test_who_is_no_charity_says_that_it_is_not_a_tax_receipt() -> None:
    payment = a_gift(an_event())
    everywhere(payment, "Not In Our City 5K is not a charity. This is a receipt for your payment, not a tax receipt.")
    nowhere(payment, "EIN")
    nowhere(payment, "No goods or services")


def test_a_charity_acknowledges_a_gift_with_its_ein_and_that_nothing_was_given_for_it() -> None:
    payment = a_gift(a_charity(), cents=25_000)
    everywhere(payment, "Run for Freedom is a tax-exempt charity. Its EIN is 12-3456789.")
    everywhere(payment, "No goods or services were provided in return for your gift of $250.00.")
    nowhere(payment, "not a tax receipt")
    nowhere(payment, "good faith")


def test_of_entry_fees_above_75_dollars_only_what_is_beyond_their_worth_can_be_deducted() -> None:
    payment = entries_paid(a_charity(), 4_500, 4_000)
    everywhere(payment, "For your entry fees of $85.00 you get a place in the race and what belongs to it.")
    everywhere(payment, "We estimate in good faith that this is worth $60.00.")
    everywhere(payment, "only what you paid beyond that can be deducted: $25.00.")
    nowhere(payment, "No goods or services")


def test_a_gift_beside_an_entry_is_told_apart_from_it() -> None:
    payment = entries_paid(a_charity(), 8_000, gift_cents=2_000)
    everywhere(payment, "beyond that can be deducted: $50.00.")
    everywhere(payment, "No goods or services were provided in return for your gift of $20.00.")


def test_an_entry_that_costs_less_than_it_is_worth_leaves_nothing_to_deduct() -> None:
    everywhere(entries_paid(a_charity(), 2_000), "this is worth $20.00. For federal income tax only what you paid")


def test_what_an_entry_was_said_to_be_worth_stays_on_its_receipt() -> None:
    event = a_charity()
    payment = entries_paid(event, 4_500)
    event.options.update(fair_value_cents=1_000)
    everywhere(payment, "We estimate in good faith that this is worth $30.00.")


def test_what_an_event_says_beside_it_stands_below() -> None:
    everywhere(
        a_gift(a_charity(legal_note="Ask us for a form of your employer.")), "Ask us for a form of your employer."
    )


def test_what_went_back_is_said_and_cannot_be_deducted() -> None:
    payment = a_payment(a_page(a_charity()), cents=5000, cover_cents=181)
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 2_000)]))
    page = plain(Client().get(f"/thanks/{payment.link}").content.decode())
    pdf = words_of(Client().get(f"/thanks/{payment.link}/receipt.pdf").content)
    for text in (page, pdf):
        assert "Went back to you $20.00" in text
        assert "in return for your gift of $31.81." in text


def test_a_cover_that_went_back_counts_too() -> None:
    payment = a_payment(a_page(a_charity()), cents=5000, cover_cents=181)
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 5_181)]))
    pdf = words_of(Client().get(f"/thanks/{payment.link}/receipt.pdf").content)
    assert "Went back to you $51.81" in pdf
    assert "All of it went back to you, so there is nothing to deduct." in pdf


def test_the_receipt_that_is_sent_again_says_what_went_back() -> None:
    payment = a_payment(a_page(a_charity()), cents=5000)
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 2_000)]))
    Client().post(f"/thanks/{payment.link}/receipt")
    mail = OutboxMail.objects.filter(key__startswith=f"receipt:{payment.donations.get().pk}:").get()
    assert "Went back to you: $20.00" in text_of(mail)
    assert "your gift of $30.00" in text_of(mail)


def test_money_for_the_card_fees_is_acknowledged_as_well() -> None:
    payment = a_payment(event=a_charity(), kind=Donation.Kind.FUNDING, cents=10_000)
    paid(payment)
    assert "your gift of $100.00" in " ".join(legal_words(Event.objects.get(), receipt_of_link(payment.token).items))


def test_a_charity_without_an_ein_or_a_worth_of_its_entries_is_not_loaded(tmp_path: Path) -> None:
    text = EVENT_FILE.read_text("utf-8")
    path = tmp_path / "event.toml"
    path.write_text(text.replace('legal_mode = "not_charity"', 'legal_mode = "charity"'), "utf-8")
    with pytest.raises(BadEventFile, match="The receipts of a charity name its EIN"):
        load_event(path)
    whole = text.replace('legal_mode = "not_charity"', 'legal_mode = "charity"\nein = "12-3456789"')
    path.write_text(whole, "utf-8")
    with pytest.raises(BadEventFile, match="an option lacks fair_value_cents"):
        load_event(path)
    path.write_text("".join(_with_worth(whole)), "utf-8")
    assert load_event(path).options.filter(fair_value_cents=1_500).count() == 3


def _with_worth(text: str) -> list[str]:
    return [f"{line}fair_value_cents = 1_500\n" if line == "[[options]]\n" else line for line in text.splitlines(True)]


@pytest.mark.parametrize("ein", ["123456789", "12-345678", "12-34567890", "12-345678a", "12-3456789\n"])
def test_a_number_that_is_no_ein_is_not_loaded(ein: str, tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    written = ein.replace("\n", "\\n")
    path.write_text(EVENT_FILE.read_text("utf-8").replace("[event]", f'[event]\nein = "{written}"'), "utf-8")
    with pytest.raises(BadEventFile, match=r"12-3456789|10 characters"):
        load_event(path)
