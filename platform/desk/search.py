"""Search over everything, from one box: a whole id goes straight to its page, everything else is found in groups.

Every group is bounded and answered by an index, and is shown to those who may open what it leads to.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common.money import dollars, parse_amount
from common.words import beginning_with, named, words_of
from desk.navigation import opens
from desk.queries import mails_for
from donations.bank.models import BankLine
from donations.disbursements.models import Disbursement
from donations.giving.models import Donation
from donations.ledger.models import Entry
from donations.payments.models import BalanceTransaction, Dispute, Payment, Refund
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from outreach.news.models import Subscriber
from outreach.volunteers.models import Volunteer
from registration.models import Participant, Registration
from teams.models import Team

SHOWN, LONGEST_NUMBER = 10, 9
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, and what is most often done with it."""

    url: str
    title: str
    note: str = ""
    act_url: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    words: Promise | str
    hits: tuple[Hit, ...]
    # Where all of them are, when there are more.
    all_url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, read as everything that it may be."""

    event: Event
    text: str
    held: Collection[str]
    words: list[str] = field(default_factory=list)
    cents: int | None = None
    number: int | None = None

    @property
    def is_address(self) -> bool:
        return "@" in self.text

    def may(self, door: str) -> bool:
        return opens(door, self.held)


def read(event: Event, text: str, held: Collection[str]) -> Asked:
    text = text.strip()
    digits = text.removeprefix("#")
    number = int(digits) if re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", digits, re.ASCII) else None
    try:
        cents = parse_amount(text)
    except ValidationError:
        cents = None
    words = [] if "@" in text or text.startswith("$") else words_of(text)
    return Asked(event, text, held, words, cents, number)


# --- One page that a whole id means ----------------------------------------------------------------------------


def page_of_id(asked: Asked) -> str | None:
    """The address that a whole id of Stripe's or of the books means; None: it is none, or not for this person."""
    text = asked.text
    if not asked.may("desk_entries") or not re.fullmatch(r"[a-z]+[_:][\w:/-]{1,120}", text, re.ASCII):
        return None
    found = next((find(text) for begins, find in _IDS if text.startswith(begins)), None)
    if found is None and Entry.objects.filter(Q(reference=text) | Q(legs__key=text)).exists():
        found = _entries(text)
    return found


def _gift(**where: object) -> str | None:
    number = Donation.objects.filter(**where).order_by("pk").values_list("pk", flat=True).first()
    return reverse("desk_gift", args=[number]) if number else None


def _gift_of_charge(charge: str) -> str | None:
    return _gift(payment__charges=charge)


def _gift_of_refund(refund: str) -> str | None:
    charge = Refund.objects.filter(pk=refund).values_list("charge_id", flat=True).first()
    return _gift_of_charge(charge) if charge else None


def _dispute(number: str) -> str | None:
    return reverse("desk_dispute", args=[number]) if Dispute.objects.filter(pk=number).exists() else None


def _payout(number: str) -> str | None:
    known = BalanceTransaction.objects.filter(source=number).exists()
    return reverse("desk_payout", args=[number]) if known else None


def _transfer(number: str) -> str | None:
    batch = Disbursement.objects.filter(evidence=number).values_list("batch", flat=True).first()
    return reverse("desk_batch", args=[batch]) if batch else None


def _entries(text: str) -> str:
    return f"{reverse('desk_entries')}?{urlencode({'q': text})}"


_IDS: tuple[tuple[tuple[str, ...], Callable[[str], str | None]], ...] = (
    (("pi_",), lambda text: _gift(payment__charges__payment_intent=text)),
    (("ch_", "py_"), _gift_of_charge),
    (("re_", "pyr_"), _gift_of_refund),
    (("cs_",), lambda text: _gift(payment__session_id=text)),
    (("du_", "dp_"), _dispute),
    (("po_",), _payout),
    (("tr_",), _transfer),
)


# --- Groups ----------------------------------------------------------------------------------------------------


def groups(asked: Asked) -> list[Group]:
    """What is found, exact matches first; nothing for less than two letters."""
    return [group for find in _GROUPS for group in find(asked)]


def _group(
    words: Promise | str, rows: "Iterable[Row]", hit: Callable[[Row], Hit], listed: str = "", text: str = ""
) -> Iterator[Group]:
    found = list(rows)
    url = f"{reverse(listed)}?{urlencode({'q': text})}" if listed and len(found) > SHOWN else ""
    if found:
        yield Group(words, tuple(hit(row) for row in found[:SHOWN]), url)


def _some(rows: "QuerySet[Any]", order: str = "-pk") -> "QuerySet[Any]":
    return rows.order_by(order)[: SHOWN + 1]


def _numbers(asked: Asked, rows: "QuerySet[Any]", **addresses: type[Model]) -> list[int]:
    """The newest rows by the words of their names, or by the beginning of an address. Only indexes are read here."""
    looks = [] if asked.is_address or not asked.words else [_some(named(rows, asked.words))]
    if asked.is_address or len(asked.words) == 1:
        # First the few addresses, by their index, in its order; then what hangs on them.
        for lookup, model in addresses.items():
            few = beginning_with(model._default_manager.order_by(), "email", asked.text).values("pk")[: SHOWN + 1]
            looks.append(rows.filter(**{lookup: few}).order_by()[: SHOWN + 1])
    found = {pk for look in looks for pk in look.values_list("pk", flat=True)}
    return sorted(found, reverse=True)[: SHOWN + 1]


def _runners(asked: Asked) -> Iterator[Group]:
    if not asked.may("desk_runners"):
        return
    pages = Fundraiser.objects.filter(event=asked.event).select_related("team")
    if asked.number is not None:
        yield from _group(_("Bib number"), pages.filter(bib=asked.number), _runner)
    elif asked.is_address and asked.may("desk_runner_email"):
        yield from _group(_("Runners' pages"), _some(beginning_with(pages, "email", asked.text)), _runner)
    yield from _group(_("Runners' pages"), _some(named(pages, asked.words)), _runner, "desk_runners", asked.text)


def _runner(page: Fundraiser) -> Hit:
    team = page.team.name if page.team else ""
    hidden = _("hidden") if page.is_hidden else ""
    note = ", ".join(filter(None, (team, _("bib %(bib)s") % {"bib": page.bib}, dollars(page.raised_cents), hidden)))
    return Hit(f"{reverse('desk_runners')}?q={page.bib}", page.name, note)


def _gifts(asked: Asked) -> Iterator[Group]:
    if not asked.may("desk_gift"):
        return
    rows = Donation.objects.filter(event=asked.event)
    found: list[tuple[str, list[int], str]] = []
    if asked.number is not None:
        found.append((_("Gift number"), [asked.number], ""))
    if asked.cents:
        alike = _some(rows.filter(amount_cents=asked.cents)).values_list("pk", flat=True)
        found.append((_("Gifts of this amount"), list(alike), ""))
    listed = "desk_gifts" if asked.words or asked.is_address else ""
    found.append((_("Gifts"), _numbers(asked, rows, payment__in=Payment), listed))
    for words, numbers, listed in found:
        told = rows.filter(pk__in=numbers).select_related("payment", "fundraiser", "team").order_by("-pk")
        yield from _group(words, told, lambda gift: _gift_hit(asked, gift), listed, asked.text)


def _gift_hit(asked: Asked, gift: Donation) -> Hit:
    to = gift.fundraiser.name if gift.fundraiser else gift.team.name if gift.team else gift.get_kind_display()
    note = ", ".join(filter(None, (to, gift.payment.email, "" if gift.received_at else _("not received"))))
    can = gift.received_at and not gift.payment.is_offline and asked.may("desk_refund")
    act_url = reverse("desk_refund", args=[gift.pk]) if can else ""
    return Hit(
        reverse("desk_gift", args=[gift.pk]), f"{dollars(gift.amount_cents)} {gift.name}", note, act_url, _("Refund")
    )


def _people(asked: Asked) -> Iterator[Group]:
    if not asked.may("desk_registration"):
        return
    people = Participant.objects.filter(registration__event=asked.event).exclude(status=Participant.Status.REMOVED)
    numbers = _numbers(asked, people, pk__in=Participant, registration__in=Registration)
    found = people.filter(pk__in=numbers).select_related("registration", "option").order_by("-pk")
    yield from _group(_("Entries"), found, lambda person: _person(asked, person), "desk_registrations", asked.text)


def _person(asked: Asked, person: Participant) -> Hit:
    note = f"{person.option.name}, {person.registration.name}, {person.get_status_display()}"
    can = asked.may("desk_correct_entry") and person.status == Participant.Status.ACTIVE
    act_url = reverse("desk_correct_entry", args=[person.pk]) if can else ""
    return Hit(reverse("desk_registration", args=[person.registration_id]), person.name, note, act_url, _("Correct"))


def _teams(asked: Asked) -> Iterator[Group]:
    if asked.may("desk_teams"):
        found = _some(named(Team.objects.filter(event=asked.event), asked.words))
        yield from _group(_("Teams"), found, lambda team: _team(asked, team), "desk_teams", asked.text)


def _team(asked: Asked, team: Team) -> Hit:
    listed = f"{reverse('desk_teams')}?{urlencode({'q': team.name})}"
    url = reverse("desk_team", args=[team.pk]) if asked.may("desk_team") else listed
    return Hit(url, team.name, dollars(team.raised_cents))


def _money(asked: Asked) -> Iterator[Group]:
    """Lines of the bank and payments to the organizations, by amount or by their words."""
    if asked.may("desk_bank_line") and (asked.cents or asked.words):
        lines = BankLine.objects.filter(ledger__code=asked.event.ledger_code)
        sought = Q(cents__in=(asked.cents, -asked.cents)) if asked.cents else Q(text__icontains=asked.text)
        yield from _group(_("Lines of the bank"), _some(lines.filter(sought)), _line)
    if asked.may("desk_batch") and (asked.cents or asked.words):
        paid = Disbursement.objects.filter(batch__event=asked.event).select_related("beneficiary")
        sought = Q(evidence__icontains=asked.text) | Q(beneficiary__name__icontains=asked.text)
        found = paid.filter(amount_cents=asked.cents) if asked.cents else paid.filter(sought)
        yield from _group(_("Payments to organizations"), _some(found), _payment)


def _line(line: BankLine) -> Hit:
    note = f"{line.happened_on:%Y-%m-%d}, {line.get_state_display()}"
    return Hit(reverse("desk_bank_line", args=[line.pk]), f"{dollars(line.cents)} {line.text}", note)


def _payment(paid: Disbursement) -> Hit:
    note = ", ".join(filter(None, (paid.get_state_display(), paid.evidence)))
    return Hit(
        reverse("desk_batch", args=[paid.batch_id]), f"{dollars(paid.amount_cents)} {paid.beneficiary.name}", note
    )


def _others(asked: Asked) -> Iterator[Group]:
    """Volunteers, the mailing list, and mails by the address they went to."""
    volunteers = Volunteer.objects.filter(event=asked.event)
    if asked.may("desk_volunteer"):
        found = beginning_with(volunteers, "email", asked.text) if asked.is_address else named(volunteers, asked.words)
        yield from _group(_("Volunteers"), _some(found), _volunteer)
    if asked.is_address and asked.may("desk_subscriber"):
        listed = beginning_with(Subscriber.objects.all(), "email", asked.text)
        yield from _group(_("Mailing list"), _some(listed), _subscriber)
    if asked.is_address and asked.may("desk_mails"):
        mails = _some(beginning_with(mails_for(asked.held), "to", asked.text))
        yield from _group(_("Mails"), mails, lambda mail: _mail(asked, mail), "desk_mails", asked.text)


def _volunteer(person: Volunteer) -> Hit:
    return Hit(reverse("desk_volunteer", args=[person.pk]), person.name, person.email)


def _subscriber(person: Subscriber) -> Hit:
    return Hit(reverse("desk_subscriber", args=[person.pk]), person.email)


def _mail(asked: Asked, mail: OutboxMail) -> Hit:
    listed = f"{reverse('desk_mails')}?{urlencode({'q': mail.key})}"
    url = reverse("desk_mail", args=[mail.pk]) if asked.may("desk_mail") else listed
    return Hit(url, mail.subject, f"{mail.to}, {mail.get_status_display()}")


_GROUPS = (_runners, _gifts, _people, _teams, _others, _money)
