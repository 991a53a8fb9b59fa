"""Share cards through the site, against drawing and encoding alone; photos, against the least that Pillow must do."""

from collections.abc import Callable, Iterator
from io import BytesIO

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image

from common.images import QUALITY, SIZES, derivatives
from events.queries import lanes
from fundraisers import card_drawing
from fundraisers.cards import Card, runner_card
from fundraisers.models import Fundraiser
from tests.bench.rounds import Line, compare
from tests.images.photos import a_photo, exif, saved

PHOTOS = 3


def lines(pages: list[Fundraiser]) -> Iterator[Line]:
    event = pages[0].event
    fresh = Fundraiser.objects.filter(pk__in=[page.pk for page in pages]).select_related("team")
    cards = {page.slug: runner_card(page, event, lanes(event)) for page in fresh}
    yield compare("a share card, not drawn yet", _requests(cards), lambda: _drawings(cards))
    photo = saved(a_photo(4000, 3000), quality=88, exif=b"Exif\0\0" + exif(b"mark"))
    yield compare("a photo of 12 megapixels, three sizes", lambda: _ours(photo), lambda: _by_hand(photo))


def _requests(cards: dict[str, Card]) -> Callable[[], int]:
    handler, factory = WSGIHandler(), RequestFactory(headers={"host": "localhost"})
    environs = [factory.get(reverse("card", args=[slug, card.digest])).environ for slug, card in cards.items()]

    def asked() -> int:
        caches["cards"].clear()
        for environ in environs:
            statuses: list[str] = []
            body = handler(dict(environ), lambda status, _headers, found=statuses: found.append(status))
            assert b"".join(body).startswith(b"\xff\xd8")
            assert statuses == ["200 OK"], statuses
        return len(environs)

    return asked


def _drawings(cards: dict[str, Card]) -> int:
    for card in cards.values():
        assert card_drawing.draw(card.face)
    return len(cards)


def _ours(photo: bytes) -> int:
    for _photo in range(PHOTOS):
        assert len(derivatives(BytesIO(photo))) == len(SIZES)
    return PHOTOS


def _by_hand(photo: bytes) -> int:
    """Decode, reduce, encode: no limits, no turn, no choice of a part, and what the file said stays in it."""
    for _photo in range(PHOTOS):
        picture: Image.Image = Image.open(BytesIO(photo))
        picture.draft("RGB", (SIZES[0], SIZES[0] * 3 // 4))
        for width in SIZES:
            picture = picture.resize((width, width * 3 // 4), Image.Resampling.LANCZOS, reducing_gap=2.0)
            picture.save(BytesIO(), "WEBP", quality=QUALITY)
    return PHOTOS
