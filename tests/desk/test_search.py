"""Search over everything: what is found, by whom, and where a whole id leads."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from donations.bank.models import BankLine, Statement
from donations.giving.models import Donation
from donations.payments.models import BalanceTransaction, Charge, Dispute, Payment, Refund
from outreach.models import OutboxMail
from outreach.volunteers.models import Volunteer
from tests.desk.cast import at_desk, text_of
from tests.factories import a_page, a_payment, a_registration, paid

pytestmark = pytest.mark.django_db
SEARCH = "/desk/search"


def a_gift() -> Donation:
    page = a_page(name="Amina Warsame", team="North Loop")
    payment = a_payment(page, cents=5000, name="Rosa Delgado")
    Payment.objects.update(email="Rosa.D@example.org")
    paid(payment)
    return payment.donations.get()


def test_donors_are_found_by_any_word_of_a_name_and_by_the_beginning_of_an_address() -> None:
    gift = a_gift()
    desk = at_desk(Role.TREASURER)
    for query in ("rosa", "DELG", "rosa del", "rosa.d@EX", "Rosa.D"):
        found = text_of(desk, SEARCH, q=query)
        assert f'href="/desk/gifts/{gift.pk}">$50.00 Rosa Delgado' in found, query
        assert f'href="/desk/gifts/{gift.pk}/refund"' in found
    for query in ("osa", "lgado", "osa.d@example.org", "%", "_", "r%a"):
        assert f'href="/desk/gifts/{gift.pk}"' not in text_of(desk, SEARCH, q=query), query


def test_a_bib_number_comes_first_and_gifts_have_numbers_too() -> None:
    gift = a_gift()
    assert gift.fundraiser
    page = text_of(at_desk(Role.MODERATOR), SEARCH, q=str(gift.fundraiser.bib))
    assert page.index("<h2") < page.index("Bib number")
    assert "Amina Warsame" in page
    assert f'href="/desk/gifts/{gift.pk}"' in text_of(
        at_desk(Role.APPROVER, email="a@example.org"), SEARCH, q=f"#{gift.pk}"
    )


@pytest.mark.parametrize("query", ["$50", "50.00", "50"])
def test_an_amount_finds_gifts_and_lines_of_the_bank(query: str) -> None:
    gift = a_gift()
    treasurer = at_desk(Role.TREASURER)
    by = User.objects.get(email="staff@example.org")
    words = {"ledger": gift.payment.ledger, "sha256": "", "form": "csv", "new_lines": 1, "known_lines": 0, "by": by}
    statement = Statement.objects.create(first_on="2026-11-01", last_on="2026-11-02", **words)
    line = {"ledger": gift.payment.ledger, "statement": statement, "happened_on": "2026-11-01"}
    out = BankLine.objects.create(cents=-5000, text="CHECK 8", reference="a", **line)
    BankLine.objects.create(cents=5001, text="OTHER", reference="b", **line)
    found = text_of(treasurer, SEARCH, q=query)
    assert f'href="/desk/gifts/{gift.pk}"' in found
    assert f'href="/desk/bank/lines/{out.pk}"' in found
    assert "OTHER" not in found
    assert "CHECK 8" in text_of(treasurer, SEARCH, q="check")
    assert "CHECK 8" not in text_of(at_desk(Role.MODERATOR, email="m@example.org"), SEARCH, q=query)


def test_a_whole_id_goes_straight_to_its_page_for_who_handles_money() -> None:
    gift = a_gift()
    charge = Charge.objects.get()
    Charge.objects.update(payment_intent="pi_3Nx")
    refund = {"id": "re_1", "charge_id": charge.pk, "amount_cents": 1, "currency": "usd", "status": "failed"}
    Refund.objects.create(created_at=charge.created_at, **refund)
    dispute = {"id": "du_1", "charge_id": charge.pk, "amount_cents": 1, "currency": "usd", "status": "lost"}
    Dispute.objects.create(told_at=charge.created_at, created_at=charge.created_at, **dispute)
    row = {"id": "txn_p", "type": "payout", "amount_cents": -1, "fee_cents": 0, "net_cents": -1, "currency": "usd"}
    times = {"created_at": charge.created_at, "available_at": charge.created_at, "source": "po_1"}
    BalanceTransaction.objects.create(ledger=gift.payment.ledger, **row, **times)
    treasurer, moderator = at_desk(Role.TREASURER), at_desk(Role.MODERATOR, email="m@example.org")
    leads = dict.fromkeys((charge.pk, "pi_3Nx", "re_1"), f"/desk/gifts/{gift.pk}")
    leads |= {"du_1": "/desk/disputes/du_1", "po_1": "/desk/reconcile/payouts/po_1"}
    leads |= {gift.reference: f"/desk/books/entries?q=item%3A{gift.pk}"}
    for query, address in leads.items():
        assert treasurer.get(SEARCH, {"q": query}).headers["Location"] == address, query
        assert "/desk/gifts/" not in text_of(moderator, SEARCH, q=query), query
    for query in ("pi_none", "ch_none", "re_none", "du_none", "po_none", "tr_none", "txn_none", "item:0"):
        assert "Nothing was found" in text_of(treasurer, SEARCH, q=query), query


def test_entries_teams_volunteers_and_mails_are_found_by_who_may_open_them() -> None:
    gift = a_gift()
    a_registration(gift.event, "Ben Olson", email="olson@example.org")
    Volunteer.objects.create(event=gift.event, name="Ben Olsen", email="olsen@example.org")
    OutboxMail.objects.create(key="x:1", to="ole@example.org", subject="Hello", template="x", context={})
    coordinator, moderator = at_desk(Role.COORDINATOR), at_desk(Role.MODERATOR, email="m@example.org")
    found = text_of(coordinator, SEARCH, q="ben ol")
    assert "Ben Olson" in found
    assert "Ben Olsen" in found
    assert "Ben Olsen" not in text_of(moderator, SEARCH, q="ben ol")
    assert "Ben Olson" in text_of(coordinator, SEARCH, q="olson@")
    assert "North Loop" in text_of(coordinator, SEARCH, q="loop")
    assert "Hello" in text_of(moderator, SEARCH, q="ole@ex")
    assert "Hello" not in text_of(coordinator, SEARCH, q="ole@ex")


def test_more_than_ten_lead_to_the_whole_list() -> None:
    page = a_page()
    for number in range(11):
        a_payment(page, name=f"Rosa {number}")
    found = text_of(at_desk(Role.TREASURER), SEARCH, q="rosa")
    assert found.count('">$50.00 Rosa') == 10
    assert 'href="/desk/gifts?q=rosa">All of them' in found


def test_nothing_asked_for_says_what_can_be_found() -> None:
    a_page()
    desk = at_desk(Role.ORGANIZER)
    assert "Search finds people" in text_of(desk, SEARCH)
    assert "Nothing was found for “zzz”" in text_of(desk, SEARCH, q="zzz")
    assert "&lt;b&gt;" in text_of(desk, SEARCH, q="<b>")


def test_a_search_costs_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    a_gift()
    desk = at_desk(*[role for role in Role if role != Role.CHARITY])
    for query in ("rosa", "rosa delgado", "rosa.d@example.org", "50", "$50", "ch_none"):
        with django_assert_max_num_queries(19):
            text_of(desk, SEARCH, q=query)
