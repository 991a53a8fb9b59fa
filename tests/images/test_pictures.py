"""What becomes of a photo: upright, cropped as chosen, in three sizes, and nothing but its pixels."""

import struct
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from common.images import SIZES, BadImage, Box, derivatives
from tests.images.photos import (
    a_photo,
    a_picture,
    exif,
    marked_jpeg,
    marked_png,
    marked_webp,
    profile,
    saved,
    segment,
    with_segments,
)

MARK = b"MARKER-44.9817N-93.2776W"
RED, GREEN, BLUE, WHITE = "red", "green", "blue", "white"
UPRIGHT = [RED, GREEN, BLUE, WHITE]
# What a camera writes that was held so: the file's pixels and the turn that makes them upright again.
HELD = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def made(data: bytes, crop: Box | None = None) -> dict[int, Image.Image]:
    return {width: Image.open(BytesIO(one)) for width, one in derivatives(BytesIO(data), crop).items()}


def colour(picture: Image.Image, x: float, y: float) -> str:
    pixel = picture.convert("RGB").getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    if min(pixel) > 180:
        return WHITE
    return max(((red, RED), (green, GREEN), (blue, BLUE)))[1]


def quarters(picture: Image.Image) -> list[str]:
    return [colour(picture, x, y) for y in (0.25, 0.75) for x in (0.25, 0.75)]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_shown_upright_however_the_camera_was_held(held: int, kind: str) -> None:
    by = HELD[held]
    picture = a_picture() if by is None else a_picture().transpose(by)
    photo = saved(picture, kind, exif=b"Exif\0\0" + exif(orientation=held))
    for width, one in made(photo).items():
        assert (one.size, quarters(one)) == ((width, width * 3 // 4), UPRIGHT)


@pytest.mark.parametrize("held", HELD)
def test_the_part_that_was_chosen_is_the_part_that_is_shown(held: int) -> None:
    by = HELD[held]
    picture = a_picture() if by is None else a_picture().transpose(by)
    photo = saved(picture, exif=b"Exif\0\0" + exif(orientation=held))
    for box, shown in [
        (Box(0, 0, 0.5, 0.5), RED),
        (Box(0.5, 0, 1, 0.5), GREEN),
        (Box(0, 0.5, 0.5, 1), BLUE),
        (Box(0.5, 0.5, 1, 1), WHITE),
    ]:
        assert set(quarters(made(photo, box)[640])) == {shown}


def test_without_a_choice_the_middle_is_shown() -> None:
    wide = made(saved(a_picture(3000, 600)))
    assert wide[640].size == (640, 480)
    assert quarters(wide[640]) == UPRIGHT


def test_a_chosen_part_of_another_shape_is_cut_around_its_middle() -> None:
    assert Box(0.25, 0, 0.75, 1).four_to_three(1000, 1000) == Box(0.25, 0.3125, 0.75, 0.6875)


@pytest.mark.parametrize(
    "corners", [(0.5, 0, 0.5, 1), (0, 0, 1.1, 1), (-0.1, 0, 1, 1), (0.6, 0, 0.4, 1), (float("nan"), 0, 1, 1)]
)
def test_a_box_is_inside_the_picture(corners: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="inside"):
        Box(*corners)


def test_a_small_photo_is_not_blown_up() -> None:
    assert {width: one.size for width, one in made(saved(a_picture(400, 300))).items()} == {
        1200: (400, 300),
        640: (400, 300),
        160: (160, 120),
    }


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_png_of_any_kind_becomes_a_photo(mode: str) -> None:
    assert made(saved(a_picture().convert("L" if mode == "I;16" else "RGBA").convert(mode), "PNG"))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_jpeg_of_any_kind_becomes_a_photo(mode: str) -> None:
    assert made(saved(a_picture(mode=mode)))


def test_what_is_clear_is_paper() -> None:
    one = made(saved(Image.new("RGBA", (800, 600), (0, 0, 0, 0)), "PNG"))[640]
    assert colour(one, 0.5, 0.5) == WHITE


def test_of_a_film_the_first_picture_is_kept() -> None:
    film = saved(a_picture(800, 600), "WEBP", save_all=True, append_images=[Image.new("RGB", (800, 600))])
    assert {getattr(one, "n_frames", 1) for one in made(film).values()} == {1}
    assert quarters(made(film)[640]) == UPRIGHT


def test_colours_of_a_wider_space_are_brought_into_ours() -> None:
    # The profile says that red is what we call green: whoever ignores it shows red.
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    swapped = swapped.replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ").replace(b"tmp_", b"gXYZ")
    photo = saved(Image.new("RGB", (640, 480), (230, 0, 0)), icc_profile=bytes(swapped))
    assert colour(made(photo)[640], 0.5, 0.5) == GREEN
    # One that nobody can read changes nothing.
    assert colour(made(saved(Image.new("RGB", (640, 480), (230, 0, 0)), icc_profile=MARK))[640], 0.5, 0.5) == RED


# --- Not a byte of what the file said ----------------------------------------------------------------------


def marked_photos() -> Iterator[bytes]:
    """30 photos, each with the mark in every block that its kind of file has for it."""
    for picture in (a_picture(900, 700), a_photo(800, 600), a_picture(700, 900)):
        yield marked_jpeg(picture, MARK)
        yield marked_jpeg(picture, MARK, progressive=True)
        yield marked_jpeg(picture, MARK, quality=95, subsampling=0)
        yield marked_jpeg(picture.convert("L"), MARK)
        yield marked_jpeg(picture.convert("CMYK"), MARK)
        yield marked_png(picture, MARK)
        yield marked_png(picture.convert("P"), MARK)
        yield marked_png(picture.convert("RGBA"), MARK)
        yield marked_webp(picture, MARK)
        yield marked_webp(picture, MARK, lossless=True)


def test_no_byte_of_metadata_is_in_any_picture() -> None:
    photos = list(marked_photos())
    assert len(photos) == 30
    for photo in photos:
        assert photo.count(MARK) >= 3
        pictures = derivatives(BytesIO(photo))
        assert set(pictures) == set(SIZES)
        for one in pictures.values():
            assert MARK not in one
            # Not what we thought of only: there is no room in the file for anything but pixels.
            assert riff_chunks(one) == [b"VP8 "]


def riff_chunks(webp: bytes) -> list[bytes]:
    assert struct.unpack("<I", webp[4:8])[0] + 8 == len(webp)
    found, place = [], 12
    while place < len(webp):
        found.append(webp[place : place + 4])
        size = struct.unpack_from("<I", webp, place + 4)[0]
        place += 8 + size + size % 2
    return found


def test_the_same_pixels_make_the_same_pictures_whatever_stands_beside_them() -> None:
    plain = saved(a_picture(900, 700))
    told = with_segments(plain, [segment(0xFE, MARK), segment(0xE1, b"Exif\0\0" + exif(MARK))], MARK)
    assert derivatives(BytesIO(told)) == derivatives(BytesIO(plain))


def test_a_long_profile_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = saved(a_picture(), icc_profile=profile(bytes(5000)))
    monkeypatch.setattr(ImageCms, "ImageCmsProfile", None)
    assert made(photo)


# --- What is no photo --------------------------------------------------------------------------------------

WEB_PAGE = b"<!doctype html><script>alert(1)</script>"
NO_PHOTOS = {
    "nothing": b"",
    "a web page": WEB_PAGE,
    "a drawing that can hold a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a GIF": saved(a_picture(), "GIF"),
    "a TIFF": saved(a_picture(), "TIFF"),
    "a BMP": saved(a_picture(), "BMP"),
    "a PDF": saved(a_picture(), "PDF"),
    "an icon": saved(a_picture(256, 256), "ICO"),
    "a PostScript program": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 640 480\n",
    "half a JPEG": saved(a_photo(1600, 1200))[:50_000],
    "half a PNG": saved(a_photo(400, 300), "PNG")[:50_000],
    "half a WebP": saved(a_photo(1600, 1200), "WEBP")[:20_000],
    "a stamp": saved(a_picture(64, 48)),
    "a line": saved(a_picture(6000, 20)),
    "a JPEG of nothing": b"\xff\xd8\xff\xd9",
    "a JPEG that ends in a mark": b"\xff\xd8\xff\xe1",
    "a PNG of nothing": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize("name", NO_PHOTOS)
def test_what_is_no_photo_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(BadImage, match=r"^[A-Z].*\. Nothing was changed\. Please .*\.$"):
        derivatives(BytesIO(NO_PHOTOS[name]))


def test_too_small_a_part_is_refused() -> None:
    with pytest.raises(BadImage, match="too little"):
        derivatives(BytesIO(saved(a_picture())), Box(0.4, 0.4, 0.5, 0.5))


def test_a_photo_that_is_also_a_web_page_is_only_a_photo_afterwards() -> None:
    both = with_segments(saved(a_picture()), [segment(0xFE, WEB_PAGE)], WEB_PAGE)
    assert all(b"<script" not in one for one in derivatives(BytesIO(both)).values())


SMALL = a_picture(400, 300)
SEEDS = [marked_jpeg(SMALL, MARK), marked_png(SMALL, MARK), marked_webp(SMALL, MARK)]


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=6)), max_size=6))
@pytest.mark.filterwarnings("ignore")
def test_whatever_is_sent_becomes_a_photo_or_a_sentence(seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(seed)
    for place, new in changes:
        data[place : place + len(new)] = new
    try:
        pictures = derivatives(BytesIO(bytes(data)))
    except BadImage:
        return
    assert all(riff_chunks(one) == [b"VP8 "] for one in pictures.values())
