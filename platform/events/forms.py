"""What a row of the home page holds: the same for the event's file and for the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

MARKDOWN = _("**Bold**, lists and links work as in Markdown.")


class SectionForm(forms.Form):
    heading = forms.CharField(label=_("Heading"), required=False, max_length=80)
    text = forms.CharField(
        label=_("Words (optional)"),
        help_text=MARKDOWN,
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class FactForm(forms.Form):
    """A figure of the need, always with its source, its year and what it does not say."""

    figure = forms.CharField(
        label=_("Figure"), max_length=20, error_messages={"required": _("Enter the figure, as “213”.")}
    )
    unit = forms.CharField(label=_("Of what (optional)"), required=False, max_length=40)
    text = forms.CharField(
        label=_("What it says"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in one sentence what the figure means.")},
    )
    source = forms.CharField(
        label=_("Source"), max_length=120, error_messages={"required": _("Name who found the figure.")}
    )
    year = forms.CharField(label=_("Year"), max_length=40, error_messages={"required": _("Enter the figure's year.")})
    limits = forms.CharField(
        label=_("What it does not say (optional)"),
        help_text=_("An estimate or a count? Disputed? Older than it looks?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("Question"), max_length=160, error_messages={"required": _("Enter the question.")}
    )
    answer = forms.CharField(
        label=_("Answer"),
        help_text=MARKDOWN,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Enter the answer.")},
    )


PARTS: dict[str, type[forms.Form]] = {"sections": SectionForm, "facts": FactForm, "questions": QuestionForm}
