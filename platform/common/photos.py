"""Where photos are kept: three pictures under a name that says nothing, in Django's default storage."""

import secrets
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponseBase

from common.http import public_file
from common.images import SIZES, Box, derivatives


def store_photo(upload: BinaryIO, crop: Box | None = None) -> str:
    """Keeps the pictures of a photo; returns their name, for the row that owns them. Raises BadImage.

    Call it before the transaction that names them, and `remove_photo` for the name it replaces after its commit.
    """
    pictures = derivatives(upload, crop)
    name = secrets.token_hex(16)
    for width, picture in pictures.items():
        default_storage.save(_path(name, width), ContentFile(picture))
    return name


def remove_photo(name: str) -> None:
    for width in SIZES if name else ():
        default_storage.delete(_path(name, width))


def read_photo(name: str, width: int) -> bytes | None:
    """One picture, or None where there is none."""
    try:
        with default_storage.open(_path(name, width)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def photo_answer(request: HttpRequest, name: str, width: int) -> HttpResponseBase:
    """A picture for everybody; the caller has seen that the page that owns it is shown. 404 where there is none."""
    if not name or width not in SIZES:
        raise Http404
    return public_file(request, f"{name}-{width}", "image/webp", lambda: read_photo(name, width))


def _path(name: str, width: int) -> str:
    return f"photos/{name}-{width}.webp"
