"""What the bank's own statement says of people."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from common.privacy import Ending, Kept, Part, Purpose, Room, delete
from donations.bank.models import BankLine, Statement, Upload

LOOKED_AT = timedelta(days=1)

LINES = Purpose(
    Part.BOOKS,
    gettext_lazy("The lines of our bank's statement. One may name who paid by check or bank transfer"),
    gettext_lazy("They prove what was in the bank. The words are the bank's, and its own books hold them too."),
    gettext_lazy("Seven years, as tax law asks of books. They stay when your data is deleted."),
    gettext_lazy("Treasurers, organizers and auditors"),
)


def _never_kept(now: datetime) -> "QuerySet[Upload]":
    return Upload.objects.filter(created_at__lt=now - LOOKED_AT)


ROOM = Room(
    kept=(
        Kept(LINES, BankLine, ("text", "reference")),
        Kept(LINES, Statement, ("name", "account")),
        Kept(LINES, Upload, ("name", "content")),
    ),
    not_personal="Statement.sha256 Statement.form ColumnMap.heading ColumnMap.columns",
    endings=(Ending(gettext_lazy("files of the bank that were not read in"), _never_kept, delete),),
)
