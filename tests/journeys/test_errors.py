"""What is wrong is said at the top, beside the field and in the title, and nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from tests.journeys.steps import give, pay, says
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.browser


def press(page: Page) -> None:
    page.get_by_role("button", name="Continue to payment").click()


def test_an_empty_form_says_what_is_missing_and_leads_there(browser_page: Page, site: Site, amina: Fundraiser) -> None:
    page = browser_page
    page.goto(f"{site.url}/r/{amina.slug}/give")
    press(page)
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("heading")).to_have_text("There is a problem")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    for words, field in (
        ("Choose an amount or enter one.", "id_amount"),
        ("Enter your name.", "id_name"),
        ("Enter your e-mail address, so that we can send the receipt.", "id_email"),
    ):
        summary.get_by_role("link", name=words).click()
        expect(page.locator(f"#{field}")).to_be_focused()
        beside = page.locator("form .errorlist, form .field-error").filter(has_text=words)
        expect(beside).to_have_count(1)
        expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
        described = page.locator(f"#{field}").get_attribute("aria-describedby") or ""
        assert any(words in page.locator(f"#{name}").inner_text() for name in described.split()), (
            f"{field} is not described by its error: {described!r}"
        )


def test_what_was_typed_stays(page_without_javascript: Page, site: Site, amina: Fundraiser) -> None:
    page = page_without_javascript
    page.goto(f"{site.url}/r/{amina.slug}/give")
    page.get_by_label("Any amount").fill("fifty")
    page.get_by_label("Your name").fill("Rosa <Delgado>")
    page.get_by_label("E-mail, for the receipt").fill("rosa at example")
    page.get_by_label("A message for the page").fill("Run, Amina!\nRun!")
    page.get_by_text("How it is shown, dedication").click()
    page.get_by_label("My first name").check()
    page.get_by_label("Hide the amount").check()
    press(page)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Any amount")).to_have_value("fifty")
    expect(page.get_by_label("Your name")).to_have_value("Rosa <Delgado>")
    expect(page.get_by_label("E-mail, for the receipt")).to_have_value("rosa at example")
    expect(page.get_by_label("A message for the page")).to_have_value("Run, Amina!\nRun!")
    expect(page.locator("input[name=shown][value=first]")).to_be_checked()
    expect(page.locator("input[name=amount_hidden]")).to_be_checked()


def test_stripe_away_keeps_the_words_and_the_next_press_goes_on(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    sandbox.do("faults", **{"500": 1.0, "times": 3, "path": "/v1/checkout"})
    page.goto(f"{site.url}/r/{amina.slug}/give")
    page.get_by_label("Any amount").fill("50.00")
    page.get_by_label("Your name").fill("Rosa Delgado")
    page.get_by_label("E-mail, for the receipt").fill("rosa@example.org")
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was taken and your words are kept")
    press(page)
    pay(page)
    says(page, "Thank you")
    assert Payment.objects.count() == 1


def test_a_double_press_is_one_payment(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    page.goto(f"{site.url}/r/{amina.slug}/give")
    page.evaluate(
        "document.querySelector('button[data-busy]').addEventListener('click', (e) => e.target.click(), {once: true})"
    )
    give(page)
    pay(page)
    says(page, "Thank you")
    assert Payment.objects.count() == 1


def test_an_address_that_is_not_there_leads_home(browser_page: Page, site: Site, amina: Fundraiser) -> None:
    page = browser_page
    answer = page.goto(f"{site.url}/r/nobody")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.get_by_role("link", name="To the front page").click()
    expect(page).to_have_url(f"{site.url}/")
