"""Forms of a page's owner, of whoever follows a link to a page, and of whoever reports one."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.images import Box
from common.lookalikes import mixes_scripts
from common.money import parse_amount, short_dollars
from common.text import one_line
from fundraisers.models import Fundraiser
from fundraisers.queries import name_problem, tells_full_name

LEAST_GOAL_CENTS, MOST_GOAL_CENTS = 1_000, 100_000_000
SEND_AGAIN = _("Something was missing from the form. Please send it once more.")
WRONG_EMAIL = _("Enter an e-mail address like name@example.org.")


class WordsForm(forms.Form):
    """What a page says."""

    name = forms.CharField(
        label=_("Your name on the page"),
        help_text=_("Full name, first name or another one: nobody has to know who you are."),
        max_length=80,
        validators=[one_line],
        error_messages={"required": _("Enter the name that stands on the page.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(
        label=_("Headline (optional)"),
        required=False,
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    story = forms.CharField(
        label=_("Why you run (optional)"),
        help_text=_("Two sentences are enough. **Bold**, lists and links work as in Markdown."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    goal = forms.CharField(
        label=_("Your goal in dollars"),
        max_length=20,
        error_messages={"required": _("Enter your goal in dollars.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, page: Fundraiser, data: QueryDict | None = None) -> None:
        goal = short_dollars(page.goal_cents).removeprefix("$")
        super().__init__(data, initial={"name": page.name, "title": page.title, "story": page.story, "goal": goal})
        self.page = page

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if mixes_scripts(name):
            raise forms.ValidationError(_("Write each word in one alphabet: this one mixes letters that look alike."))
        if name != self.page.name and (problem := name_problem(self.page.event, name)):
            raise forms.ValidationError(problem)
        return self._without_full_name(name)

    def clean_title(self) -> str:
        return self._without_full_name(str(self.cleaned_data["title"]))

    def _without_full_name(self, words: str) -> str:
        if self.page.is_protected and tells_full_name(self.page, words):
            raise forms.ValidationError(_("Your page is protected: leave your full name out of this."))
        return words

    def clean_goal(self) -> int:
        cents = parse_amount(self.cleaned_data["goal"])
        if not LEAST_GOAL_CENTS <= cents <= MOST_GOAL_CENTS:
            raise forms.ValidationError(
                _("A goal is between %(least)s and %(most)s.")
                % {"least": short_dollars(LEAST_GOAL_CENTS), "most": short_dollars(MOST_GOAL_CENTS)}
            )
        return cents


class AudienceForm(forms.Form):
    """Who finds a page."""

    EVERYBODY, LINK, PROTECTED = "everybody", "link", "protected"
    who = forms.ChoiceField(
        label=_("Who can find your page?"),
        choices=[
            (EVERYBODY, _("Everybody: it is on the leaderboard, and search engines find it")),
            (LINK, _("Whoever has its address: it is on no list, and search engines are told to leave it out")),
            (
                PROTECTED,
                _("Whoever has its address, and protected: no photo, no full name, and words are read first"),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who can find your page.")},
    )
    new_address = forms.BooleanField(
        label=_("Give it a new address that nobody can guess"),
        help_text=_("The addresses it has had lead nowhere then, printed codes too."),
        required=False,
    )

    def __init__(self, page: Fundraiser, data: QueryDict | None = None) -> None:
        listed = self.EVERYBODY if page.is_listed else self.LINK
        super().__init__(data, initial={"who": self.PROTECTED if page.is_protected else listed})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_address") and data.get("who") == self.EVERYBODY:
            self.add_error("new_address", _("A page that everybody finds needs no address that nobody can guess."))
        return data


class SlugForm(forms.Form):
    slug = forms.CharField(
        label=_("The end of the address"),
        max_length=80,
        error_messages={"required": _("Enter the end of the address.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class UpdateForm(forms.Form):
    text = forms.CharField(
        label=_("Your news"),
        help_text=_("How training goes, who joined you, what is left to the goal."),
        max_length=5_000,
        error_messages={"required": _("Write what is new.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class PhotoForm(forms.Form):
    """A photo, and the part of it that is kept; without one the middle is."""

    photo = forms.FileField(
        label=_("Your photo"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. Where it was taken and with what is removed."),
        error_messages={"required": _("Choose a photo.")},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    left = forms.FloatField(required=False, widget=forms.HiddenInput)
    top = forms.FloatField(required=False, widget=forms.HiddenInput)
    right = forms.FloatField(required=False, widget=forms.HiddenInput)
    bottom = forms.FloatField(required=False, widget=forms.HiddenInput)

    def crop(self) -> Box | None:
        left, top, right, bottom = (self.cleaned_data.get(name) for name in ("left", "top", "right", "bottom"))
        try:
            return None if right is None else Box(left or 0.0, top or 0.0, right, bottom or 0.0)
        except ValueError:
            return None


class HideForm(forms.Form):
    """Nothing is hidden or shown by a form that does not say which."""

    hidden = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class ClaimForm(forms.Form):
    MINE, NONE = "mine", "none"
    what = forms.ChoiceField(choices=[(MINE, MINE), (NONE, NONE)])


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your new e-mail address"),
        max_length=254,
        error_messages={"required": WRONG_EMAIL, "invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("A person reads this. The page's owner does not see it."),
        max_length=500,
        error_messages={"required": _("Say in a few words what is wrong.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you want an answer (optional)"),
        required=False,
        max_length=254,
        error_messages={"invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    form_token = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": SEND_AGAIN, "invalid": SEND_AGAIN}
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"form_token": uuid4()})
