"""How the forms that take a photo take it."""

from django.http import HttpRequest

from common.images import MAX_BYTES
from common.uploads import OneFile


class OnePhoto(OneFile):
    """Keeps the first file that is called `photo`."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, "photo", MAX_BYTES)
