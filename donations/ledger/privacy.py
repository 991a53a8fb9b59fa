"""The books hold no people: amounts, times, numbers, and a note in the bank's or an organizer's words."""

from django.utils.translation import gettext_lazy

from common.privacy import Kept, Part, Purpose, Room
from donations.ledger.models import Entry

BOOKS = Purpose(
    Part.BOOKS,
    gettext_lazy("The books: amounts, days, and numbers of payments. No names, no addresses, no messages"),
    gettext_lazy("So that everybody can check that every cent arrived. They only ever grow."),
    gettext_lazy("For good. Deleting your data does not change them by a cent."),
    gettext_lazy("Sums: everybody. Entries: organizers, the organizations, and auditors"),
)
ROOM = Room(
    # The note of a bank's line may name who paid by check, see donations.bank.privacy.
    kept=(Kept(BOOKS, Entry, ("note",)),),
    not_personal="Ledger.code Ledger.currency Account.code Entry.reference Leg.key"
    " OpenItem.key Alarm.reference Alarm.sentence BooksCheck.findings",
)
