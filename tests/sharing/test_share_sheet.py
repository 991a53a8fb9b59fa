"""The share sheet, and what is on paper: every way leads to the page, by an address that says which way it was."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from pypdfium2 import PdfDocument

from events.models import Event
from events.services import public_edit
from fundraisers import sheets
from fundraisers.models import Fundraiser
from tests.factories import a_page

pytestmark = pytest.mark.django_db
ADDRESS = "http://localhost:8000/r/amina-warsame"


@pytest.fixture
def page() -> Fundraiser:
    return a_page()


def share_sheet(client: Client, path: str = "/r/amina-warsame") -> str:
    found = re.search(r'<details class="fold share".*', client.get(path).content.decode(), re.DOTALL)
    assert found
    return found[0].partition('<section aria-labelledby="gifts"')[0]


def hrefs(client: Client, path: str = "/r/amina-warsame") -> list[str]:
    return [unescape(href) for href in re.findall(r'<a [^>]*href="([^"]+)"', share_sheet(client, path))]


def sources(text: str) -> set[str]:
    return set(re.findall(rf"{re.escape(ADDRESS)}\?from=([a-z]+)", text))


def test_every_way_leads_to_the_page_and_says_which_way_it_was(page: Fundraiser, client: Client) -> None:
    ways = {urlsplit(href).netloc or urlsplit(href).scheme: unquote(href) for href in hrefs(client)[:6]}
    assert {name: sources(href) for name, href in ways.items()} == {
        "mailto": {"email"},
        "sms": {"sms"},
        "wa.me": {"whatsapp"},
        "www.facebook.com": {"facebook"},
        "x.com": {"x"},
        "www.linkedin.com": {"linkedin"},
    }
    assert sources(share_sheet(client)) == {"copy"}


def test_a_marked_address_shows_the_same_page(page: Fundraiser, client: Client) -> None:
    plain = client.get("/r/amina-warsame")
    assert client.get("/r/amina-warsame?from=whatsapp").content == plain.content


def test_there_are_words_to_send_for_three_occasions(page: Fundraiser, client: Client) -> None:
    sheet = share_sheet(client)
    for label in ("To friends", "To colleagues", "To say thank you"):
        assert label in sheet
    mails = [href for href in hrefs(client) if href.startswith("mailto:")]
    assert len(mails) == 4
    for mail in mails[1:]:
        body = parse_qs(urlsplit(mail).query)["body"][0]
        assert "Breaking Free, Source and The Link" in body
        assert body.endswith(f"\n\n{ADDRESS}?from=email")


def test_names_with_everything_in_them_stay_one_parameter(page: Fundraiser, client: Client) -> None:
    title = "Amina & Zoë: 100% <b>\"for\" 'us'</b>?subject=x&bcc=y@example.org #1 \U0001f3c3"
    Fundraiser.objects.filter(pk=page.pk).update(title=title)
    public_edit(page.event_id)
    mail = next(href for href in hrefs(client) if href.startswith("mailto:"))
    query = parse_qs(urlsplit(mail).query)
    assert set(query) == {"subject", "body"}
    assert query["subject"] == [title]
    assert "<b>" not in share_sheet(client)


def test_a_protected_page_is_not_offered_to_networks(page: Fundraiser, client: Client) -> None:
    Fundraiser.objects.filter(pk=page.pk).update(is_protected=True, is_listed=False)
    public_edit(page.event_id)
    hosts = {urlsplit(href).netloc for href in hrefs(client)}
    assert hosts == {"", "wa.me"}


def test_nothing_of_another_site_is_loaded(page: Fundraiser, client: Client) -> None:
    sheet = share_sheet(client)
    assert re.findall(r'src="([^"]+)"', sheet) == ["/r/amina-warsame/qr.svg"]
    outward = [tag for tag in re.findall(r"<a [^>]+>", sheet) if "https://" in tag]
    assert outward
    assert all('rel="noopener noreferrer"' in tag for tag in outward)


# --- On paper ----------------------------------------------------------------------------------------------


def printed(client: Client, paper: str) -> tuple[str, list[str], tuple[float, float]]:
    """The text of the sheet, what a phone reads off it, and its size in points."""
    answer = client.get(f"/r/amina-warsame/sheet-{paper}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    with PdfDocument(answer.content) as pdf:
        assert len(pdf) == 1
        words, (width, height) = pdf[0].get_textpage(), pdf[0].get_size()
        for letter in range(words.count_chars()):
            left, bottom, right, top = words.get_charbox(letter)
            assert left >= 0 <= bottom
            assert right <= width
            assert top <= height
        return words.get_text_range(), codes(pdf[0].render(scale=2).to_pil()), (width, height)


def codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_sheet_has_the_bib_and_a_code_that_phones_read(
    paper: str, size: tuple[int, int], page: Fundraiser, client: Client
) -> None:
    text, read, measured = printed(client, paper)
    assert tuple(round(side) for side in measured) == size
    assert read == [f"{ADDRESS}?from=sheet"]
    for words in ("101", "Amina Warsame", "North Loop", "9:00 AM", "Target Field concourse", "/r/amina-warsame"):
        assert words in text
    for organization in ("Breaking Free", "Source", "The Link"):
        assert organization in text


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_long_words_stay_on_the_sheet(paper: str, page: Fundraiser, client: Client) -> None:
    Fundraiser.objects.filter(pk=page.pk).update(name="W" * 80, title="W" * 120, bib=2_000_000_000)
    text, read, _size = printed(client, paper)
    assert read == [f"{ADDRESS}?from=sheet"]
    assert text.count("W") == 200 + text.count("Wed")


def test_a_name_that_the_font_lacks_is_left_to_the_page(page: Fundraiser, client: Client) -> None:
    Fundraiser.objects.filter(pk=page.pk).update(name="\u0623\u0645\u064a\u0646\u0629", title="Zoë \U0001f3c3 runs")
    text, read, _size = printed(client, "a4")
    assert read
    assert "Zoë runs" in text


def test_a_sheet_of_a_race_that_was_called_off_says_so(page: Fundraiser, client: Client) -> None:
    Event.objects.update(state=Event.State.CANCELLED)
    text, _read, _size = printed(client, "a4")
    assert "Cancelled" in text
    assert "9:00 AM" not in text


def test_the_code_for_the_screen_is_plain_svg(page: Fundraiser, client: Client) -> None:
    answer = client.get("/r/amina-warsame/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"style=" not in answer.content
    assert answer.content == sheets.qr_svg(f"{ADDRESS}?from=qr")
