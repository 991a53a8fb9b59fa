"""The give form: four fields before Stripe, nothing ticked."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.money import MAX_GIFT_CENTS, MIN_GIFT_CENTS, dollars, parse_amount, short_dollars
from common.text import one_line
from donations.giving.gate.stamps import stamp, suspicion
from donations.giving.models import Donation
from donations.giving.order import Line, Order
from donations.giving.shown import ASKED, ShownForm
from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team

# Stripe's price for cards in the US: 2.9% and 30 cents (docs/decisions/0003-fee-cover.md).
FEE_PER_MILLE, FEE_FIXED_CENTS = 29, 30


def cover_for(cents: int) -> int:
    """What a donor adds so that the gift arrives whole after the usual card fee, in cents, rounded up."""
    gross = -(-(cents + FEE_FIXED_CENTS) * 1000 // (1000 - FEE_PER_MILLE))
    return gross - cents


def code_field() -> forms.CharField:
    """For people who are asked for it (donations.giving.gate.codes)."""
    return forms.CharField(
        label=_("The six digits"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def _with_token(data: QueryDict) -> QueryDict:
    """The posted data, with a new form token where it carries none that can be read."""
    try:
        UUID(data.get("form_token", ""))
    except ValueError:
        data = data.copy()
        data["form_token"] = str(uuid4())
    return data


class GiveForm(ShownForm):
    field_order = ("preset", "amount", "name", "email", "message")
    preset = forms.ChoiceField(label=_("Amount"), required=False, widget=forms.RadioSelect)
    amount = forms.CharField(
        label=_("Or any amount"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "transaction-amount"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[one_line],
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail, for the receipt"),
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail address, so that we can send the receipt."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    cover = forms.BooleanField(required=False)
    form_token = forms.UUIDField(widget=forms.HiddenInput)
    # For machines: when the form was drawn, and a field that people do not see.
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": -1}),
    )
    code = code_field()

    def __init__(
        self,
        event: Event,
        target: Fundraiser | Team | None,
        kind: Donation.Kind,
        data: QueryDict | None = None,
        **kw: Any,
    ) -> None:
        kw["initial"] = {"form_token": uuid4(), "drawn": stamp(), **kw.get("initial", {})}
        self.suspicion = None
        if data is not None:
            self.suspicion = suspicion(data.get("drawn", ""), data.get("website", ""))
            data = _with_token(data)
            if self.suspicion:
                data = data.copy()
                data["drawn"], data["website"] = stamp(), ""
        super().__init__(data, **kw)
        self.event, self.kind = event, kind
        self.page = target if isinstance(target, Fundraiser) else None
        self.team = target if isinstance(target, Team) else None
        presets = [(str(cents), short_dollars(cents)) for cents in event.presets_cents]
        self.fields["preset"].choices = presets  # type: ignore[attr-defined]
        if kind == Donation.Kind.FUNDING:
            # What pays the fees is on no page, so there is nothing to show or hide.
            for name in ("cover", *ASKED):
                del self.fields[name]
        else:
            self.fields["name"].help_text = _("Shown with your gift, unless you choose otherwise below.")
            # The page's script computes the same sum for the amount that is chosen.
            rule = {"data-per-mille": FEE_PER_MILLE, "data-fixed-cents": FEE_FIXED_CENTS}
            self.fields["cover"].widget.attrs.update(rule)
            first = event.presets_cents[1] if len(event.presets_cents) > 1 else MIN_GIFT_CENTS
            self.fields["cover"].label = _("Add the card fee: %(cover)s on %(gift)s") % {
                "cover": dollars(cover_for(first)),
                "gift": short_dollars(first),
            }
        if target is None:
            self.without_message()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "amount" in data and "preset" in data:
            self._clean_amount(data)
        if self.suspicion:
            self.add_error(None, self.suspicion.label)
        return data

    def _clean_amount(self, data: dict[str, Any]) -> None:
        """A typed amount wins over a preset: who types means it."""
        try:
            cents = parse_amount(data["amount"]) if data["amount"] else int(data["preset"] or 0)
        except forms.ValidationError as error:
            self.add_error("amount", error)
            return
        if not cents and not data["amount"]:
            self.add_error("amount", _("Choose an amount or enter one."))
        elif cents < MIN_GIFT_CENTS:
            self.add_error("amount", _("We take gifts of %(least)s or more.") % {"least": dollars(MIN_GIFT_CENTS)})
        elif cents > MAX_GIFT_CENTS:
            self.add_error(
                "amount",
                _("Online we can take up to %(most)s. For more, please write to us.")
                % {"most": dollars(MAX_GIFT_CENTS)},
            )
        data["cents"] = cents

    def anew(self) -> "GiveForm":
        """The same words without the form's token: what comes next is another payment."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data.pop("form_token", None)
        return GiveForm(self.event, self.page or self.team, self.kind, data)

    def order(self) -> Order:
        """The gift of a valid form."""
        data = self.cleaned_data
        line = Line(
            kind=self.kind,
            fundraiser=self.page,
            team=self.team,
            amount_cents=data["cents"],
            cover_cents=cover_for(data["cents"]) if data.get("cover") else 0,
            name=data["name"],
            **{name: data[name] for name in ASKED if name in data},
        )
        return Order(self.event, data["email"], (line,))
