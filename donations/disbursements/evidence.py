"""Files that show a payment: read once, kept under a name that says nothing, handed out as what they were taken for."""

from typing import BinaryIO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from donations.disbursements.models import Disbursement, Evidence
from donations.disbursements.services import NotNow

MAX_BYTES = 5 * 2**20
MOST_FILES = 5
# How a file of each kind begins. What it is called, and what the browser says of it, is anybody's word.
BEGINNINGS = {Evidence.Kind.PDF: b"%PDF-", Evidence.Kind.JPEG: b"\xff\xd8\xff", Evidence.Kind.PNG: b"\x89PNG\r\n\x1a\n"}
TYPES = {Evidence.Kind.PDF: "application/pdf", Evidence.Kind.JPEG: "image/jpeg", Evidence.Kind.PNG: "image/png"}


class BadFile(Exception):
    """The file is not kept; the message is a sentence for the person who sent it."""


def keep_evidence(*, payment: Disbursement, upload: BinaryIO, by: User) -> Evidence:
    """Keeps a PDF, JPEG or PNG of at most 5 MB with a payment that was sent. Raises BadFile, and NotNow."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadFile(_("This file is larger than 5 MB. Nothing was kept. Please send a smaller one."))
    kind = next((kind for kind, beginning in BEGINNINGS.items() if data.startswith(beginning)), None)
    if kind is None:
        raise BadFile(_("This is no PDF, JPEG or PNG. Nothing was kept. Please send it as one of these."))
    name = uuid4()
    # Before the transaction: a file without a row takes a little room, a row without a file would be a lie.
    default_storage.save(_path(name), ContentFile(data))
    return _write_down(payment, name=name, kind=kind, size=len(data), by=by)


@transaction.atomic
def _write_down(payment: Disbursement, *, name: UUID, kind: str, size: int, by: User) -> Evidence:
    payment = Disbursement.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if payment.state not in (Disbursement.State.SENT, Disbursement.State.RETURNED):
        raise NotNow(_("This payment was not sent yet, so nothing can show it."))
    if payment.files.count() >= MOST_FILES:
        raise NotNow(_("This payment has %(most)s files already.") % {"most": MOST_FILES})
    return Evidence.objects.create(disbursement=payment, name=name, kind=kind, size=size, by=by)


def file_answer(file: Evidence) -> HttpResponse:
    """The file to keep, never to show: no browser opens it as a page of ours. 404 when it is lost."""
    try:
        with default_storage.open(_path(file.name)) as stored:
            content = bytes(stored.read())
    except FileNotFoundError as error:
        raise Http404 from error
    filename = f"payment-{file.disbursement_id}-{file.pk}.{file.kind}"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=TYPES[Evidence.Kind(file.kind)], headers=headers)


def _path(name: UUID) -> str:
    return f"evidence/{name.hex}"
