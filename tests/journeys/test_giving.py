"""A donor, from a runner's page to the receipt, by every way a payment can go."""

import re

import pytest
from playwright.sync_api import Page, expect

from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from tests.journeys.steps import (
    ASKING_CARD,
    CLOSED_ACCOUNT,
    DECLINED_CARD,
    give,
    pay,
    pay_by_debit,
    says,
    work,
)
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.browser, pytest.mark.money]
DAY = 86_400


@pytest.fixture
def amina(amina: Fundraiser) -> Fundraiser:
    """Without the mail that comes with a page: these journeys count mails about gifts."""
    OutboxMail.objects.all().delete()
    return amina


def open_give_form(page: Page, site: Site, amina: Fundraiser) -> None:
    page.goto(f"{site.url}/r/{amina.slug}")
    page.get_by_role("main").get_by_role("link", name="Give to Amina's run").click()
    says(page, "Give to Amina's run")


def assert_raised(page: Page, site: Site, amina: Fundraiser, dollars: str) -> None:
    """The runner's page, the home page and the leaderboard say the same."""
    page.goto(f"{site.url}/r/{amina.slug}")
    expect(page.locator("#raised .total")).to_have_text(dollars)
    page.goto(site.url)
    expect(page.locator("#race .hero-total .total")).to_have_text(dollars)
    page.goto(f"{site.url}/leaderboard")
    expect(page.locator("#board .racer-sum")).to_have_text(dollars)


def give_fifty_and_see_it_everywhere(page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser) -> None:
    open_give_form(page, site, amina)
    give(page, amount="50.00", message="Run, Amina!")
    says(page, "Pay $50.00")
    pay(page)
    says(page, "Thank you")
    expect(page.locator(".receipt-sum")).to_have_text("$50.00")
    parts = [float(text.removeprefix("$")) for text in page.locator(".receipt .legend .num").all_inner_texts()]
    assert len(parts) == 3
    assert sum(parts) == 50
    work(sandbox)
    assert_raised(page, site, amina, "$50")
    page.goto(f"{site.url}/r/{amina.slug}")
    gift = page.locator("#gift-list .gift")
    expect(gift).to_have_count(1)
    for words in ("Rosa Delgado", "$50", "Run, Amina!"):
        expect(gift).to_contain_text(words)
    assert_mails(page, site)


def assert_mails(page: Page, site: Site) -> None:
    """The receipt and the runner's mails stand in the outbox, sent, once each, and can be read."""
    page.goto(f"{site.url}/outbox")
    rows = page.get_by_role("main").locator("tbody tr")
    expect(rows).to_have_count(3)
    for words in ("Your receipt", "You got a gift", "Your first gift is in"):
        expect(rows.filter(has_text=words)).to_contain_text("Sent")
    page.get_by_role("link", name=re.compile(r"^Your receipt: \$50\.00")).click()
    expect(page.locator(".mail-text")).to_contain_text("Total: $50.00")
    page.get_by_role("link", name="See it as the reader does").click()
    expect(page.locator("body")).to_contain_text("$50.00")


def test_a_donor_gives_fifty_and_everybody_sees_it(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    give_fifty_and_see_it_everywhere(browser_page, site, sandbox, amina)


def test_the_same_without_javascript(
    page_without_javascript: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    give_fifty_and_see_it_everywhere(page_without_javascript, site, sandbox, amina)


def test_on_a_phone_the_bib_and_the_button_come_before_the_story(
    phone_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = phone_page
    page.goto(f"{site.url}/r/{amina.slug}")
    places = [page.locator(name).first.bounding_box() for name in (".bib", "main .btn-sun", ".runner-story")]
    tops = [place["y"] for place in places if place]
    assert tops == sorted(tops)
    assert len(tops) == 3
    assert tops[1] < 844, "the give button is not on the first screen"
    page.locator("main .btn-sun").tap()
    give(page)
    pay(page)
    says(page, "Thank you")


def test_a_preset_is_one_press_and_the_total_is_shown_before_stripe(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    page.goto(f"{site.url}/r/{amina.slug}")
    page.get_by_role("link", name="Give $100").click()
    expect(page.get_by_role("radio", name="$100")).to_be_checked()
    expect(page.locator("[data-total]")).to_have_text("$100.00")
    cover = page.get_by_role("checkbox", name=re.compile("^Add the card fee"))
    expect(cover).not_to_be_checked()
    page.get_by_label("Your name").fill("Rosa Delgado")
    page.get_by_label("E-mail, for the receipt").fill("rosa@example.org")
    page.get_by_role("button", name="Continue to payment").click()
    says(page, "Pay $100.00")


def test_a_declined_card_says_why_and_another_one_pays(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    open_give_form(page, site, amina)
    give(page)
    pay(page, DECLINED_CARD)
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
    assert page.title().startswith("Error: ")
    pay(page)
    says(page, "Thank you")
    work(sandbox)
    assert_raised(page, site, amina, "$50")


def test_three_d_secure_failed_takes_nothing_and_completed_pays(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    open_give_form(page, site, amina)
    give(page)
    pay(page, ASKING_CARD)
    says(page, "3-D Secure: is it you?")
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("alert")).to_be_visible()
    work(sandbox)
    amina.refresh_from_db()
    assert (amina.raised_cents, OutboxMail.objects.count()) == (0, 0)
    pay(page, ASKING_CARD)
    page.get_by_role("button", name="Complete authentication").click()
    says(page, "Thank you")
    work(sandbox)
    assert_raised(page, site, amina, "$50")


def test_a_bank_debit_is_on_its_way_and_counts_when_the_bank_has_paid(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    open_give_form(page, site, amina)
    give(page)
    pay_by_debit(page)
    says(page, "On its way")
    thanks = page.url
    work(sandbox)
    amina.refresh_from_db()
    assert (amina.raised_cents, OutboxMail.objects.count()) == (0, 0)
    sandbox.do("time", advance=6 * DAY)
    work(sandbox)
    page.goto(thanks)
    says(page, "Thank you")
    assert_raised(page, site, amina, "$50")
    assert set(OutboxMail.objects.values_list("to", "status")) == {
        ("rosa@example.org", "sent"),
        ("amina@example.org", "sent"),
    }


def test_a_refused_bank_debit_says_that_no_money_moved(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    open_give_form(page, site, amina)
    give(page)
    pay_by_debit(page, CLOSED_ACCOUNT)
    thanks = page.url
    sandbox.do("time", advance=6 * DAY)
    work(sandbox)
    page.goto(thanks)
    says(page, "Nothing was taken")
    page.get_by_role("link", name="Try again").click()
    says(page, "Give to Amina's run")
    amina.refresh_from_db()
    assert (amina.raised_cents, OutboxMail.objects.count()) == (0, 0)


def test_back_from_stripe_nothing_was_taken_and_she_may_go_on_or_start_again(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    open_give_form(page, site, amina)
    give(page)
    stripe_page = page.url
    page.get_by_role("link", name="Back").click()
    says(page, "Nothing was taken")
    page.get_by_role("link", name="Back to the payment").click()
    assert page.url == stripe_page

    page.get_by_role("link", name="Back").click()
    page.goto(f"{site.url}/r/{amina.slug}/give")
    give(page, amount="20")
    says(page, "Pay $20.00")
    pay(page)
    says(page, "Thank you")
    work(sandbox)
    assert_raised(page, site, amina, "$20")


def test_the_browsers_back_button_gives_the_form_back_and_makes_no_second_payment(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    open_give_form(page, site, amina)
    give(page)
    page.go_back()
    button = page.get_by_role("button", name="Continue to payment")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(page.get_by_label("Any amount")).to_have_value("50.00")
    button.click()
    pay(page)
    says(page, "Thank you")
    assert Payment.objects.count() == 1


def test_a_sponsor_pays_card_fees_and_no_page_counts_it(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    page.goto(f"{site.url}/money")
    page.get_by_role("contentinfo").get_by_role("link", name="Help pay the card fees").click()
    give(page, amount="500", name="River Bank")
    pay(page)
    says(page, "Thank you")
    work(sandbox)
    page.goto(f"{site.url}/money")
    expect(page.locator(".pool .rows")).to_contain_text("$500.00")
    assert_raised(page, site, amina, "$0")
