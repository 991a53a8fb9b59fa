"""What an organization says of a payment, and for which days it wants its statement."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.money import dollars, parse_amount
from donations.disbursements.models import Disbursement, Receipt
from donations.disbursements.statements import last_day
from events.models import Event

# Days beyond these are typing errors, and some of them are beyond what a calendar can count.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ReceiptForm(forms.Form):
    """Received, so much, on this day; or not as it should be, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you say?"),
        choices=[
            (Receipt.Kind.CONFIRMED, gettext_lazy("We received it")),
            (Receipt.Kind.DISPUTED, gettext_lazy("Something is not as it should be")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether you received it.")},
    )
    amount = forms.CharField(
        label=gettext_lazy("How much arrived"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    received_on = forms.DateField(label=gettext_lazy("On which day"), required=False, widget=day_input())
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Needed when something is not as it should be. Only you and our desk see it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, payment: Disbursement, data: QueryDict | None = None) -> None:
        self.event = payment.beneficiary.event
        super().__init__(data, initial={"amount": dollars(payment.amount_cents), "received_on": self._today()})

    def _today(self) -> date:
        return clock.now().astimezone(self.event.zone).date()

    def clean_amount(self) -> int:
        typed = self.cleaned_data["amount"]
        return parse_amount(typed) if typed else 0

    def clean_received_on(self) -> date | None:
        day: date | None = self.cleaned_data["received_on"]
        if day and not EARLIEST <= day <= self._today():
            raise forms.ValidationError(_("Enter a day that is not in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        confirms = data.get("kind") == Receipt.Kind.CONFIRMED
        if confirms and "amount" not in self.errors and not data.get("amount"):
            self.add_error("amount", _("Enter how much arrived."))
        if confirms and "received_on" not in self.errors and not data.get("received_on"):
            self.add_error("received_on", _("Enter the day on which it arrived."))
        if data.get("kind") == Receipt.Kind.DISPUTED:
            data["amount"], data["received_on"] = 0, None
            if not data.get("note"):
                self.add_error("note", _("Say what is not as it should be, so that we can look into it."))
        return data


class PeriodForm(forms.Form):
    """From a day to a day, both included; without any, the month that is."""

    first = forms.DateField(label=gettext_lazy("From"), widget=day_input())
    last = forms.DateField(label=gettext_lazy("To, this day included"), widget=day_input())

    def __init__(self, event: Event, data: QueryDict) -> None:
        today = clock.now().astimezone(event.zone).date().replace(day=1)
        self.month = {"first": today, "last": last_day(today)}
        asked = data if "first" in data or "last" in data else None
        super().__init__(asked, initial=self.month)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and not EARLIEST <= first <= last <= LATEST:
            self.add_error("last", _("Enter a last day that is not before the first one."))
        return data

    @property
    def days(self) -> tuple[date, date] | None:
        """The days asked for; None: they make no sense, and the form says why."""
        if not self.is_bound:
            return self.month["first"], self.month["last"]
        return (self.cleaned_data["first"], self.cleaned_data["last"]) if self.is_valid() else None
