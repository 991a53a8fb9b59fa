"""A page waits for its owner: claimed by the link in its mail or by signing in, or not wanted at all."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as sent_mail
from django.core import signing
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, User
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from outreach.models import OutboxMail
from outreach.services import send_waiting
from outreach.tokens import token_of
from tests.accounts.people import add_totp, make_staff, sign_in
from tests.factories import a_page, an_event
from tests.fundraisers.people import a_person, an_owned_page, link_in, told

pytestmark = pytest.mark.django_db

EMAIL = "amina@example.org"


def a_claim(page: Fundraiser) -> str:
    return link_in(f"claim:{page.pk}", "/claim/")


def fresh(page: Fundraiser) -> Fundraiser:
    return Fundraiser.objects.get(pk=page.pk)


def test_a_new_page_asks_for_its_owner_once_and_takes_gifts_meanwhile(client: Client) -> None:
    page = a_page(email=" Amina@Example.org ")
    assert page.email == EMAIL
    assert OutboxMail.objects.get().to == EMAIL
    assert client.get(f"/r/{page.slug}").status_code == 200
    assert client.get(f"/r/{page.slug}/give").status_code == 200
    assert User.objects.filter(email=EMAIL).exists(), "who may sign in by code"


def test_a_page_without_an_address_asks_nobody() -> None:
    a_page()
    assert not OutboxMail.objects.exists()
    assert not User.objects.exists()


def test_looking_at_the_link_changes_nothing(client: Client) -> None:
    page = a_page(email=EMAIL)
    for _scanner in range(3):
        answer = client.get(a_claim(page))
        assert answer.status_code == 200
        assert "This page is mine" in told(answer)
    assert fresh(page).owner is None
    assert not fresh(page).is_hidden
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_one_press_makes_it_mine_and_signs_me_in(client: Client) -> None:
    page = a_page(email=EMAIL)
    answer = client.post(a_claim(page), {"what": "mine"})
    assert answer.headers["Location"] == f"/me/pages/{page.bib}"
    assert client.get(f"/me/pages/{page.bib}").status_code == 200
    assert fresh(page).owner == User.objects.get(email=EMAIL)
    assert fresh(page).claimed_at
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_a_household_gets_one_mail_and_one_press_claims_every_page_with_its_address(client: Client) -> None:
    event = an_event()
    pages = [a_page(event, name=name, email=EMAIL) for name in ("Amina W.", "Sami W.", "Leyla W.")]
    other = a_page(event, name="Otto Other", email="other@example.org")
    assert OutboxMail.objects.filter(to=EMAIL).count() == 1
    assert "Leyla W." in told(client.get(a_claim(pages[0])))
    client.post(a_claim(pages[0]), {"what": "mine"})
    assert {fresh(page).owner for page in pages} == {User.objects.get(email=EMAIL)}
    assert fresh(other).owner is None


def test_the_link_is_void_once_it_was_used(client: Client) -> None:
    page = a_page(email=EMAIL)
    path = a_claim(page)
    client.post(path, {"what": "mine"})
    stranger = Client()
    for answer in (stranger.get(path), stranger.post(path, {"what": "mine"}), stranger.post(path, {"what": "none"})):
        assert "This link has done its work" in told(answer)
    assert "_auth_user_id" not in stranger.session
    assert not fresh(page).is_hidden


def test_the_link_is_void_when_the_page_has_another_address(client: Client) -> None:
    page = a_page(email=EMAIL)
    path = a_claim(page)
    Fundraiser.objects.update(email="new@example.org")
    assert "This link has done its work" in told(client.post(path, {"what": "mine"}))
    assert fresh(page).owner is None


def test_an_old_link_leads_to_sign_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = a_page(email=EMAIL)
    path = a_claim(page)
    then = time.time() + 61 * 86_400
    monkeypatch.setattr(time, "time", lambda: then)
    assert "This link has done its work" in told(client.post(path, {"what": "mine"}))
    assert fresh(page).owner is None


def test_forged_links_are_nothing(client: Client) -> None:
    page = a_page(email=EMAIL)
    good = a_claim(page).removeprefix("/claim/")
    forged = [good[:-1] + ("A" if good[-1] != "A" else "B"), good[1:], "x", token_of("off", [EMAIL, "gifts"])]
    forged += [signing.dumps({"page": page.pk, "email": EMAIL}), signing.dumps({"page": page.pk}, key="guessed")]
    for token in forged:
        assert client.get(f"/claim/{token}").status_code == 404
        assert client.post(f"/claim/{token}", {"what": "mine"}).status_code == 404
    assert fresh(page).owner is None


@pytest.mark.parametrize("words", [{}, {"what": ""}, {"what": "everything"}])
def test_a_form_that_does_not_say_which_does_nothing(words: dict[str, str], client: Client) -> None:
    page = a_page(email=EMAIL)
    assert client.post(a_claim(page), words).status_code == 422
    assert fresh(page).owner is None
    assert not fresh(page).is_hidden


def test_who_wants_no_page_presses_once_and_can_come_back(client: Client) -> None:
    page = a_page(email=EMAIL)
    path = a_claim(page)
    assert client.post(path, {"what": "none"}).headers["Location"] == path
    assert client.get(f"/r/{page.slug}").status_code == 404
    assert fresh(page).hidden_by == "owner"
    assert "This page is hidden" in told(client.get(path))
    assert client.post(path, {"what": "none"}).status_code == 302
    client.post(path, {"what": "mine"})
    client.post(f"/me/pages/{page.bib}/hide", {"hidden": "0"})
    assert Client().get(f"/r/{page.slug}").status_code == 200


def test_what_the_organizers_hid_stays_hidden_by_them(client: Client) -> None:
    page = a_page(email=EMAIL)
    set_hidden(fundraiser=page, hidden=True)
    assert client.post(a_claim(page), {"what": "none"}).status_code == 302
    assert fresh(page).hidden_by == "staff"


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.CHARITY])
def test_staff_are_not_let_in_by_a_mail(role: Role, client: Client) -> None:
    person = make_staff(role, email=EMAIL, factor=False)
    page = a_page(email=EMAIL)
    answer = client.post(a_claim(page), {"what": "mine"})
    assert answer.headers["Location"] == f"/accounts/login/?next=%2Fme%2Fpages%2F{page.bib}"
    assert "_auth_user_id" not in client.session
    assert fresh(page).owner == person


def test_who_has_a_second_factor_is_not_let_in_by_a_mail(client: Client) -> None:
    add_totp(a_person())
    page = a_page(email=EMAIL)
    answer = client.post(a_claim(page), {"what": "mine"})
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_a_closed_account_is_not_opened_by_a_mail(client: Client) -> None:
    person = a_person()
    User.objects.update(is_active=False)
    page = a_page(email=EMAIL)
    client.post(a_claim(page), {"what": "mine"})
    assert "_auth_user_id" not in client.session
    assert fresh(page).owner == person


def test_somebody_else_in_this_browser_is_signed_out(client: Client) -> None:
    sign_in(client, a_person("other@example.org"))
    page = a_page(email=EMAIL)
    client.post(a_claim(page), {"what": "mine"})
    assert client.get(f"/me/pages/{page.bib}").status_code == 200
    assert EMAIL in told(client.get("/me"))


def test_who_signs_in_with_the_address_finds_the_page_and_takes_it(client: Client) -> None:
    page = a_page(email=EMAIL)
    sign_in(client, a_person())
    assert "A page waits for you" in told(client.get("/me"))
    assert fresh(page).owner is None, "looking takes nothing"
    assert client.post("/me/claim").headers["Location"] == "/me"
    assert fresh(page).owner == User.objects.get(email=EMAIL)
    assert "waits for you" not in told(client.get("/me"))


def test_an_address_that_was_not_shown_to_be_theirs_claims_nothing(client: Client) -> None:
    page = a_page(email=EMAIL)
    sign_in(client, a_person(verified=False))
    assert "waits for you" not in told(client.get("/me"))
    client.post("/me/claim")
    assert fresh(page).owner is None


def test_another_address_claims_nothing(client: Client) -> None:
    page = a_page(email=EMAIL)
    sign_in(client, a_person("other@example.org"))
    client.post("/me/claim")
    assert fresh(page).owner is None


def test_a_page_that_has_an_owner_is_not_claimed_again(client: Client) -> None:
    page = an_owned_page()
    Fundraiser.objects.update(email="other@example.org")
    sign_in(client, a_person("other@example.org"))
    client.post("/me/claim")
    assert fresh(page).owner == page.owner


def test_the_token_stands_nowhere_in_the_database(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = a_page(email=EMAIL)
    send_waiting()
    token = str(sent_mail.outbox[0].body).split("/claim/")[1].split()[0]
    assert token
    kept = OutboxMail.objects.get()
    assert token not in str(kept.context)
    assert kept.context["claim_token"] == {"page": page.pk, "email": EMAIL}


def test_the_address_of_the_link_is_told_to_no_other_site(client: Client) -> None:
    page = a_page(email=EMAIL)
    assert client.get(a_claim(page))["Referrer-Policy"] == "same-origin"
