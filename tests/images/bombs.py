"""Files that are small to send and large, or endless, to read."""

import struct
import zlib

from PIL import Image

from tests.images.photos import a_picture, chunk, saved, segment, with_chunks, with_segments

PNG = b"\x89PNG\r\n\x1a\n"


def refused() -> dict[str, bytes]:
    """By name; none of them becomes a photo."""
    return {
        "PNG of 81 million pixels in 9 KiB": flat_png(9_000, 9_000),
        "PNG of 169 million pixels in 20 KiB": flat_png(13_000, 13_000),
        "PNG of 400 million pixels": flat_png(20_000, 20_000),
        "PNG that says it is as large as can be said": PNG + header(2**31 - 1, 2**31 - 1) + chunk(b"IDAT", b""),
        "PNG of a million empty chunks": with_chunks(saved(a_picture(), "PNG"), [chunk(b"IDAT", b"")] * 800_000),
        "JPEG of 64 million pixels": saved(Image.new("L", (8_000, 8_000), 128)),
        "JPEG that says it is as large as can be said": stretched_jpeg(),
        "JPEG of thousands of scans": scans(3_000),
        "JPEG of a million empty segments": with_segments(saved(a_picture()), [segment(0xEF, b"")] * 2_000_000),
        "WebP of 268 million pixels": wide_webp(2**14),
        "WebP of 24 million pixels in a kilobyte": saved(Image.new("RGB", (4_896, 4_896)), "WEBP", lossless=True),
        "PNG of 9 million pixels in colour": saved(Image.new("RGBA", (3_000, 3_000)), "PNG"),
        "WebP of a canvas as large as can be said": wide_webp(2**24),
        "TIFF that unfolds": b"II*\0" + zlib.compress(bytes(50 * 2**20)),
        "more bytes than we take": saved(a_picture()) + bytes(11 * 2**20),
    }


def disarmed() -> dict[str, bytes]:
    """Honest pixels with a bomb beside them: it is left out unread, and the photo is taken."""
    jpeg = saved(a_picture(), dpi=(0, 0)).replace(b"JFIF", b"JUNK", 1)
    return {
        "EXIF that names gigabytes": with_segments(jpeg, greedy_exif()),
        "PNG with texts that unfold": with_chunks(
            saved(a_picture(), "PNG"), [chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2**20 - 1)))] * 60
        ),
        "JPEG that hides a second picture": saved(a_picture()) + stretched_jpeg(),
    }


def header(width: int, height: int, depth: int = 1) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))


def flat_png(width: int, height: int) -> bytes:
    """One bit a pixel, all the same."""
    packer, row = zlib.compressobj(9), bytes(1 + (width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    return PNG + header(width, height) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def stretched_jpeg() -> bytes:
    """A small picture whose header says 65,500 by 65,500."""
    jpeg = bytearray(saved(Image.new("L", (16, 16), 128)))
    size = jpeg.index(b"\xff\xc0") + 5
    struct.pack_into(">HH", jpeg, size, 65_500, 65_500)
    return bytes(jpeg)


def scans(count: int) -> bytes:
    """The last scan of a progressive picture, again and again: each is a pass over 24 million pixels."""
    jpeg = saved(Image.new("L", (6_000, 4_000), 128), progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * count + jpeg[-2:]


def greedy_exif() -> list[bytes]:
    """Each of thousands of entries claims the same 60,000 bytes; read one by one they are hundreds of megabytes."""
    count = 4_000
    rows = b"".join(struct.pack(">HHII", 0x9000 + n, 7, 60_000, 8) for n in range(count))
    body = b"MM\0*\0\0\0\x08" + struct.pack(">H", count) + rows + bytes(65_000)
    pieces = [body[at : at + 65_000] for at in range(0, len(body), 65_000)]
    return [segment(0xE1, b"Exif\0\0" + piece) for piece in pieces]


def wide_webp(side: int) -> bytes:
    """A canvas of this many pixels a side, with one small frame in it."""
    frame = saved(Image.new("RGB", (16, 16)), "WEBP", lossless=True)[12:]
    canvas = struct.pack("<II", 0, 0)[:4] + (side - 1).to_bytes(3, "little") * 2
    body = b"WEBP" + b"VP8X" + struct.pack("<I", len(canvas)) + canvas + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body
