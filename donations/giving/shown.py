"""How a gift is shown: what its form asks for, before it is given and from the donor's private page after."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import one_line
from donations.giving.models import Donation

Shown = Donation.Shown
PLAIN_TEXT = {"autocomplete": "off", "spellcheck": "false"}


class ShownForm(forms.Form):
    shown = forms.ChoiceField(
        label=_("Shown beside your gift"),
        choices=Shown.choices,
        initial=Shown.FULL,
        required=False,
        widget=forms.RadioSelect,
    )
    alias = forms.CharField(
        label=_("The name to show"),
        required=False,
        max_length=80,
        validators=[one_line],
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )
    amount_hidden = forms.BooleanField(label=_("Hide the amount"), required=False)
    message = forms.CharField(
        label=_("A message for the page (optional)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    dedication = forms.ChoiceField(
        label=_("Dedicate it to somebody"),
        choices=[("", _("No dedication")), *Donation.Dedication.choices],
        required=False,
    )
    dedicated_to = forms.CharField(
        label=_("Their name"),
        required=False,
        max_length=80,
        validators=[one_line],
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )

    def without_message(self) -> None:
        """A gift to the event is on no page that a message could stand on."""
        self.fields.pop("message", None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["shown"] = data.get("shown") or Shown.FULL
        if data["shown"] == Shown.ALIAS and not data.get("alias") and "alias" not in self.errors:
            self.add_error("alias", _("Enter the name to show, or choose another way."))
        if data.get("dedication") and not data.get("dedicated_to") and "dedicated_to" not in self.errors:
            self.add_error("dedicated_to", _("Enter whom you dedicate it to, or choose no dedication."))
        if data.get("dedicated_to") and not data.get("dedication") and "dedication" not in self.errors:
            self.add_error("dedication", _("Choose in honour or in memory, or take the name away."))
        return data


# What the form asks for, by the names that an order and a gift have for it.
ASKED = tuple(ShownForm.base_fields)


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
