"""What people send about their own account, beside sign-in."""

from django import forms


class TokenForm(forms.Form):
    """Two buttons."""

    what = forms.ChoiceField(choices=[("make", "make"), ("revoke", "revoke")])
