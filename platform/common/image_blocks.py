"""What of an uploaded file reaches the decoder: the blocks that hold its pixels.

A million empty blocks fit into a small file, and so do thousands of scans, each a pass over all pixels; remarks unfold
to many times their size; a block of EXIF is a file format of its own. A decoder never sees any of it.
"""

import re
import struct

# An honest JPEG has some dozen segments and about ten scans, an honest PNG a few thousand chunks.
MAX_SEGMENTS, MAX_SCANS, MAX_CHUNKS = 500, 24, 10_000

EXIF, ICC = b"Exif\x00\x00", b"ICC_PROFILE\x00"
APP, APP1, APP2, APP14, COMMENT = range(0xE0, 0xF0), 0xE1, 0xE2, 0xEE, 0xFE
SCAN, END = 0xDA, 0xD9
# The next marker: pixels hold FF only before 00 and in marks of their own.
MARK = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")

PNG = b"\x89PNG\r\n\x1a\n"
PNG_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IDAT", b"IEND"}

ORIENTATION = 0x0112


class TooManyBlocks(Exception):
    """The file is not built like a photo, but to keep a reader busy."""


def bare(data: bytes) -> tuple[bytes, bytes]:
    """The file without what is beside its pixels and their colour profile, and its EXIF. Raises TooManyBlocks."""
    if data.startswith(b"\xff\xd8\xff"):
        return _bare_jpeg(data)
    if data.startswith(PNG):
        return _bare_png(data)
    return data, b""


def _bare_jpeg(data: bytes) -> tuple[bytes, bytes]:
    """Up to the end of the picture: films and second pictures that phones append are left out, too."""
    kept, exif, place, scans = [data[:2]], b"", 2, 0
    for _segment in range(MAX_SEGMENTS):
        mark = MARK.search(data, place)
        if mark is None:  # Cut short: the decoder will say so.
            return b"".join(kept), exif
        code = mark[0][1]
        if code == END:
            return b"".join([*kept, mark[0]]), exif
        place = mark.end() + struct.unpack_from(">H", data, mark.end())[0]
        content = data[mark.end() + 2 : place]
        if code == SCAN:
            scans += 1
            after = MARK.search(data, place)
            place = after.start() if after else len(data)
        if scans > MAX_SCANS:
            break
        if code == APP1 and content.startswith(EXIF):
            exif = exif or content.removeprefix(EXIF)
        if code not in (*APP, COMMENT) or code == APP14 or (code == APP2 and content.startswith(ICC)):
            kept.append(data[mark.start() : place])
    raise TooManyBlocks


def _bare_png(data: bytes) -> tuple[bytes, bytes]:
    kept, exif, place = [PNG], b"", len(PNG)
    for _chunk in range(MAX_CHUNKS):
        if place + 12 > len(data):
            return b"".join(kept), exif
        size, kind = struct.unpack_from(">I4s", data, place)
        if kind in PNG_PIXELS:
            kept.append(data[place : place + 12 + size])
        elif kind == b"eXIf":
            exif = data[place + 8 : place + 8 + size]
        place += 12 + size
    raise TooManyBlocks


def orientation(exif: bytes) -> int:
    """How the camera was held, 1 to 8 (EXIF 2.32, 4.6.4); 1, upright, where nothing is told."""
    tiff = exif.removeprefix(EXIF)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        first = struct.unpack_from(f"{order}I", tiff, 4)[0]
        entries = struct.unpack_from(f"{order}H", tiff, first)[0] if order else 0
        for place in range(first + 2, first + 2 + 12 * entries, 12):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, place)
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        pass
    return 1
