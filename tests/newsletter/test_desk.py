"""The newsletter at the desk: written, seen as it arrives, counted, sent off by what was shown; everything logged."""

import re

import pytest
from django.test import Client

from accounts.models import Role, StaffAct
from common import clock
from events.models import Event
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news import letters
from outreach.news.models import Letter
from outreach.services import turn_off
from tests.desk.cast import at_desk
from tests.newsletter.readers import a_letter, a_subscriber, is_off, mailed, send_all, sent_off

WORDS = {"subject": "Where it went", "text": "We raised **a lot**: [see](/money)."}


@pytest.fixture
def desk(event: Event) -> Client:
    return at_desk(Role.ORGANIZER)


def page(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def send_page(desk: Client, letter: Letter) -> str:
    return page(desk.get(f"/desk/newsletter/letters/{letter.pk}/send"))


def shown(text: str) -> dict[str, str]:
    return dict(re.findall(r'name="(gets|edition)" value="(\d+)"', text))


def verbs() -> list[str]:
    return list(StaffAct.objects.order_by("pk").values_list("verb", flat=True))


def test_a_letter_from_the_first_word_to_the_last_mail(desk: Client) -> None:
    a_subscriber("rosa@example.org")
    a_subscriber("waits@example.org", confirmed_at=None)
    answer = desk.post("/desk/newsletter/letters/new", WORDS, follow=True)
    assert "http://localhost:8000/money" in page(answer)
    letter = Letter.objects.get()
    html = desk.get(f"/desk/newsletter/letters/{letter.pk}/html")
    assert "<strong>a lot</strong>" in page(html)
    assert "frame-ancestors 'self'" in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    look = send_page(desk, letter)
    assert "Nothing has been sent yet." in look
    assert "Send it to 1 address" in look
    desk.post(f"/desk/newsletter/letters/{letter.pk}/send", shown(look))
    assert letters.send_on() == 0
    Letter.objects.update(pressed_at=clock.now() - letters.GRACE)
    send_all()
    look = page(desk.get(f"/desk/newsletter/letters/{letter.pk}"))
    assert re.search(r"<dt>Sent</dt><dd class=\"num\">1</dd>", look)
    assert "Pause" not in look
    assert verbs() == ["wrote a letter", "sent a letter off"]


def test_what_is_previewed_is_what_is_sent(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = sent_off(event)
    seen = page(desk.get(f"/desk/newsletter/letters/{letter.pk}/html"))
    send_all()
    [message] = mailed()

    def plain(html: str) -> str:
        return re.sub(r"/news/off/[\w:.-]+|confirmed it on [^.]+", "", html)

    assert plain(str(message.alternatives[0].content)) == plain(seen)  # type: ignore[attr-defined]


def test_a_test_goes_to_whoever_writes_also_when_they_left_the_list(desk: Client, event: Event) -> None:
    turn_off(email="staff@example.org", topic=Topic.NEWS, off=True)
    letter = a_letter(event)
    desk.post(f"/desk/newsletter/letters/{letter.pk}/test")
    [message] = mailed()
    assert (message.to, message.subject) == (["staff@example.org"], letter.subject)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_when_the_count_has_changed_it_asks_again(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = a_letter(event)
    old = shown(send_page(desk, letter))
    a_subscriber("ana@example.org")
    answer = desk.post(f"/desk/newsletter/letters/{letter.pk}/send", old)
    assert answer.status_code == 422
    assert "Nothing was sent: look once more." in page(answer)
    assert "Send it to 2 addresses" in page(answer)
    assert Letter.objects.get().state == Letter.State.DRAFT
    assert desk.post(f"/desk/newsletter/letters/{letter.pk}/send", shown(page(answer))).status_code == 302


def test_when_the_words_have_changed_it_asks_again(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = a_letter(event)
    old = shown(send_page(desk, letter))
    address = f"/desk/newsletter/letters/{letter.pk}/edit"
    assert desk.post(address, WORDS | {"edition": "1"}).status_code == 302
    assert desk.post(f"/desk/newsletter/letters/{letter.pk}/send", old).status_code == 422
    answer = desk.post(address, WORDS | {"edition": "1", "subject": "Mine"})
    assert "Somebody else changed this letter" in page(answer)
    assert Letter.objects.get().subject == WORDS["subject"]


def test_without_the_senders_address_no_letter_goes_out(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = a_letter(event)
    Event.objects.update(postal_address="")
    assert "postal address" in send_page(desk, letter)
    answer = desk.post(f"/desk/newsletter/letters/{letter.pk}/send", {"gets": "1", "edition": "1"})
    assert answer.status_code == 422
    assert Letter.objects.get().state == Letter.State.DRAFT


def test_a_letter_to_nobody_is_not_sent(desk: Client, event: Event) -> None:
    letter = a_letter(event)
    assert "Nobody has confirmed yet" in send_page(desk, letter)


def test_more_letters_than_were_promised_are_said(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = a_letter(event)
    assert "We promised" not in send_page(desk, letter)
    for _other in range(2):
        Letter.objects.create(event=event, subject="S", text="T", by=letter.by, pressed_at=clock.now())
    assert "We promised at most two a month." in send_page(desk, letter)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"subject": "One\nBcc: all@example.org"}, "Write this on one line"),
        ({"subject": "\u202eabc"}, "Write this on one line"),
        ({"subject": ""}, "Write a subject."),
        ({"text": ""}, "Write the letter."),
        ({"text": "[x](money)"}, "A link in a mail is written in full"),
        ({"text": "[x](//evil.example)"}, "A link in a mail is written in full"),
    ],
)
def test_what_cannot_go_out_is_said_and_kept_on_screen(desk: Client, words: dict[str, str], sentence: str) -> None:
    answer = desk.post("/desk/newsletter/letters/new", WORDS | words)
    assert answer.status_code == 422
    assert sentence in page(answer)
    assert not Letter.objects.exists()


def test_a_script_in_a_letter_is_nowhere_alive(desk: Client) -> None:
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    desk.post("/desk/newsletter/letters/new", {"subject": "<script>alert(2)</script>", "text": text})
    letter = Letter.objects.get()
    for path in ("", "/html"):
        look = page(desk.get(f"/desk/newsletter/letters/{letter.pk}{path}"))
        assert "<script>alert" not in look
        assert "<img" not in look
        assert 'href="javascript' not in look


def test_pause_go_on_take_back_and_throw_away(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = sent_off(event)
    address = f"/desk/newsletter/letters/{letter.pk}"

    def act(what: str) -> str:
        desk.post(f"{address}/act", {"what": what})
        return Letter.objects.filter(pk=letter.pk).values_list("state", flat=True).first() or "gone"

    assert [act("pause"), act("go_on"), act("back"), act("throw_away")] == ["paused", "sending", "draft", "gone"]
    assert verbs() == ["paused a letter", "let a letter go on", "took a letter back", "threw a draft away"]
    assert not OutboxMail.objects.exists()


def test_what_is_too_late_is_said_and_not_logged(desk: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = sent_off(event)
    send_all()
    for what in ("back", "pause", "go_on", "throw_away"):
        answer = desk.post(f"/desk/newsletter/letters/{letter.pk}/act", {"what": what}, follow=True)
        assert "Somebody at the desk was faster" in page(answer)
    assert desk.get(f"/desk/newsletter/letters/{letter.pk}/edit").status_code == 302
    assert verbs() == []


def test_the_list_is_searched_and_shows_each_state(desk: Client) -> None:
    for name in ("rosa", "bounced", "left", "spam"):
        a_subscriber(f"{name}@example.org")
    a_subscriber("waits@example.org", confirmed_at=None)
    for name, reason in (("bounced", "bounced"), ("left", "asked"), ("spam", "complained")):
        Suppression.objects.create(email=f"{name}@example.org", topic=Topic.NEWS, reason=reason)
    shown_as = {
        "confirmed": "rosa",
        "waiting": "waits",
        "left": "left",
        "bounced": "bounced",
        "complained": "spam",
    }
    for state, name in shown_as.items():
        look = page(desk.get("/desk/newsletter/subscribers", {"state": state}))
        assert re.findall(r">([a-z]+)@example.org</a>", look) == [name]
    assert "1 address, newest first" in page(desk.get("/desk/newsletter/subscribers", {"q": "ROSA"}))
    assert "No address is like that." in page(desk.get("/desk/newsletter/subscribers", {"q": "nobody"}))
    assert "5 addresses" in page(desk.get("/desk/newsletter/subscribers", {"state": "strange"}))


def test_the_desk_takes_off_and_puts_back_only_what_it_took(desk: Client) -> None:
    rosa, left = a_subscriber("rosa@example.org"), a_subscriber("left@example.org")
    turn_off(email="left@example.org", topic=Topic.NEWS, off=True)
    words = {"emails": "Rosa@example.org\n\nstranger@example.org\nleft@example.org", "reason": "desk"}
    assert "2 addresses get no more news." in page(desk.post("/desk/newsletter/off", words, follow=True))
    assert is_off("stranger@example.org")
    desk.post(f"/desk/newsletter/subscribers/{rosa.pk}/back")
    assert not is_off("rosa@example.org")
    answer = desk.post(f"/desk/newsletter/subscribers/{left.pk}/back", follow=True)
    assert "Only they can come back" in page(answer)
    assert is_off("left@example.org")
    assert verbs() == ["took off the mailing list", "put back on the mailing list"]
    answer = desk.post("/desk/newsletter/off", words | {"emails": "ana@example.org\nno address"})
    assert "Nobody was taken off." in page(answer)
    assert not is_off("ana@example.org")


def test_the_list_as_a_file_is_logged_and_runs_no_formula(desk: Client) -> None:
    a_subscriber("rosa@example.org")
    a_subscriber("=sum@example.org", proof="=cmd()")
    text = desk.get("/desk/newsletter/subscribers.csv").getvalue().decode()
    assert "rosa@example.org,Confirmed" in text
    assert "'=sum@example.org" in text
    assert ",'=cmd()" in text
    assert verbs() == ["exported"]


def test_the_empty_desk_says_what_to_do(desk: Client) -> None:
    assert "No letter has been written yet." in page(desk.get("/desk/newsletter"))
    assert "Nobody is on the list yet." in page(desk.get("/desk/newsletter/subscribers"))
    assert "No file was imported yet." in page(desk.get("/desk/newsletter/import"))


@pytest.mark.parametrize("role", [Role.TREASURER, Role.MODERATOR, Role.COORDINATOR])
def test_others_find_nothing(event: Event, role: Role) -> None:
    other = at_desk(role, email="other@example.org")
    for path in ("", "/subscribers", "/subscribers.csv", "/import", "/letters/new", "/off"):
        assert other.get(f"/desk/newsletter{path}").status_code == 404
