"""Stripe's balance feed: every balance transaction becomes exactly one entry with its real fee (DESIGN, section 4).

The feed and the webhooks are recorded independently and meet in `stripe:clearing`, key by key.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from donations.ledger import services as ledger_services
from donations.ledger.entries import Chart, EntryDraft, draft
from donations.ledger.models import Kind, Ledger, Leg, Role
from donations.payments import gateway
from donations.payments.facts import payment_token, when
from donations.payments.mirror import payments_of
from donations.payments.models import BalanceTransaction, Charge, Payout

# A transaction may show up late with an earlier time; what is known already is skipped by its id.
LOOK_BACK = timedelta(days=7)
# What a look every few seconds goes back; the whole look is taken with every check of the books.
GLANCE_BACK = timedelta(hours=1)
_BATCH = 200

_SETTLED = frozenset(
    {
        "charge",
        "refund",
        "refund_failure",
        "charge_failure",
        "partial_capture_reversal",
        "transfer",
        "transfer_reversal",
        "dispute",
        "dispute_reversal",
        # Without a reporting category these come by their type (docs/books.md).
        "payment",
        "payment_refund",
        "payment_failure_refund",
        "payment_reversal",
    }
)
# Both ways between Stripe and our bank; a failed one is the same, turned.
_PAYOUTS = frozenset({"payout", "payout_reversal", "payout_failure", "topup", "topup_reversal"})
# What can be told of one source only once. A dispute may take its money again.
_ONCE = frozenset({"charge", "payment", "refund", "payment_refund", "payout", "topup", "transfer"})
_FEES = frozenset({"fee", "stripe_fee", "network_cost", "tax", "tax_fee"})


def sync(ledger: Ledger, look_back: timedelta = LOOK_BACK) -> int:
    """Reads the feed once and posts what is new, oldest first. Returns how many transactions were new.

    Raises gateway.Unavailable when Stripe cannot be asked; what was posted until then stays.
    """
    return len(keep_new(ledger, list(gateway.balance_transactions(start_of(ledger, look_back)))))


def start_of(ledger: Ledger, look_back: timedelta) -> datetime | None:
    """From when on a look reads the feed; None is from its beginning."""
    newest = BalanceTransaction.objects.filter(ledger=ledger).aggregate(at=Max("created_at"))["at"]
    return newest - look_back if newest else None


def keep_new(ledger: Ledger, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Posts those of the rows, newest first as Stripe lists them, that are not known. Returns their ids."""
    oldest_first, new = rows[::-1], []
    for first in range(0, len(rows), _BATCH):
        some = oldest_first[first : first + _BATCH]
        known = set(BalanceTransaction.objects.filter(pk__in=[row["id"] for row in some]).values_list("pk", flat=True))
        if fresh := [row for row in some if row["id"] not in known]:
            _keep(ledger, fresh)
            new += [row["id"] for row in fresh]
    return new


def list_payouts(ledger: Ledger) -> int:
    """Asks Stripe what is in each payout that it has not said yet, and keeps it. Returns how many it said.

    Each is kept by itself, so that it may stop anywhere. Raises gateway.Unavailable.
    """
    listed = Payout.objects.filter(pk=OuterRef("source"))
    told = BalanceTransaction.objects.filter(ledger=ledger, type="payout", source__startswith="po_")
    found = 0
    for name in set(told.exclude(Exists(listed)).values_list("source", flat=True)):
        try:
            contents = gateway.look_up_payout(name)
        except gateway.Refused:
            continue
        if contents.rows is not None:
            keep_new(ledger, contents.rows)
            _keep_payout(ledger, name, contents)
            found += 1
    return found


@transaction.atomic
def _keep_payout(ledger: Ledger, name: str, contents: gateway.PayoutContents) -> None:
    payout, _created = Payout.objects.get_or_create(
        pk=name,
        defaults={"ledger": ledger, "is_automatic": contents.is_automatic, "arrives_at": contents.arrives_at},
    )
    inside = Q(pk__in=[row["id"] for row in contents.rows or ()])
    if payout.is_automatic:
        # Its own transaction is in the list, too: together they come to nothing.
        inside |= Q(source=name, type="payout")
        BalanceTransaction.objects.filter(inside, ledger=ledger).update(payout=payout)


@transaction.atomic
def _keep(ledger: Ledger, rows: list[Mapping[str, Any]]) -> None:
    ledger_services.lock(ledger.pk)
    chart = ledger_services.chart_of(ledger.pk)
    payments = _payments_of(rows)
    kept = [transaction_of(ledger, row, payments.get(row["id"])) for row in rows]
    BalanceTransaction.objects.bulk_create(kept, ignore_conflicts=True)
    for row in kept:
        if row.currency != ledger.currency:
            ledger_services.raise_alarm(
                ledger.pk, row.pk, _("A balance transaction in another currency; nothing was posted.")
            )
    _alarm_of_twins(ledger, kept)
    mine, owners = [row for row in kept if row.currency == ledger.currency], _owners(rows)
    ledger_services.post(ledger.pk, [entry_of(chart, row, owners[row.pk]) for row in mine if _moves(row)])


def _alarm_of_twins(ledger: Ledger, rows: list[BalanceTransaction]) -> None:
    """What happens once to a charge, a refund or a payout and is told twice: both are booked, and a person looks."""
    once = {row.source for row in rows if row.source and (row.reporting_category or row.type) in _ONCE}
    first: dict[tuple[str, str], str] = {}
    for row in BalanceTransaction.objects.filter(ledger=ledger, source__in=once).order_by("created_at", "pk"):
        name = row.reporting_category or row.type
        before = first.setdefault((row.source, name), row.pk)
        if name in _ONCE and before != row.pk:
            sentence = _("Stripe has booked the %(name)s of %(source)s twice, as %(before)s before.")
            told = {"name": name, "source": row.source, "before": before}
            ledger_services.raise_alarm(ledger.pk, row.pk, sentence % told)


def _moves(row: BalanceTransaction) -> bool:
    """Whether there is anything to post. A fee that eats a row of unknown kind whole is named by the checks instead."""
    return bool(row.net_cents or (row.fee_cents and (row.reporting_category or row.type) in _SETTLED))


def entry_of(chart: Chart, row: BalanceTransaction, owner: str) -> EntryDraft:
    """The entry of one balance transaction, mapped by its reporting category, else by its type.

    What belongs to no payment of ours is keyed by its `owner`: a disbursement for a transfer, else the charge, so that
    a stranger's charge and its refund meet.
    """
    name = row.reporting_category or row.type
    stripe = chart.leg(Role.STRIPE, row.net_cents)
    if name in _SETTLED:
        key = f"payment:{row.payment_id}" if row.payment_id else owner or row.source or row.pk
        fee = chart.leg(Role.FEE_POOL, row.fee_cents)
        return draft(
            Kind.SETTLED, row.pk, row.created_at, [stripe, fee, chart.leg(Role.CLEARING, -row.amount_cents, key)], name
        )
    if name in _PAYOUTS:
        fee = chart.leg(Role.FEE_POOL, row.fee_cents)
        moved = chart.leg(Role.IN_TRANSIT, -row.amount_cents, f"payout:{row.source or row.pk}")
        return draft(Kind.PAYOUT, row.pk, row.created_at, [stripe, fee, moved], name)
    if name in _FEES:
        return draft(Kind.FEE, row.pk, row.created_at, [stripe, chart.leg(Role.FEE_POOL, -row.net_cents)], name)
    suspense = chart.leg(Role.SUSPENSE, -row.net_cents, row.pk)
    return draft(Kind.UNEXPLAINED, row.pk, row.created_at, [stripe, suspense], name)


def _owner_of(told: Mapping[str, Any]) -> str:
    """The disbursement of a transfer, the transfer of a reversal, or the charge that a refund or dispute follows."""
    source = told.get("source")
    if not isinstance(source, Mapping):
        return ""
    if disbursement := (source.get("metadata") or {}).get("disbursement"):
        return f"disbursement:{disbursement}"
    return str(source.get("charge") or source.get("transfer") or "")


def _owners(rows: list[Mapping[str, Any]]) -> dict[str, str]:
    """Transaction id to what its clearing leg is keyed by; a reversal goes by its transfer's."""
    owners = {row["id"]: _owner_of(row) for row in rows}
    transfers = {row["source"]["id"]: owners[row["id"]] for row in rows if isinstance(row.get("source"), Mapping)}
    missing = [owner for owner in owners.values() if owner.startswith("tr_") and owner not in transfers]
    kept = BalanceTransaction.objects.filter(source__in=missing).values_list("pk", "source")
    known = Leg.objects.filter(account__role=Role.CLEARING, entry__reference__in=[pk for pk, _source in kept])
    keys = dict(known.values_list("entry__reference", "key"))
    transfers |= {source: keys[pk] for pk, source in kept if pk in keys}
    return {name: transfers.get(owner, owner) if owner.startswith("tr_") else owner for name, owner in owners.items()}


def transaction_of(ledger: Ledger, row: Mapping[str, Any], payment_id: int | None) -> BalanceTransaction:
    """A row of Stripe's list as we keep it; not saved."""
    source = row.get("source")
    return BalanceTransaction(
        id=row["id"],
        ledger=ledger,
        type=row["type"],
        reporting_category=row.get("reporting_category") or "",
        amount_cents=row["amount"],
        fee_cents=row["fee"],
        net_cents=row["net"],
        currency=row["currency"],
        source=(source["id"] if isinstance(source, Mapping) else source) or "",
        payment_id=payment_id,
        created_at=when(row["created"]),
        available_at=when(row["available_on"]),
    )


def _payments_of(rows: list[Mapping[str, Any]]) -> dict[str, int]:
    """Transaction id to our payment's id: by the charge's metadata, and for what follows a charge, by that charge."""
    sources = {row["id"]: row["source"] for row in rows if isinstance(row.get("source"), Mapping)}
    claimed = {name: payment_token(source.get("metadata")) for name, source in sources.items()}
    ours = payments_of(claimed.values())
    found = {name: ours[token] for name, token in claimed.items() if token in ours}
    by_charge = {sources[name]["id"]: number for name, number in found.items()}
    parents = {name: str(source.get("charge") or source["id"]) for name, source in sources.items() if name not in found}
    for kept, column in ((Charge, "pk"), (BalanceTransaction, "source")):
        query = kept.objects.filter(**{f"{column}__in": parents.values()}, payment__isnull=False)
        by_charge |= dict(query.values_list(column, "payment_id"))
    return found | {name: by_charge[charge] for name, charge in parents.items() if charge in by_charge}
