"""Somebody asks what is kept of them: by a link in their mailbox, signed in, or at the desk."""

import json

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Role, StaffAct
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from outreach.tokens import token_of
from people.exports import export_of
from tests.accounts.people import make_staff, sign_in
from tests.factories import a_page, a_payment, an_event, paid
from tests.fundraisers.people import a_person, link_in, told
from tests.privacy.person import EMAIL, NAME, everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_race() -> None:
    an_event()


KNOWN, ADDRESS = "rosa@example.org", "/privacy/data"


def asks(client: Client, email: str) -> OutboxMail:
    answer = client.post(ADDRESS, {"email": email})
    assert answer.headers["Location"] == "/privacy/data/sent"
    return OutboxMail.objects.filter(key__startswith="data:").latest("pk")


def test_known_or_not_the_answer_and_the_mail_are_the_same(client: Client) -> None:
    a_page(email=KNOWN)
    said = set()
    for email in (KNOWN, "nobody@example.org"):
        mail = asks(client, email)
        assert mail.to == email
        said.add((mail.subject, mail.template, str(mail.context).replace(email, "")))
    assert len(said) == 1


def test_the_link_shows_everything_as_a_page_and_as_a_file(client: Client) -> None:
    everything()
    link = link_in(asks(client, EMAIL).key, ADDRESS)
    page = client.get(link)
    assert NAME in told(page)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    file = json.loads(client.get(f"{link}/file.json").content)
    assert file["about"] == EMAIL
    assert {"what", "why", "how_long", "rows"} == set(file["kept"][0])
    assert NAME in json.dumps(file)


def test_nothing_of_others_and_no_secret_is_in_it() -> None:
    everything()
    text = json.dumps(export_of(EMAIL))
    # Who gave to the runner, and whom they wrote to.
    for strange in ("donor", "organizer@example.org", "rosa@example.org", "Rosa Delgado", "otpauth", "secret"):
        assert strange not in text, strange


def test_both_parts_of_the_mail_have_the_link(client: Client) -> None:
    mail = asks(client, KNOWN)
    assert "http://localhost:8000/privacy/data/" in text_of(mail)
    assert "/privacy/data/" in html_of(mail)


def test_a_mailbox_gets_three_mails_a_day_and_the_answer_does_not_tell(client: Client) -> None:
    for _time in range(5):
        assert client.post(ADDRESS, {"email": KNOWN}).status_code == 302
    assert OutboxMail.objects.filter(to=KNOWN).count() == 3


def test_a_network_that_asks_for_many_is_told_to_wait(client: Client) -> None:
    answers = [client.post(ADDRESS, {"email": f"n{number}@example.org"}).status_code for number in range(21)]
    assert answers == [302] * 20 + [429]


def test_an_address_that_is_none_is_a_mistake_with_a_sentence(client: Client) -> None:
    answer = client.post(ADDRESS, {"email": "rosa"})
    assert answer.status_code == 422
    assert "There is a problem" in told(answer)


def test_a_link_ends_after_three_days_and_a_forged_one_is_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of("data_token", KNOWN)
    for path in (f"{ADDRESS}/{token}x", f"{ADDRESS}/{token_of('statement_token', KNOWN)}"):
        assert client.get(path).status_code == 404
    real = signing.time.time  # type: ignore[attr-defined]
    monkeypatch.setattr(signing.time, "time", lambda: real() + 3 * 86_400 + 1)  # type: ignore[attr-defined]
    for rest in ("", "/file.json", "/delete"):
        assert client.get(f"{ADDRESS}/{token}{rest}").headers["Location"] == ADDRESS


def test_an_address_without_anything_reads_so(client: Client) -> None:
    answer = told(client.get(f"{ADDRESS}/{token_of('data_token', 'nobody@example.org')}"))
    assert "That is nothing." in answer


def test_who_is_signed_in_gets_the_link_by_mail_too() -> None:
    """A claim link that was forwarded signs its holder in."""
    client = sign_in(Client(), a_person(KNOWN))
    assert client.get("/me/data").headers["Location"] == "/privacy/data/sent"
    assert OutboxMail.objects.filter(key__startswith="data:").get().to == KNOWN


def test_the_link_deletes_after_a_yes_and_says_before_what_goes_and_stays(client: Client) -> None:
    everything()
    link = f"{ADDRESS}/{token_of('data_token', EMAIL)}"
    before = told(client.get(f"{link}/delete"))
    assert "What goes" in before
    assert "What stays, and why" in before
    unticked = client.post(f"{link}/delete", {})
    assert unticked.status_code == 422
    assert "Nothing was deleted." in told(unticked)
    assert client.post(f"{link}/delete", {"sure": "on"}).headers["Location"] == "/privacy/data/gone"
    assert "That is nothing." in told(client.get(link))


def test_what_hinders_is_said_and_nothing_is_deleted(client: Client) -> None:
    payment = a_payment(a_page())
    link = f"{ADDRESS}/{token_of('data_token', payment.email)}/delete"
    assert "A payment is not over yet." in told(client.get(link))
    pressed = client.post(link, {"sure": "on"})
    assert pressed.status_code == 422
    payment.refresh_from_db()
    assert payment.email


def desk() -> Client:
    return sign_in(Client(), make_staff(Role.ORGANIZER))


def test_the_desk_looks_up_exports_and_deletes_with_a_reason() -> None:
    everything()
    client = desk()
    place = client.post("/desk/people", {"email": EMAIL.upper()}).headers["Location"]
    assert EMAIL not in place
    assert "What goes" in told(client.get(place))
    assert json.loads(client.get(f"{place}/file.json").content)["about"] == EMAIL
    assert client.post(place, {"reason": ""}).status_code == 422
    assert client.post(place, {"reason": f"{NAME} asked by letter"}).status_code == 302
    acts = list(StaffAct.objects.filter(user__email="staff@example.org").order_by("pk"))
    assert [act.verb for act in acts] == ["exported a person", "deleted a person"]
    assert acts[1].reason == "[erased] asked by letter"
    assert "We keep nothing under this address." in told(client.get(place))


@pytest.mark.money
def test_the_privacy_page_says_what_the_registry_says(client: Client) -> None:
    paid(a_payment(a_page()))
    page = told(client.get("/privacy"))
    for words in ("We hate spam", "30 days after the race.", "Two days.", "Children have no account", "Cookies"):
        assert words in page
