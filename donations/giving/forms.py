"""The give form: four fields before Stripe, nothing ticked."""

import unicodedata
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.money import MAX_GIFT_CENTS, MIN_GIFT_CENTS, dollars, parse_amount, short_dollars
from donations.giving.gift import Gift
from donations.giving.models import Donation
from events.models import Event
from fundraisers.models import Fundraiser

# Stripe's price for cards in the US: 2.9% and 30 cents (docs/decisions/0003-fee-cover.md).
FEE_PER_MILLE, FEE_FIXED_CENTS = 29, 30


def one_line(text: str) -> None:
    """Refuses what has no place in a name: control characters, line ends, turned writing, and nothing visible."""
    # Joiners are kept: some scripts and emoji are written with them.
    kinds = {unicodedata.category(character) for character in text if character not in "\u200c\u200d"}
    if kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        raise forms.ValidationError(_("Write this on one line, without control characters."))
    if not any(kind[0] in "LNS" for kind in kinds):
        raise forms.ValidationError(_("Write at least one letter."))


def cover_for(cents: int) -> int:
    """What a donor adds so that the gift arrives whole after the usual card fee, in cents, rounded up."""
    gross = -(-(cents + FEE_FIXED_CENTS) * 1000 // (1000 - FEE_PER_MILLE))
    return gross - cents


def _with_token(data: QueryDict | None) -> QueryDict | None:
    """The posted data, with a new form token where it carries none that can be read."""
    if data is None:
        return None
    try:
        UUID(data.get("form_token", ""))
    except ValueError:
        data = data.copy()
        data["form_token"] = str(uuid4())
    return data


class GiveForm(forms.Form):
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
    message = forms.CharField(
        label=_("A message for the page (optional)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown = forms.ChoiceField(
        label=_("Shown beside your gift"),
        choices=Donation.Shown.choices,
        initial=Donation.Shown.FULL,
        required=False,
        widget=forms.RadioSelect,
    )
    alias = forms.CharField(label=_("The name to show"), required=False, max_length=80, validators=[one_line])
    amount_hidden = forms.BooleanField(label=_("Hide the amount"), required=False)
    cover = forms.BooleanField(required=False)
    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, event: Event, fundraiser: Fundraiser | None, kind: Donation.Kind, data: QueryDict | None = None, **kw: Any
    ) -> None:
        kw["initial"] = {"form_token": uuid4(), **kw.get("initial", {})}
        super().__init__(_with_token(data), **kw)
        self.event, self.fundraiser, self.kind = event, fundraiser, kind
        presets = [(str(cents), short_dollars(cents)) for cents in event.presets_cents]
        self.fields["preset"].choices = presets  # type: ignore[attr-defined]
        if kind == Donation.Kind.FUNDING:
            # What pays the fees is on no page, so there is nothing to show or hide.
            for name in ("cover", "shown", "alias", "amount_hidden"):
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
        if fundraiser is None:
            del self.fields["message"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "amount" in data and "preset" in data:
            self._clean_amount(data)
        data["shown"] = data.get("shown") or Donation.Shown.FULL
        if data["shown"] == Donation.Shown.ALIAS and not data.get("alias") and "alias" not in self.errors:
            self.add_error("alias", _("Enter the name to show, or choose another way."))
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

    def gift(self) -> Gift:
        """The gift of a valid form."""
        data = self.cleaned_data
        return Gift(
            event=self.event,
            fundraiser=self.fundraiser,
            kind=self.kind,
            amount_cents=data["cents"],
            cover_cents=cover_for(data["cents"]) if data.get("cover") else 0,
            name=data["name"],
            email=data["email"],
            message=data.get("message", ""),
            shown=data["shown"],
            alias=data.get("alias", ""),
            amount_hidden=data.get("amount_hidden", False),
        )
