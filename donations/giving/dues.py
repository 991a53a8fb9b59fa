"""Which entry fee was paid for whose place, and what of it can go back."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from donations.giving.models import Donation, RefundRequest
from donations.payments.models import Charge
from registration.models import Participant, Registration


@dataclass(frozen=True, slots=True)
class Due:
    """The fee that was paid online for somebody's place, and what of it can go back, in cents."""

    item: Donation
    cents: int

    @property
    def payer(self) -> Registration:
        """The registration that paid it."""
        assert self.item.participant
        return self.item.participant.registration


def dues_of(people: "QuerySet[Participant]") -> dict[int, Due]:
    """The fees of these people, by person. Who took over a place has the fee of whoever handed it on."""
    payers = _payers(people)
    # A whole event is asked for by its people, not by a list of their numbers.
    handed_on = {payer for person, payer in payers.items() if payer != person}
    paid = Donation.objects.filter(
        Q(participant__in=people.values("pk")) | Q(participant__in=handed_on),
        Exists(Charge.objects.filter(payment=OuterRef("payment"), status="succeeded")),
        kind=Donation.Kind.REGISTRATION,
        received_at__isnull=False,
    )
    items = {item.participant_id: item for item in paid.select_related("payment", "participant__registration")}
    waiting = RefundRequest.objects.filter(state=RefundRequest.State.WAITING, payment__in=paid.values("payment"))
    asked = Counter[str]()
    for parts in waiting.values_list("parts", flat=True):
        asked.update(parts)
    dues = {}
    for person, payer in payers.items():
        if item := items.get(payer):
            dues[person] = Due(item, max(item.amount_cents - item.returned_cents - asked[item.reference], 0))
    return dues


def _payers(people: "QuerySet[Participant]") -> dict[int, int]:
    """Who paid for the place of each person: themselves, or the first one in a row of hands."""
    payers = {number: number for number in people.values_list("pk", flat=True)}
    handed = dict(people.exclude(registration__takes_over=None).values_list("pk", "registration__takes_over"))
    while handed:
        payers |= handed
        above = Participant.objects.filter(pk__in=handed.values()).exclude(registration__takes_over=None)
        before = dict(above.values_list("pk", "registration__takes_over"))
        handed = {person: before[payer] for person, payer in handed.items() if payer in before}
    return payers
