"""A page's photo, share card, QR code and sheet: new when it changes, gone when it is hidden."""

import re
from io import BytesIO

import pytest
from django.core.cache import caches
from django.test import Client
from PIL import Image
from pytest_django import Settings

from common.photos import remove_photo, store_photo
from events.models import Event
from events.services import public_edit
from fundraisers import card_drawing
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from tests.factories import a_page, a_payment, paid
from tests.images.photos import a_picture, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Fundraiser:
    return a_page()


def change(page: Fundraiser, **values: object) -> None:
    Fundraiser.objects.filter(pk=page.pk).update(**values)
    public_edit(page.event_id)


def card_of(client: Client, path: str = "/r/amina-warsame") -> str:
    """The address that messengers read of the page."""
    found = re.search(r'<meta property="og:image" content="http://localhost:8000([^"]+)">', read(client, path))
    assert found
    return found[1]


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def with_photo(page: Fundraiser) -> str:
    name = store_photo(BytesIO(saved(a_picture())))
    change(page, photo=name)
    return name


FILES = ["/r/amina-warsame/qr.svg", "/r/amina-warsame/sheet-a4.pdf", "/r/amina-warsame/sheet-letter.pdf"]


# --- The card ----------------------------------------------------------------------------------------------


def test_the_card_is_a_jpeg_of_the_size_that_messengers_want(page: Fundraiser, client: Client) -> None:
    answer = client.get(card_of(client))
    picture = Image.open(BytesIO(answer.content))
    assert (picture.format, picture.size, answer["Content-Type"]) == ("JPEG", (1200, 630), "image/jpeg")
    assert len(answer.content) < 300_000


@pytest.mark.parametrize(
    "change_to",
    [
        {"name": "Amina W."},
        {"bib": 999},
        {"goal_cents": 90_000},
        {"team": None},
        {"is_listed": False, "is_protected": True},
    ],
)
def test_whatever_the_card_shows_makes_a_new_address(
    change_to: dict[str, object], page: Fundraiser, client: Client
) -> None:
    before = card_of(client)
    drawn = client.get(before).content
    change(page, **change_to)
    after = card_of(client)
    assert after != before
    assert client.get(after).content != drawn


@pytest.mark.money
def test_a_gift_makes_a_new_card_and_the_old_address_leads_there(page: Fundraiser, client: Client) -> None:
    before = card_of(client)
    paid(a_payment(page))
    moved = client.get(before)
    assert (moved.status_code, moved["Location"]) == (302, card_of(client))
    assert "no-cache" in moved["Cache-Control"]


def test_what_the_card_does_not_show_leaves_its_address(page: Fundraiser, client: Client) -> None:
    before = card_of(client)
    change(page, story="Another story", email="other@example.org")
    assert card_of(client) == before


def test_a_photo_is_on_the_card(page: Fundraiser, client: Client) -> None:
    plain = card_of(client)
    with_photo(page)
    shown = card_of(client)
    assert shown != plain
    picture = Image.open(BytesIO(client.get(shown).content)).convert("RGB")
    red, green, blue = picture.getpixel((40, 40))  # type: ignore[misc]
    assert red > 150 > max(green, blue)


def test_a_photo_that_was_lost_leaves_the_dawn(page: Fundraiser, client: Client) -> None:
    remove_photo(with_photo(page))
    assert client.get(card_of(client)).status_code == 200


def test_another_drawing_makes_another_address(
    page: Fundraiser, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = card_of(client)
    monkeypatch.setattr("fundraisers.cards._drawing", lambda: "another")
    caches["pages"].clear()
    assert card_of(client) != before


def test_a_card_is_drawn_once(page: Fundraiser, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = card_of(client)
    first = client.get(address).content
    monkeypatch.setattr(card_drawing, "draw", None)
    assert client.get(address).content == first


def test_a_stranger_cannot_have_cards_drawn(page: Fundraiser, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_drawing, "draw", None)
    assert client.get("/r/amina-warsame/card/000000000000000000000000.jpg").status_code == 302


def test_the_event_and_teams_have_cards(page: Fundraiser, client: Client) -> None:
    for path in ("/", "/t/north-loop"):
        address = card_of(client, path)
        assert Image.open(BytesIO(client.get(address).content)).size == (1200, 630)
    assert client.get("/card/000000000000000000000000.jpg")["Location"] == card_of(client, "/")


# --- All files ---------------------------------------------------------------------------------------------


def test_files_may_be_kept_and_are_asked_for_again(page: Fundraiser, client: Client) -> None:
    name = with_photo(page)
    for path in (*FILES, card_of(client), f"/r/amina-warsame/photo/{name}-640.webp"):
        answer = client.get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "public, no-cache")
        assert not answer.cookies
        assert answer["X-Content-Type-Options"] == "nosniff"
        again = client.get(path, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_hiding_takes_every_file_away_at_once_also_from_who_kept_it(page: Fundraiser, client: Client) -> None:
    name = with_photo(page)
    paths = [*FILES, card_of(client), f"/r/amina-warsame/photo/{name}-1200.webp"]
    tags = {path: client.get(path)["ETag"] for path in paths}
    set_hidden(fundraiser=page, hidden=True)
    for path in paths:
        assert client.get(path).status_code == 404
        assert client.get(path, headers={"If-None-Match": tags[path]}).status_code == 404
    set_hidden(fundraiser=page, hidden=False)
    assert {client.get(path).status_code for path in paths} == {200}


def test_a_hidden_team_has_no_files(page: Fundraiser, client: Client) -> None:
    assert page.team
    address = card_of(client, "/t/north-loop")
    before = card_of(client)
    page.team.is_hidden = True
    page.team.save(update_fields=["is_hidden"])
    public_edit(page.event_id)
    assert client.get(address).status_code == 404
    # Its name is gone from the cards of its members, too.
    assert card_of(client) != before


# --- Photos ------------------------------------------------------------------------------------------------


def test_a_photo_is_shown_by_its_page_only(page: Fundraiser, client: Client) -> None:
    other = a_page(page.event, "Otto Other")
    name = with_photo(page)
    for width in (1200, 640, 160):
        answer = client.get(f"/r/amina-warsame/photo/{name}-{width}.webp")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert Image.open(BytesIO(answer.content)).size == (width, width * 3 // 4)
        assert client.get(f"/r/{other.slug}/photo/{name}-{width}.webp").status_code == 404
    assert client.get(f"/r/amina-warsame/photo/{name}-200.webp").status_code == 404
    assert client.get("/r/otto-other/photo/-640.webp").status_code == 404


def test_a_protected_page_shows_no_photo_even_where_one_was_kept(page: Fundraiser, client: Client) -> None:
    name = with_photo(page)
    change(page, is_listed=False, is_protected=True)
    assert client.get(f"/r/amina-warsame/photo/{name}-640.webp").status_code == 404


def test_a_photo_that_was_replaced_is_gone(page: Fundraiser, client: Client, settings: Settings) -> None:
    old = with_photo(page)
    with_photo(page)
    assert client.get(f"/r/amina-warsame/photo/{old}-640.webp").status_code == 404
    remove_photo(old)
    assert len(list((settings.MEDIA_ROOT / "photos").iterdir())) == 3


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsettings", "photos", "a/b", "x" * 5000])
def test_no_name_leads_out_of_the_folder(name: str, page: Fundraiser, client: Client) -> None:
    with_photo(page)
    assert client.get(f"/r/amina-warsame/photo/{name}-640.webp").status_code == 404


# --- Protected pages ---------------------------------------------------------------------------------------


def test_the_card_of_a_protected_page_says_nothing_of_the_person(page: Fundraiser, client: Client) -> None:
    with_photo(page)
    change(page, is_listed=False, is_protected=True, raised_cents=12_345)
    other = a_page(page.event, "Rosa Quiet", team="")
    change(other, is_listed=False, is_protected=True)
    digests = [card_of(client, f"/r/{each.slug}").rpartition("/")[2] for each in (page, other)]
    # The same picture for both: there is nothing in it that is theirs.
    assert digests[0] == digests[1]
    assert client.get(card_of(client)).content == client.get(card_of(client, f"/r/{other.slug}")).content


def test_a_race_that_was_called_off_says_so_on_its_card(page: Fundraiser, client: Client) -> None:
    before = card_of(client)
    Event.objects.update(state=Event.State.CANCELLED)
    public_edit(page.event_id)
    assert card_of(client) != before
