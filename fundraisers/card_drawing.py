"""Draws a share card: to the left the runner's photo or the dawn of the bib, to the right the bib and the lanes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, ImageOps

from common.skyline import GLOW, HEIGHT, HORIZON, LAMP, MIDDLE, ROAD, SUN_HEIGHT, Skyline, skyline
from fundraisers.palette import (
    FONT,
    INK,
    INK_2,
    NIGHT,
    NIGHT_INK,
    NIGHT_INK_2,
    PAPER,
    lane_colour,
)

CARD = (1200, 630)
PICTURE = (500, 630)
LEFT, RIGHT = 552, 1148
BIB_TOP, BIB_BOTTOM, CORNER = 48, 366, 22
LANES_TOP, LANES_HIGH, LANE_GAP = 470, 72, 8
CHECK = 7
SMALLEST = 20
# Half the road under our feet, in the skyline's own measure.
ROADSIDE = 170
JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Lane:
    """An organization, its colour's place, and how far its lane is filled, 0 to 1000."""

    name: str
    place: int
    run: int


@dataclass(frozen=True, slots=True)
class Face:
    """The words and figures that a card shows, as they are shown."""

    morning: int
    head: str
    number: str
    name: str
    under: str
    amount: str
    beside: str
    lanes: tuple[Lane, ...]


def draw(face: Face, photo: bytes | None = None) -> bytes:
    """The card as a JPEG; the photo is a picture of ours."""
    card = Image.new("RGB", CARD, NIGHT)
    card.paste(_fitted(photo) if photo else _dawn(skyline(face.morning), face.lanes))
    pen = ImageDraw.Draw(card)
    _bib(card, pen, face)
    _total(pen, face)
    _lanes(card, pen, face.lanes)
    file = BytesIO()
    card.save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()


# --- The picture -------------------------------------------------------------------------------------------


def _fitted(photo: bytes) -> Image.Image:
    with Image.open(BytesIO(photo), formats=("WEBP",)) as picture:
        return ImageOps.fit(picture.convert("RGB"), PICTURE, Image.Resampling.BICUBIC)


def _dawn(city: Skyline, lanes: Sequence[Lane]) -> Image.Image:
    """Twice as large and then halved, so that slanted edges are smooth."""
    scale = 2 * PICTURE[1] / HEIGHT
    wide, high = 2 * PICTURE[0], 2 * PICTURE[1]
    shift = wide / 2 - city.sun * scale
    picture = Image.new("RGB", (wide, high), ROAD)
    horizon = round(HORIZON * scale)
    picture.paste(_sky(city.sky).resize((wide, horizon), Image.Resampling.NEAREST))
    pen = ImageDraw.Draw(picture, "RGBA")

    def placed(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * scale + shift, y * scale) for x, y in points]

    for radius, alpha in ((2 * city.radius, 46), (1.5 * city.radius, 64), (city.radius, 255)):
        centre = placed([(city.sun, HORIZON - SUN_HEIGHT)])[0]
        pen.circle(centre, radius * scale, fill=_clear(GLOW, alpha))
    pen.polygon(placed(city.far), fill=_clear(city.far_colour, 191))
    pen.polygon(placed(city.near), fill=city.near_colour)
    for x, y in city.lights:
        pen.rectangle(placed([(x, y), (x + 4, y + 4)]), fill=_clear(LAMP, 217))
    pen.rectangle((0, horizon, wide, high), fill=ROAD)
    for lane, points in zip(lanes, city.road(len(lanes), city.sun - ROADSIDE, city.sun + ROADSIDE), strict=True):
        pen.polygon(placed(points), fill=lane_colour(lane.place, by_night=True))
    return picture.reduce(2)


@cache
def _sky(colours: tuple[str, str, str]) -> Image.Image:
    """One column from top to horizon."""
    top, middle, horizon = (Image.new("RGB", (1, 1), colour) for colour in colours)
    column = Image.new("RGB", (1, HORIZON))
    for y in range(HORIZON):
        down = y / HORIZON
        pair = (top, middle, down / MIDDLE) if down < MIDDLE else (middle, horizon, (down - MIDDLE) / (1 - MIDDLE))
        column.paste(Image.blend(*pair), (0, y))
    return column


def _clear(colour: str, alpha: int) -> str:
    return f"{colour}{alpha:02x}"


# --- The bib, the total, the lanes -------------------------------------------------------------------------


def _bib(card: Image.Image, pen: ImageDraw.ImageDraw, face: Face) -> None:
    size = (RIGHT - LEFT, BIB_BOTTOM - BIB_TOP)
    paper = Image.new("RGB", size, PAPER)
    for row, lane in enumerate(reversed(face.lanes)):
        bottom = size[1] - 11 * row
        paper.paste(lane_colour(lane.place), (0, bottom - 8, size[0], bottom))
    card.paste(paper, (LEFT, BIB_TOP), _mask(*size, CORNER))
    for x in (LEFT + 24, RIGHT - 44):
        _box(card, (x, BIB_TOP + 24, x + 20, BIB_TOP + 44), 10, INK)
        _box(card, (x + 3, BIB_TOP + 27, x + 17, BIB_TOP + 41), 7, NIGHT)
    _centred(pen, face.head, BIB_TOP + 35, _Type(22, 700, INK_2), room=size[0] - 120)
    if face.number:
        _centred(pen, face.number, 167, _Type(150, 900, INK, 0.055))
        _centred(pen, face.name, 266, _Type(44, 800, INK, 0.01))
        _centred(pen, face.under, 311, _Type(26, 600, INK_2))
    else:
        _centred(pen, face.name, 188, _Type(76, 900, INK, 0.03))
        _centred(pen, face.under, 262, _Type(28, 600, INK_2))


def _total(pen: ImageDraw.ImageDraw, face: Face) -> None:
    amount, beside = _Type(76, 900, NIGHT_INK, 0.04), _Type(32, 500, NIGHT_INK_2)
    amount = amount.fitting(face.amount, RIGHT - LEFT - beside.length(face.beside) - 14)
    amount.write(pen, face.amount, LEFT - 3, 424)
    beside.write(pen, face.beside, LEFT + amount.length(face.amount) + 14, 434)


def _lanes(card: Image.Image, pen: ImageDraw.ImageDraw, lanes: Sequence[Lane]) -> None:
    if not lanes:
        return
    thick = (LANES_HIGH - LANE_GAP * (len(lanes) - 1)) // len(lanes)
    for row, lane in enumerate(lanes):
        top, colour = LANES_TOP + row * (thick + LANE_GAP), lane_colour(lane.place, by_night=True)
        _box(card, (LEFT, top, RIGHT, top + thick), thick // 2, _mixed(colour))
        if lane.run:
            end = max(LEFT + (RIGHT - LEFT) * lane.run // 1000, LEFT + thick)
            _box(card, (LEFT, top, end, top + thick), thick // 2, colour)
    _finish(pen)
    _names(card, pen, lanes)


def _finish(pen: ImageDraw.ImageDraw) -> None:
    """The checkered line at the goal."""
    top, bottom = LANES_TOP - CHECK, LANES_TOP + LANES_HIGH + CHECK
    pen.rectangle((RIGHT - 2 * CHECK, top, RIGHT - 1, bottom), fill=NIGHT)
    for row, y in enumerate(range(top, bottom, CHECK)):
        x = RIGHT - 2 * CHECK + row % 2 * CHECK
        pen.rectangle((x, y, x + CHECK - 1, y + CHECK - 1), fill=NIGHT_INK)


def _names(card: Image.Image, pen: ImageDraw.ImageDraw, lanes: Sequence[Lane]) -> None:
    """Whose lane is whose, as many names as fit."""
    font, x, y = _font(24, 600), LEFT, 592
    for lane in lanes:
        end = x + 38 + font.getlength(lane.name)
        if end > RIGHT:
            return
        _box(card, (x, y - 5, x + 26, y + 5), 5, lane_colour(lane.place, by_night=True))
        pen.text((x + 38, y), lane.name, NIGHT_INK, font, anchor="lm")
        x = round(end) + 34


# --- Type and shapes ---------------------------------------------------------------------------------------


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([weight, 100])
    return font


@dataclass(frozen=True, slots=True)
class _Type:
    """Letters of a size and weight, set tighter by a part of their size."""

    size: int
    weight: int
    colour: str
    tighter: float = 0

    def length(self, words: str) -> float:
        return _font(self.size, self.weight).getlength(words) - self.tighter * self.size * (len(words) - 1)

    def fitting(self, words: str, room: float) -> "_Type":
        """Smaller, where the words would not fit."""
        if self.length(words) <= room or self.size <= SMALLEST:
            return self
        return replace(self, size=self.size * 9 // 10).fitting(words, room)

    def write(self, pen: ImageDraw.ImageDraw, words: str, x: float, y: float) -> None:
        """From the left, around the height of `y`."""
        font = _font(self.size, self.weight)
        for part in words if self.tighter else [words]:
            pen.text((x, y), part, self.colour, font, anchor="lm")
            x += font.getlength(part) - self.tighter * self.size


def _centred(pen: ImageDraw.ImageDraw, words: str, y: int, type_: _Type, room: int = RIGHT - LEFT - 60) -> None:
    """One line in the middle of the bib; what does not fit even in small letters is cut."""
    type_ = type_.fitting(words, room)
    while type_.length(words) > room:
        words = f"{words[:-2].rstrip()}…"
    type_.write(pen, words, (LEFT + RIGHT - type_.length(words)) / 2, y)


def _box(card: Image.Image, corners: tuple[int, int, int, int], radius: int, colour: str) -> None:
    """A rectangle with round corners, smooth at the edge."""
    left, top, right, bottom = corners
    card.paste(colour, corners, _mask(right - left, bottom - top, radius))


@cache
def _quarter(radius: int) -> Image.Image:
    mask = Image.new("L", (4 * radius, 4 * radius))
    ImageDraw.Draw(mask).circle((4 * radius, 4 * radius), 4 * radius, fill=255)
    return mask.reduce(4)


def _mask(width: int, height: int, radius: int) -> Image.Image:
    mask = Image.new("L", (width, height), 255)
    corner = _quarter(radius)
    for turn, at in enumerate([(0, 0), (0, height - radius), (width - radius, height - radius), (width - radius, 0)]):
        mask.paste(corner.rotate(90 * turn), at)
    return mask


@cache
def _mixed(colour: str) -> str:
    """The bed of a lane: its colour thinned with the night."""
    bed = Image.blend(Image.new("RGB", (1, 1), NIGHT), Image.new("RGB", (1, 1), colour), 0.26).getpixel((0, 0))
    assert isinstance(bed, tuple)
    return "#{:02x}{:02x}{:02x}".format(*bed)
