"""A file of addresses: looked at first; then new ones are asked, and whoever left is not even asked."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role, StaffAct
from events.models import Event
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news import files
from outreach.news.files import MOST_ROWS, BadFile
from outreach.news.models import AddressFile, Subscriber
from outreach.services import turn_off
from outreach.suppressions import pseudonym
from tests.desk.cast import at_desk
from tests.newsletter.readers import a_subscriber, links_in, mailed

SAID = {"source": "at the sign-up table", "said_on": "2026-05-01"}


@pytest.fixture
def desk(event: Event) -> Client:
    return at_desk(Role.ORGANIZER)


def choose(desk: Client, *rows: str, heading: str = "Email,Name", **more: str) -> str:
    content = "\n".join([heading, *rows]).encode()
    words = SAID | more | {"file": SimpleUploadedFile("readers.csv", content)}
    return str(desk.post("/desk/newsletter/import", words, follow=True).content.decode())


def press(desk: Client, what: str = "import", **more: str) -> str:
    kept = AddressFile.objects.latest("pk")
    page = desk.get(f"/desk/newsletter/import/{kept.pk}").content.decode()
    shown = dict(re.findall(r'name="(new)" value="(\d+)"', page))
    return desk.post(f"/desk/newsletter/import/{kept.pk}", shown | {"what": what} | more, follow=True).content.decode()


def test_new_addresses_are_asked_once_and_nobody_else(desk: Client) -> None:
    a_subscriber("known@example.org")
    a_subscriber("left@example.org")
    turn_off(email="left@example.org", topic=Topic.NEWS, off=True)
    turn_off(email="never@example.org", topic=Topic.NEWS, off=True)
    Suppression.objects.create(email=pseudonym("forgotten@example.org"), topic=Topic.NEWS)
    names = ("new", "NEW", "known", "Left", "never", "forgotten")
    page = choose(desk, *[f"{name}@example.org,x" for name in names], "no address,x", ",")
    assert "Nobody has been written to yet." in page
    counts = dict(re.findall(r'<dt>([^<]+)</dt><dd class="num">(\d+)</dd>', page))
    assert [int(count) for count in counts.values()] == [1, 1, 3, 1, 1]
    assert not OutboxMail.objects.exists()
    assert "1 address is asked to confirm." in press(desk)
    [message] = mailed()
    assert message.to == ["new@example.org"]
    assert "at the sign-up table, 2026-05-01" in str(message.body)
    assert message.extra_headers["List-Unsubscribe-Post"]
    person = Subscriber.objects.get(email="new@example.org")
    assert (person.source, person.proof, person.confirmed_at) == ("file", "at the sign-up table, 2026-05-01", None)
    assert [act.verb for act in StaffAct.objects.order_by("pk")] == ["chose a file of addresses", "imported addresses"]


def test_whoever_presses_in_that_mail_is_on_the_list(desk: Client, client: Client) -> None:
    choose(desk, "new@example.org,")
    press(desk)
    [message] = mailed()
    [link] = links_in(message, "confirm")
    client.post(link)
    assert Subscriber.objects.get().confirmed_at


def test_who_leaves_between_the_look_and_the_press_is_not_written_to(desk: Client) -> None:
    choose(desk, "new@example.org,", "other@example.org,")
    kept = AddressFile.objects.get()
    turn_off(email="new@example.org", topic=Topic.NEWS, off=True)
    address = f"/desk/newsletter/import/{kept.pk}"
    page = desk.post(address, {"what": "import", "new": "2"}, follow=True).content.decode()
    assert "Nothing was done; look again." in page
    assert not OutboxMail.objects.exists()
    press(desk)
    assert [message.to for message in mailed()] == [["other@example.org"]]


def test_the_second_press_and_the_second_file_ask_nobody_again(desk: Client, event: Event) -> None:
    choose(desk, "new@example.org,")
    kept = AddressFile.objects.get()
    press(desk)
    assert files.commit(kept=kept, event=event) == 0
    assert desk.get(f"/desk/newsletter/import/{kept.pk}").status_code == 404
    assert AddressFile.objects.get().rows == []
    choose(desk, "new@example.org,")
    press(desk, new="0")
    assert OutboxMail.objects.count() == 1


def test_a_file_is_thrown_away(desk: Client) -> None:
    choose(desk, "new@example.org,")
    assert "Nobody was written to." in press(desk, "throw_away")
    assert not AddressFile.objects.exists()
    assert not Subscriber.objects.exists()


def test_a_row_may_bring_its_own_proof(desk: Client) -> None:
    choose(
        desk, "a@example.org,Race of 2025,2025-12-01", "b@example.org,,", heading="e-mail;Source;Date".replace(";", ",")
    )
    press(desk)
    assert set(Subscriber.objects.values_list("proof", flat=True)) == {
        "Race of 2025, 2025-12-01",
        "at the sign-up table, 2026-05-01",
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"source": ""}, "Say where they said so."),
        ({"said_on": "2999-01-01"}, "Enter a day that has been."),
        ({"source": "a\nBcc: x@y.org"}, "Write this on one line"),
    ],
)
def test_without_proof_nothing_is_taken(desk: Client, words: dict[str, str], sentence: str) -> None:
    assert sentence in choose(desk, "new@example.org,", **words)
    assert not AddressFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"name\nAna",
        b"email",
        b"email\n",
        b"\x00\x01",
        b'email\n"a',
        b"email\n" + b"a@b.org\n" * (MOST_ROWS + 1),
    ],
)
def test_a_file_that_is_none_is_said_to_be(event: Event, content: bytes) -> None:
    with pytest.raises(BadFile):
        files.keep(name="x", content=content, proof="", by=None)  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    for begin in (b"", b"email\n"):
        try:
            rows = list(files._rows(begin + content, "proof"))
        except BadFile:
            continue
        assert all(len(email) <= 254 for _number, email, _proof in rows)


@pytest.mark.parametrize(
    "email", ["a@b.org\rBcc: x@y.org", '"a@b.org\nBcc: x@y.org"', "=cmd@b.org,", "a@b.org;c@d.org"]
)
def test_no_row_brings_a_header(desk: Client, email: str) -> None:
    choose(desk, email)
    press(desk)
    for message in mailed():
        assert not re.search(r"[\r\n]", message.to[0])
        assert "bcc" not in {name.lower() for name in message.message()}
