"""How a form that takes a file takes it: in memory, once, and no more of it than it needs."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class OneFile(FileUploadHandler):
    """Keeps the first file of `field`. One that is too large ends a byte after the limit, so that it is told from one
    that is just as large as allowed; the rest of it is read and dropped.
    """

    chunk_size = 64 * 2**10

    def __init__(self, request: HttpRequest, field: str, most_bytes: int) -> None:
        super().__init__(request)
        self._field, self._most = field, most_bytes
        self._taken = False
        self._kept = BytesIO()

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != self._field or self._taken:
            raise SkipFile
        self._taken = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._kept.write(raw_data[: max(self._most + 1 - self._kept.tell(), 0)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        size = self._kept.tell()
        self._kept.seek(0)
        return InMemoryUploadedFile(
            self._kept, self.field_name, self.file_name, self.content_type or "", size, self.charset
        )
