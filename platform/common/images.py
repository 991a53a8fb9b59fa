"""Photos that people upload: refused by their header, decoded within limits, turned, cropped, drawn anew.

What is kept is a new picture. Of the file it was made from it holds the colours of the pixels and not one byte more:
no place, no camera, no comment, nothing of what was cropped away.
"""

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms

from common.image_blocks import bare, orientation

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 24_000_000
# A JPEG is decoded reduced; the others are in memory whole, and a flat one of a kilobyte may unfold to hundreds of MB.
MAX_PIXELS_WHOLE = 8_000_000
# Pillow opens 43 kinds of files if it is let.
FORMATS = ("JPEG", "PNG", "WEBP")
# Widths of the pictures that are kept, the largest first; all are 4 to 3.
SIZES = (1200, 640, 160)
MIN_WIDTH, MIN_HEIGHT = 320, 240
QUALITY = 80
PAPER = (255, 253, 249)
# A phone's colour profile has some hundred bytes; long ones belong to printing presses.
MAX_PROFILE_BYTES = 4096
SRGB = ImageCms.createProfile("sRGB")

# Pillow's own guard, behind ours: it makes no room for twice as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# One at a time: a process needs the memory of one photo, however many people press at once.
_one_at_a_time = threading.Lock()


class BadImage(Exception):
    """The file does not become a photo of ours; the message is a sentence for the person who sent it."""


class TooManyPixels(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture as people see it: fractions of its width and height, from the upper left corner.

    Raises ValueError for what is no part of it.
    """

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError("A box has its corners inside the picture.")

    def four_to_three(self, width: int, height: int) -> "Box":
        """The largest box of our shape around the same middle, in a picture of this size."""
        wide, high = (self.right - self.left) * width, (self.bottom - self.top) * height
        across, down = min(wide, high * 4 / 3) / width / 2, min(high, wide * 3 / 4) / height / 2
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return Box(max(x - across, 0), max(y - down, 0), min(x + across, 1), min(y + down, 1))


@dataclass(frozen=True, slots=True)
class Turn:
    """How a file has to be turned to be seen upright, and where its upright parts lie in it."""

    by: Image.Transpose | None = None
    swapped: bool = False
    from_right: bool = False
    from_bottom: bool = False

    def unturned(self, box: Box) -> Box:
        x, y = (box.left, box.right), (box.top, box.bottom)
        if self.swapped:
            x, y = y, x
        if self.from_right:
            x = (1 - x[1], 1 - x[0])
        if self.from_bottom:
            y = (1 - y[1], 1 - y[0])
        return Box(x[0], y[0], x[1], y[1])


# By the orientation that EXIF tells; 1, and anything strange, is upright already.
TURNS = {
    2: Turn(Image.Transpose.FLIP_LEFT_RIGHT, from_right=True),
    3: Turn(Image.Transpose.ROTATE_180, from_right=True, from_bottom=True),
    4: Turn(Image.Transpose.FLIP_TOP_BOTTOM, from_bottom=True),
    5: Turn(Image.Transpose.TRANSPOSE, swapped=True),
    6: Turn(Image.Transpose.ROTATE_270, swapped=True, from_bottom=True),
    7: Turn(Image.Transpose.TRANSVERSE, swapped=True, from_right=True, from_bottom=True),
    8: Turn(Image.Transpose.ROTATE_90, swapped=True, from_right=True),
}


def derivatives(upload: BinaryIO, crop: Box | None = None) -> dict[int, bytes]:
    """The pictures that are kept of a photo, WebP by width; never larger than the photo is.

    `crop` is a part of the upright picture; without one it is the middle. Raises BadImage.
    """
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadImage(_("This file is larger than 10 MB. Nothing was changed. Please send a smaller photo."))
    with _one_at_a_time:
        try:
            picture = _decoded(data, crop or Box())
        except BadImage:
            raise
        except (TooManyPixels, Image.DecompressionBombError) as error:
            raise BadImage(
                _(
                    "This photo has too many pixels: we take JPEG of up to 24 million, PNG and WebP of up to 8 million."
                    " Nothing was changed. Please send a smaller one."
                )
            ) from error
        except Exception as error:  # What strangers send breaks decoders in more ways than anybody could list.
            raise BadImage(
                _("We cannot read this file. Nothing was changed. Please send a photo as JPEG, PNG or WebP.")
            ) from error
        return _encoded(picture)


def _decoded(data: bytes, crop: Box) -> Image.Image:
    """The chosen part, upright, in sRGB, as large as the largest picture that is kept of it."""
    pixels, exif = bare(data)
    image: Image.Image = Image.open(BytesIO(pixels), formats=FORMATS)
    if image.width * image.height > (MAX_PIXELS if image.format == "JPEG" else MAX_PIXELS_WHOLE):
        raise TooManyPixels
    turn = TURNS.get(orientation(exif or image.info.get("exif", b"")), Turn())
    width, height = (image.height, image.width) if turn.swapped else image.size
    seen = crop.four_to_three(width, height)
    across = (seen.right - seen.left) * width
    if across < MIN_WIDTH - 1:
        raise BadImage(_("Of this photo we would see too little. Nothing was changed. Please send a larger one."))
    largest = min(SIZES[0], int(across))
    size = (largest, largest * 3 // 4)
    # A JPEG is decoded at a half, a quarter or an eighth where that is enough.
    image.draft("RGB", (int(image.width * largest / across), int(image.height * largest / across)))
    profile = image.info.get("icc_profile", b"")
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    part = turn.unturned(seen)
    box = (part.left * image.width, part.top * image.height, part.right * image.width, part.bottom * image.height)
    small = image.resize(size[::-1] if turn.swapped else size, Image.Resampling.LANCZOS, box, reducing_gap=2.0)
    return _clean(_in_srgb(small if turn.by is None else small.transpose(turn.by), profile))


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Phones take photos in wider colours; without their profile these would look pale."""
    if not profile or len(profile) > MAX_PROFILE_BYTES:
        return picture
    try:
        told = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, told, SRGB, outputMode=picture.mode)
    except (ImageCms.PyCMSError, OSError):
        return picture
    return turned or picture


def _clean(picture: Image.Image) -> Image.Image:
    """The pixels alone, on paper: a comment survives a save, a resize and a conversion, but not this."""
    clean = Image.new("RGB", picture.size, PAPER)
    clean.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return clean


def _encoded(picture: Image.Image) -> dict[int, bytes]:
    """Each width from the one before."""
    made = {}
    for width in SIZES:
        if width < picture.width:
            picture = picture.resize((width, width * 3 // 4), Image.Resampling.LANCZOS, reducing_gap=2.0)
        file = BytesIO()
        picture.save(file, "WEBP", quality=QUALITY)
        made[width] = file.getvalue()
    return made
