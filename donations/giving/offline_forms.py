"""What staff types of a gift without Stripe: the same form for one gift and for a row of a file."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.money import dollars, parse_amount
from common.text import one_line
from donations.giving.models import Donation
from donations.giving.offline import Entered
from donations.giving.order import Line
from donations.giving.shown import ASKED, PLAIN_TEXT, ShownForm
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team

Method = Payment.Method
MOST_CENTS = 100_000_000
OLDEST = timedelta(days=400)
METHODS = [(method.value, method.label) for method in Method if method != Method.STRIPE]


class ArrivalForm(forms.Form):
    """How and when a gift came."""

    method = forms.ChoiceField(
        label=_("How was it given?"),
        choices=METHODS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether it was given by cash, check or transfer."),
            "invalid_choice": _("Write cash, check or transfer."),
        },
    )
    detail = forms.CharField(
        label=_("Number and bank of the check, or reference of the transfer"),
        help_text=_("It is how the bank's line is found. Empty for cash."),
        required=False,
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )
    received_on = forms.DateField(
        label=_("Day it was received"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a day like 2027-03-14.")},
    )

    def __init__(self, event: Event, *args: Any, **kw: Any) -> None:
        today = clock.now().astimezone(event.zone).date()
        kw["initial"] = {"received_on": today.isoformat(), **kw.get("initial", {})}
        super().__init__(*args, **kw)
        self.event, self.today = event, today

    def clean_received_on(self) -> date | None:
        day: date | None = self.cleaned_data["received_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        if day and day < self.today - OLDEST:
            raise forms.ValidationError(_("That is more than a year ago. Is the year right?"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("method") == Method.CHECK and self.is_here(data) and not data.get("detail", "x"):
            self.add_error("detail", _("Enter the check's number and its bank."))
        if "received_on" in data and not data["received_on"] and self.is_here(data):
            self.add_error("received_on", _("Enter the day it was received."))
        return data

    def is_here(self, data: dict[str, Any]) -> bool:
        return True

    def received_at(self) -> datetime:
        """Noon of the day by the event's clock, or now where it is today: nothing is dated in the future."""
        noon = datetime.combine(self.cleaned_data["received_on"], time(12), self.event.zone)
        return clock.now() if self.cleaned_data["received_on"] == self.today else noon


class OfflineForm(ArrivalForm, ShownForm):
    amount = forms.CharField(
        label=_("Amount in dollars"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Enter the amount.")},
    )
    name = forms.CharField(
        label=_("Name of the donor"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs=PLAIN_TEXT),
        error_messages={"required": _("Enter the donor's name.")},
    )
    email = forms.EmailField(
        label=_("E-mail, for the receipt (optional)"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Enter an e-mail address like name@example.org.")},
        widget=forms.EmailInput(attrs=PLAIN_TEXT),
    )
    page = forms.IntegerField(
        label=_("Bib number of the page it is for"),
        help_text=_("With neither a page nor a team it is for the event."),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        error_messages={"invalid": _("Enter the bib number of a page, digits only.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    team = forms.CharField(
        label=_("Or name of the team it is for"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )
    for_fees = forms.BooleanField(
        label=_("It is for the card fees"),
        help_text=_("Then it is on no page and no board, and pays what the payment company keeps."),
        required=False,
    )
    pledged = forms.BooleanField(
        label=_("It is only promised"),
        help_text=_("A pledge counts nowhere until it has come."),
        required=False,
    )
    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, event: Event, *args: Any, **kw: Any) -> None:
        kw["initial"] = {"form_token": uuid4(), **kw.get("initial", {})}
        super().__init__(event, *args, **kw)
        self.fields["shown"].label = _("Shown beside the gift")
        self.fields["message"].label = _("The donor's message (optional)")

    def is_here(self, data: dict[str, Any]) -> bool:
        return not data.get("pledged")

    def clean_amount(self) -> int:
        cents = parse_amount(self.cleaned_data["amount"])
        if not 0 < cents <= MOST_CENTS:
            raise forms.ValidationError(_("Enter an amount of up to %(most)s.") % {"most": dollars(MOST_CENTS)})
        return cents

    def clean_page(self) -> Fundraiser | None:
        bib = self.cleaned_data["page"]
        if bib is None:
            return None
        page = Fundraiser.objects.filter(event=self.event, bib=bib).select_related("team").first()
        if page is None:
            raise forms.ValidationError(_("There is no page with this bib number."))
        return page

    def clean_team(self) -> Team | None:
        name = self.cleaned_data["team"]
        team = Team.objects.filter(event=self.event, name__iexact=name).first() if name else None
        if name and team is None:
            raise forms.ValidationError(_("There is no team of this name. Enter it as it stands in the list of teams."))
        return team

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("page") and data.get("team"):
            self.add_error("team", _("A gift to a page counts for the page's team already: enter one of the two."))
        if data.get("for_fees") and (data.get("page") or data.get("team")):
            self.add_error("for_fees", _("What pays the card fees is on no page and no team: enter one of the two."))
        return data

    def entered(self) -> Entered:
        """The gift of a valid form."""
        data = self.cleaned_data
        line = Line(
            kind=Donation.Kind.FUNDING if data["for_fees"] else Donation.Kind.GIFT,
            amount_cents=data["amount"],
            fundraiser=data["page"],
            team=data["team"],
            name=data["name"],
            **{name: data[name] for name in ASKED},
        )
        received_at = None if data["pledged"] else self.received_at()
        return Entered(line, data["email"], data["method"], data["detail"], received_at)
