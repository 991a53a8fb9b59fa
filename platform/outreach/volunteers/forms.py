"""What volunteers fill in: three fields to offer help, and a press to take a shift."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.stamps import StampedForm
from common.text import one_line
from outreach.volunteers.models import Shift

MOST_WORDS = 500


class OfferForm(StampedForm):
    field_order = ("name", "email", "wish")
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=80,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("For our answer and your private link. We need no phone number."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your e-mail address, so that we can answer."),
            "invalid": gettext_lazy("Enter an e-mail address like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    wish = forms.CharField(
        label=gettext_lazy("What would you like to help with?"),
        max_length=MOST_WORDS,
        error_messages={"required": gettext_lazy("Say in a few words what you would like to help with.")},
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    # The shift whose link led here.
    shift = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, wished: Shift | None, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"shift": wished.pk if wished else None})
        if wished:
            self.fields["wish"].required = False
            self.fields["wish"].label = _("Anything we should know? (optional)")


class TakeForm(forms.Form):
    """A press takes the shift; where something has to be known first, a box to tick says that it is."""

    age = forms.BooleanField(error_messages={"required": gettext_lazy("Say that you are old enough for this shift.")})
    overlap = forms.BooleanField(
        error_messages={"required": gettext_lazy("Say that you know of the other shift at the same time.")}
    )

    def __init__(self, shift: Shift, others: Sequence[Shift], data: QueryDict | None = None) -> None:
        super().__init__(data)
        if shift.min_age:
            self.fields["age"].label = _("I will be %(age)d or older on that day") % {"age": shift.min_age}
        else:
            del self.fields["age"]
        if others:
            words = {"others": ", ".join(other.name for other in others)}
            self.fields["overlap"].label = _("I know that %(others)s is at the same time, and can do both") % words
        else:
            del self.fields["overlap"]

    @property
    def boxes(self) -> list[Any]:
        return [self[name] for name in self.fields]
