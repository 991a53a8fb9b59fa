"""The reconciliation desk: Stripe beside the books beside the bank, by payout and by open item."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common import clock
from desk.bank_queries import bands_of, entries_by_reference, payout_rows, payouts_of, sums_of
from desk.shell import MONEY, page_of, show
from donations.bank.checks import waiting_cents
from donations.bank.queries import agreement, lines_that_closed, proposals, waiting_lines
from donations.ledger.models import OpenItem
from donations.ledger.models import Role as Purpose
from donations.ledger.queries import unexplained_cents
from donations.ledger.services import ledger_of, raise_alarm
from donations.payments import gateway
from donations.payments.comparing import differences
from donations.payments.models import BalanceTransaction
from events.queries import current_event

PAYOUTS_AT_ONCE, LINES_ASKED = 30, 100
# What the button compares while the treasurer waits; check_books --rows compares every row there ever was.
COMPARED = timedelta(days=35)


@require_safe
@desk_view(*MONEY)
def reconcile(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    book = ledger_of(event)
    found = page_of(request, payouts_of(book), PAYOUTS_AT_ONCE)
    context = {
        "event": event,
        "bands": bands_of(book),
        "items_cents": unexplained_cents(book),
        "lines_cents": waiting_cents(book),
        "agreement": agreement(book),
        "check": book.checks.first(),
        "page_obj": found,
        "payouts": payout_rows(book, list(found.object_list)),
    }
    return show(request, "reconcile", "reconcile", context)


@require_safe
@desk_view(*MONEY)
def payout(request: SignedInRequest, name: str) -> HttpResponse:
    """One payout: its transactions, our entry of each, and the lines of the bank that closed it."""
    event = current_event()
    book = ledger_of(event)
    own = payouts_of(book).filter(Q(source=name) | Q(pk=name, source="")).first()
    if own is None:
        raise Http404
    inside = BalanceTransaction.objects.filter(payout=name).exclude(pk=own.pk)
    found = page_of(request, inside.select_related("payment"))
    key = f"payout:{name}"
    item = OpenItem.objects.filter(account__ledger=book, account__role=Purpose.IN_TRANSIT, key=key).first()
    is_open = item is not None and item.cents
    entries = entries_by_reference(book, [row.pk for row in found])
    context = {
        "event": event,
        "payout": payout_rows(book, [own])[0],
        "sums": sums_of(inside),
        "page_obj": found,
        "rows": [(row, entries.get(row.pk)) for row in found],
        "entries": book.entries.filter(legs__key=key).distinct().order_by("pk").prefetch_related("legs__account"),
        "lines": lines_that_closed(book, key),
        "item": item if is_open else None,
        "candidates": [
            line for line in waiting_lines(book)[:LINES_ASKED] if item and is_open and proposals(line, [item])
        ],
    }
    return show(request, "reconcile", "payout", context)


@require_POST
@desk_view(Role.TREASURER, fresh_mfa=True)
def compare(request: SignedInRequest) -> HttpResponse:
    """Compares the last weeks of Stripe's feed row by row, now; each row that differs raises an alarm."""
    book = ledger_of(current_event())
    record_act(request=request, verb="compared the books with Stripe", target=f"{COMPARED.days} days")
    try:
        found = differences(book, clock.now() - COMPARED)
    except gateway.Unavailable:
        messages.warning(request, _("Stripe does not answer. Nothing was compared; try again in a minute."))
        return redirect("desk_reconcile")
    for row in found:
        raise_alarm(book.pk, row.id, row.sentence[:400])
    if found:
        said = ngettext("%(rows)d row differs: see the alarms.", "%(rows)d rows differ: see the alarms.", len(found))
        messages.error(request, said % {"rows": len(found)})
        return redirect("desk_books")
    messages.success(request, _("Every row of the last %(days)d days is the same at Stripe.") % {"days": COMPARED.days})
    return redirect("desk_reconcile")
