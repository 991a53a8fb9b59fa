"""Forms of the desk."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.money import parse_amount
from common.text import one_line
from donations.ledger.models import Kind, OpenItem, Role
from donations.payments.models import Payment

REASON_MISSING = {"required": _("Say why, in a few words: the next person at the desk reads it.")}


class SearchForm(forms.Form):
    """What a list is narrowed to. Words that make no sense find everything."""

    q = forms.CharField(required=False, max_length=120)

    def query(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class EntriesForm(SearchForm):
    kind = forms.ChoiceField(label=_("Kind of entry"), required=False, choices=[("", _("Every kind")), *Kind.choices])

    def chosen(self) -> str:
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""


class MailsForm(SearchForm):
    state = forms.ChoiceField(
        label=_("Which mails"), required=False, choices=[("", _("All mails")), ("stuck", _("Those that are stuck"))]
    )

    def stuck(self) -> bool:
        return self.is_valid() and self.cleaned_data["state"] == "stuck"


class RunnerForm(forms.Form):
    name = forms.CharField(
        label=_("Name on the page"),
        help_text=_("As the runner wants to be called: full name, first name or another one."),
        max_length=80,
        validators=[one_line],
        error_messages={"required": _("Enter the name that stands on the page.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail of the runner (optional)"),
        help_text=_("News about gifts go there. It is never shown."),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Enter an e-mail address like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    team = forms.CharField(
        label=_("Team (optional)"),
        help_text=_("A name that is not there yet starts a new team."),
        required=False,
        max_length=80,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    goal = forms.CharField(
        label=_("Goal in dollars (optional)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    is_listed = forms.BooleanField(
        label=_("Show on leaderboards and to search engines"),
        help_text=_("Without this, only people who have the address find the page."),
        required=False,
        initial=True,
    )

    def clean_goal(self) -> int | None:
        text = self.cleaned_data["goal"]
        return parse_amount(text) or None if text else None


class HideForm(forms.Form):
    """Nothing is hidden or shown by a form that does not say which."""

    hidden = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        validators=[one_line],
        error_messages=REASON_MISSING,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddressForm(ReasonForm):
    field_order = ("email", "reason")
    email = forms.EmailField(
        label=_("The new e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Enter the new e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class MailForm(ReasonForm):
    AGAIN, GIVE_UP = "again", "give_up"
    field_order = ("what", "reason")
    what = forms.ChoiceField(
        label=_("What shall happen?"),
        choices=[(AGAIN, _("Send it again")), (GIVE_UP, _("Give it up"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what shall happen to this mail.")},
    )


class PlaceForm(ReasonForm):
    """Where an open item belongs: the fee pool, or a payment that waits in clearing."""

    field_order = ("target", "payment", "reason")
    target = forms.ChoiceField(
        label=_("Where does it belong?"),
        choices=[(Role.FEE_POOL, _("The fee pool")), (Role.CLEARING, _("A payment"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it belongs.")},
    )
    payment = forms.IntegerField(
        label=_("Number of the payment"),
        help_text=_("Only when it belongs to a payment."),
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    # What the page showed: an item that changed since is not placed blindly.
    cents = forms.IntegerField(widget=forms.HiddenInput)
    form_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, item: OpenItem, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"form_token": uuid4(), "cents": item.cents})
        self.item = item

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("target") == Role.CLEARING and "payment" not in self.errors:
            if not self._known(data.get("payment")):
                self.add_error("payment", _("Enter the number of a payment that exists."))
            elif self.item.account.role == Role.CLEARING and self.item.key == self.key():
                self.add_error("payment", _("The item is there already. Enter another payment."))
        return data

    def _known(self, number: int | None) -> bool:
        return number is not None and Payment.objects.filter(ledger=self.item.account.ledger_id, pk=number).exists()

    def key(self) -> str:
        """The key on the target account."""
        target = self.cleaned_data["target"]
        return f"payment:{self.cleaned_data['payment']}" if target == Role.CLEARING else ""
