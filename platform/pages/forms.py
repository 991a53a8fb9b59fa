"""What the public may ask of a public page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.words import LONGEST, SHORTEST


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name or bib number"),
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": _("Enter the beginning of a name, or a bib number."),
            "min_length": _("Enter at least two letters."),
            "max_length": _("Enter a part of the name: forty letters are enough."),
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
