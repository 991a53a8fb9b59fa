"""Stories: behind a note, read before they are shown, taken back by their author at once."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, StaffAct
from desk.stories import changes
from events.models import Event, Story
from events.services import load_event
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail
from outreach.services import send_waiting
from tests.accounts.people import make_staff, sign_in
from tests.factories import EVENT_FILE, an_event

pytestmark = pytest.mark.django_db
TEXT = "I was seventeen. A neighbour asked how I was, and meant it. That is how I got out."
BOXES = {"mine": "on", "grown": "on", "publish": "on"}


@pytest.fixture(autouse=True)
def event() -> Event:
    cache.clear()
    return an_event()


def drawn(client: Client) -> dict[str, str]:
    """What the form carries unseen."""
    page = client.get("/stories/tell").content.decode()
    return dict(re.findall(r'name="(form_token|drawn)" value="([^"]*)"', page))


def tell(text: str = TEXT, **more: str) -> Story:
    client = Client()
    sent = drawn(client) | BOXES | {"text": text, "name": "Ana", "email": "ana@example.org", "quote": "on"} | more
    assert client.post("/stories/tell", sent).status_code == 302
    return Story.objects.get(form_token=sent["form_token"])


@pytest.fixture
def desk(client: Client) -> Client:
    return sign_in(client, make_staff(Role.MODERATOR))


def words(story: Story, **more: str) -> dict[str, str]:
    fields = {name: getattr(story, name) for name in ("title", "attribution", "text", "lead")}
    return fields | {"content_note": "Speaks of coercion."} | more


def press(desk: Client, story: Story, state: str) -> None:
    page = desk.get(f"/desk/stories/{story.pk}").content.decode()
    seen = re.findall(r'name="seen" value="([^"]+)"', page)[0]
    assert desk.post(f"/desk/stories/{story.pk}/state", {"state": state, "seen": seen}).status_code == 302


def published(desk: Client, **more: str) -> Story:
    story = tell(**more)
    desk.post(f"/desk/stories/{story.pk}", words(story, lead="That is how I got out."))
    press(desk, story, "published")
    story.refresh_from_db()
    return story


def everywhere() -> str:
    slugs = Story.objects.values_list("slug", flat=True)
    return "".join(Client().get(path).content.decode() for path in ("/", "/stories", *(f"/stories/{s}" for s in slugs)))


def link_of(kind: str) -> str:
    text = text_of(OutboxMail.objects.get(key__endswith=f":{kind}"))
    found = re.search(r"(/stories/yours/\S+)", text)
    assert found
    return found.group(1)


def test_kaiya_and_julia_are_quoted_each_behind_a_note() -> None:
    page = Client().get("/stories").content.decode()
    for name, note in (("Kaiya", "Speaks of sexual exploitation."), ("Julia", "Speaks of fear")):
        assert page.index(note) < page.index(f"Read {name}&#x27;s story")
    one = Client().get("/stories/kaiya")
    assert "This is not fiction.</p></blockquote>" in one.content.decode().replace("\n", "")
    assert one["Cache-Control"] == "public, no-cache"
    assert not one.cookies


def test_nobody_sees_a_story_that_nobody_has_read() -> None:
    story = tell()
    assert "neighbour" not in everywhere()
    assert Client().get(f"/stories/{story.slug}").status_code == 404
    assert (story.submitted["text"], story.from_file) == (TEXT, False)
    assert len(story.consents) == 4
    mail = OutboxMail.objects.get(key=f"story:{story.pk}:received")
    assert mail.to == "ana@example.org"
    assert "withdraw it at any time" in text_of(mail)
    assert "/stories/yours/" in html_of(mail)


@pytest.mark.parametrize("box", ["mine", "grown", "publish"])
def test_each_consent_is_asked_for_and_what_was_written_is_kept(box: str) -> None:
    client = Client()
    sent = drawn(client) | BOXES | {"text": TEXT, "email": "ana@example.org"}
    answer = client.post("/stories/tell", {**sent, box: ""})
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
    assert not Story.objects.exclude(form_token=None).exists()


def test_machines_and_floods_are_kept_out_and_a_second_press_is_one_story(settings: Settings) -> None:
    client = Client()
    sent = drawn(client) | BOXES | {"text": TEXT, "email": "ana@example.org"}
    assert client.post("/stories/tell", sent | {"website": "x"}).status_code == 422
    settings.FORM_SECONDS = 3600
    assert client.post("/stories/tell", sent).status_code == 422
    settings.FORM_SECONDS = 0
    statuses = [client.post("/stories/tell", sent).status_code for _ in range(2)]
    statuses += [client.post("/stories/tell", sent | {"form_token": uuid4()}).status_code for _ in range(4)]
    assert statuses == [302] * 5 + [429]
    assert Story.objects.exclude(form_token=None).count() == 4


def test_a_moderator_shortens_publishes_and_answers(desk: Client) -> None:
    story = tell(name="")
    assert "A story without a name" in desk.get("/desk/stories").content.decode()
    assert desk.post(f"/desk/stories/{story.pk}", words(story, lead="Not in it.")).status_code == 422
    short = TEXT.replace("I was seventeen. ", "")
    desk.post(f"/desk/stories/{story.pk}", words(story, text=short, lead="That is how I got out."))
    page = desk.get(f"/desk/stories/{story.pk}").content.decode()
    assert "<del>I was seventeen.</del>" in page
    assert TEXT in page
    press(desk, story, "published")
    shown = everywhere()
    assert "“That is how I got out.”" in shown
    assert "seventeen" not in shown
    assert "Somebody" in shown
    assert "ana@example.org" not in shown
    desk.post(f"/desk/stories/{story.pk}/mail", {"text": "Thank you.\n\nMay we?", "number": "0"})
    desk.post(f"/desk/stories/{story.pk}/mail", {"text": "Thank you.\n\nMay we?", "number": "0"})
    keys = set(OutboxMail.objects.values_list("key", flat=True))
    assert keys == {f"story:{story.pk}:{kind}" for kind in ("received", "published", "words:0")}
    assert send_waiting() == 3
    assert StaffAct.objects.count() == 4


def test_a_story_without_a_note_is_not_published_and_one_that_changed_is_read_again(desk: Client) -> None:
    story = tell()
    press(desk, story, "published")
    assert "neighbour" not in everywhere()
    desk.post(f"/desk/stories/{story.pk}", words(story))
    desk.post(f"/desk/stories/{story.pk}/state", {"state": "published", "seen": "another"})
    assert "neighbour" not in everywhere()


def test_without_consent_no_sentence_stands_on_the_home_page(desk: Client) -> None:
    published(desk, quote="")
    assert "That is how I got out" not in Client().get("/").content.decode()
    assert "“That is how I got out" not in Client().get("/stories").content.decode()


def test_its_author_takes_it_back_and_it_is_gone_for_good(desk: Client) -> None:
    story = published(desk)
    assert "neighbour" in everywhere()
    link = link_of("published")
    stranger = Client()
    assert "It is published" in stranger.get(link).content.decode()
    assert "neighbour" in everywhere(), "looking changes nothing"
    assert stranger.post(link).status_code == 302
    assert "neighbour" not in everywhere()
    assert "how I got out" not in everywhere()
    assert "It is withdrawn" in stranger.get(link).content.decode()
    row = Story.objects.filter(pk=story.pk).values()[0]
    assert not any(word in str(row) for word in ("neighbour", "Ana", "ana@example.org"))
    press_again = desk.post(f"/desk/stories/{story.pk}/state", {"state": "published", "seen": "x"})
    assert press_again.status_code == 302
    desk.post(f"/desk/stories/{story.pk}", words(story))
    assert "neighbour" not in everywhere()
    assert "/stories/yours/" not in text_of(OutboxMail.objects.get(key=f"story:{story.pk}:withdrawn"))


def test_the_desk_takes_it_down_and_may_show_it_again(desk: Client) -> None:
    story = published(desk)
    press(desk, story, "declined")
    assert "neighbour" not in everywhere()
    press(desk, story, "published")
    assert "neighbour" in everywhere()


def test_the_file_leaves_stories_of_people_and_of_the_desk_alone(desk: Client) -> None:
    story = published(desk)
    kaiya = Story.objects.get(slug="kaiya")
    press(desk, kaiya, "declined")
    load_event(EVENT_FILE, coming=True)
    assert Story.objects.filter(pk=story.pk).exists()
    assert "Kaiya" not in everywhere()


@pytest.mark.parametrize("token", ["forged", "1", "%00"])
def test_a_guessed_link_opens_nothing(token: str) -> None:
    assert Client().get(f"/stories/yours/{token}").status_code == 404


def test_what_the_desk_changed_is_shown_word_by_word() -> None:
    assert list(changes("a b c", "a x c")) == [("same", "a"), ("out", "b"), ("in", "x"), ("same", "c")]
