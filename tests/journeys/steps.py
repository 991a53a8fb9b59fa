"""What people do in a browser, and what a worker does meanwhile."""

import re

from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from donations.giving import services
from donations.giving.gate.stamps import stamp
from donations.ledger.models import Ledger
from donations.payments.models import Payment
from outreach.models import OutboxMail
from outreach.services import send_waiting
from tests.accounts.people import sign_in
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

CARD = "4242424242424242"
DECLINED_CARD = "4000000000000002"
ASKING_CARD = "4000002500003155"
ACCOUNT = "000123456789"
CLOSED_ACCOUNT = "000111111113"


def says(page: Page, words: str | re.Pattern[str]) -> None:
    """The page's one headline is this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def give(page: Page, amount: str = "50.00", name: str = "Rosa Delgado", message: str = "") -> None:
    """Fills in the give form and goes on to Stripe's page."""
    page.get_by_label("Any amount").fill(amount)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail, for the receipt").fill("rosa@example.org")
    if message:
        page.get_by_label("A message for the page").fill(message)
    page.get_by_role("button", name="Continue to payment").click()
    says(page, re.compile(r"^Pay \$"))


def pay(page: Page, card: str = CARD) -> None:
    """Pays by card at Stripe's page; what comes next depends on the card."""
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry date").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name on card or account").fill("Rosa Delgado")
    page.get_by_role("button", name=re.compile("^Pay")).click()


def pay_by_debit(page: Page, account: str = ACCOUNT) -> None:
    page.get_by_label("US bank account (ACH)").check()
    page.get_by_label("Routing number").fill("110000000")
    page.get_by_label("Account number").fill(account)
    page.get_by_label("Name on card or account").fill("Rosa Delgado")
    page.get_by_role("button", name=re.compile("^Pay")).click()


def work(sandbox: StripeSandbox) -> None:
    """The worker's part: the webhooks have arrived, the inbox is drained, the outbox is sent."""
    assert sandbox.do("deliver", now=True)["empty"]
    for ledger in Ledger.objects.all():
        while services.drain_inbox(ledger.pk):
            pass
    while send_waiting():
        pass


def settled_gift(sandbox: StripeSandbox, site: Site, slug: str, amount: str = "50.00") -> None:
    """Another donor, somewhere else, from the form to the books."""
    words = {"amount": amount, "name": "Otto Other", "email": "otto@example.org", "drawn": stamp()}
    answer = Client().post(f"/r/{slug}/give", words, HTTP_HOST=site.netloc)
    assert answer.status_code == 302, answer.content
    sandbox.do(f"pay/{Payment.objects.latest('pk').session_id}", card=CARD)
    work(sandbox)


def read_code(page: Page, site: Site) -> str:
    """The sign-in code, read in another tab on the local outbox page."""
    tab = page.context.new_page()
    tab.goto(f"{site.url}/outbox/{OutboxMail.objects.latest('pk').pk}")
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", tab.locator("main").inner_text())
    tab.close()
    assert code, "no code in the newest mail"
    return code.group()


def sign_in_by_code(page: Page, site: Site, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    says(page, "Enter your code")
    page.get_by_label("Code").fill(read_code(page, site))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def carry_session(page: Page, site: Site, user: User, mfa_seconds_ago: float | None = 0) -> None:
    """This browser is signed in as this person, as if they had come through the door."""
    client = sign_in(Client(), user, mfa_seconds_ago=mfa_seconds_ago)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}])
