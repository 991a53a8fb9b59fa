"""Photos as cameras, phones and strangers make them, and how to write into every block that is not pixels."""

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageCms

CITY = "photo of nobody"


def a_picture(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """Four quarters of red, green, blue and white, so that a turn or a crop shows."""
    picture = Image.new("RGB", (2, 2))
    picture.putdata([(220, 30, 30), (30, 170, 30), (30, 30, 220), (240, 240, 240)])
    return picture.resize((width, height), Image.Resampling.NEAREST).convert(mode)


def a_photo(width: int, height: int, grain: int = 20) -> Image.Image:
    """Soft shapes under the grain of a sensor: about as hard to encode as a photo of a street."""
    shapes = Image.effect_noise((width // 100, height // 100), 90).resize((width, height), Image.Resampling.BICUBIC)
    soft = Image.blend(shapes, Image.effect_noise((width, height), grain), 0.25)
    flipped = soft.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return Image.merge("RGB", (soft, flipped, soft.transpose(Image.Transpose.ROTATE_180)))


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


# --- JPEG --------------------------------------------------------------------------------------------------


def segment(code: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(content) + 2) + content


def with_segments(jpeg: bytes, segments: Iterable[bytes], tail: bytes = b"") -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:] + tail


def tiff(entries: dict[int, bytes], gps: dict[int, bytes] | None = None, orientation: int = 1) -> bytes:
    """The body of an EXIF block: texts by tag, a GPS directory, and how the camera was held."""
    count = len(entries) + 1 + (gps is not None)
    texts, heap = b"", 8 + 2 + 12 * count + 4
    rows = [struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)]
    for tag, text in sorted(entries.items()):
        rows.append(struct.pack(">HHII", tag, 7, len(text), heap + len(texts)))
        texts += text
    if gps is not None:
        rows.append(struct.pack(">HHII", 0x8825, 4, 1, heap + len(texts)))
        at = heap + len(texts) + 2 + 12 * len(gps) + 4
        texts += struct.pack(">H", len(gps))
        texts += b"".join(
            struct.pack(">HHII", tag, 7, len(text), at + sum(len(t) for t in list(gps.values())[:place]))
            for place, (tag, text) in enumerate(gps.items())
        )
        texts += b"\0\0\0\0" + b"".join(gps.values())
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", count) + b"".join(rows) + b"\0\0\0\0" + texts


def exif(mark: bytes = b"", orientation: int = 1) -> bytes:
    """Maker, remarks and a place, each with the mark in it."""
    body = {0x010E: mark, 0x010F: b"Maker " + mark, 0x9286: b"ASCII\0\0\0" + mark, 0x927C: mark * 3}
    return tiff(body if mark else {}, {2: b"44.98N " + mark, 29: mark} if mark else None, orientation)


def profile(mark: bytes) -> bytes:
    """A colour profile that says the mark in its description."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return bytes(made) + mark


def marked_jpeg(picture: Image.Image, mark: bytes, **options: object) -> bytes:
    """A JPEG with the mark in EXIF, XMP, long XMP, a colour profile, IPTC, a comment, a strange block and its tail."""
    irb = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(mark) + 5) + b"\x1c\x02\x69" + struct.pack(">H", len(mark)) + mark
    segments = [
        segment(0xE1, b"Exif\0\0" + exif(mark)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + mark + b"</x:xmpmeta>"),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + mark),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile(mark)),
        segment(0xED, b"Photoshop 3.0\0" + irb),
        segment(0xE4, b"strange " + mark),
        segment(0xFE, mark),
    ]
    return with_segments(saved(picture, "JPEG", **options), segments, b"motion " + mark)


# --- PNG and WebP ------------------------------------------------------------------------------------------


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunks(png: bytes, chunks: Iterable[bytes], tail: bytes = b"") -> bytes:
    """Behind the header, before the pixels."""
    return png[:33] + b"".join(chunks) + png[33:] + tail


def marked_png(picture: Image.Image, mark: bytes) -> bytes:
    chunks = [
        chunk(b"tEXt", b"Comment\0" + mark),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(mark, 0)),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + mark),
        chunk(b"eXIf", exif(mark)),
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile(mark), 0)),
        chunk(b"prVt", mark),
    ]
    return with_chunks(saved(picture, "PNG"), chunks, mark)


def marked_webp(picture: Image.Image, mark: bytes, **options: object) -> bytes:
    file = saved(picture, "WEBP", exif=exif(mark), xmp=mark, icc_profile=profile(mark), **options)
    return file + b"odd " + mark
