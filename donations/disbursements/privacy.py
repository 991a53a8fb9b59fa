"""What is kept about who handles the payments to the organizations."""

from django.utils.translation import gettext_lazy

from common.append_only import with_hole
from common.privacy import Gone, Kept, Part, Purpose, Room
from donations.disbursements.models import Allocation, Batch, Disbursement, Payee, Receipt

PAID = Purpose(
    Part.BOOKS,
    gettext_lazy("Where and how each organization was paid, and what it said about it"),
    gettext_lazy("To show that the money arrived, and to whom."),
    gettext_lazy("Seven years, as tax law asks of books."),
    gettext_lazy("Treasurers, and the organization"),
)


def _scrub(gone: Gone) -> None:
    words = gone.telling_words
    for receipt in Receipt.objects.exclude(note=""):
        left = with_hole(receipt.note, words)
        if left != receipt.note:
            Receipt.objects.filter(pk=receipt.pk).update(note=left)


ROOM = Room(
    kept=(
        Kept(PAID, Payee, ("account",)),
        Kept(PAID, Disbursement, ("account", "evidence")),
        Kept(PAID, Receipt, ("note",)),
        Kept(PAID, Batch, ("note",)),
        Kept(PAID, Allocation, ("reason",)),
    ),
    not_personal="Allocation.amounts",
    scrub=_scrub,
)
