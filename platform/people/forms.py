"""What a person is asked before anything is deleted."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ForgetForm(forms.Form):
    """Nothing but a yes, unticked: what it does stands above it."""

    sure = forms.BooleanField(
        label=_("I have read this. Delete my data."),
        error_messages={"required": _("Tick the box if you want your data deleted. Nothing was deleted.")},
    )
