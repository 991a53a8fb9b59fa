"""What people fill in to come onto a team, to leave it and to lead it. Choices are only ever what they may choose."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.models import Event
from fundraisers.models import Fundraiser
from teams.forms import TeamForm
from teams.models import Captain


def _page_field(pages: Sequence[Fundraiser]) -> forms.TypedChoiceField:
    by_slug = {page.slug: page for page in pages}
    return forms.TypedChoiceField(
        label=_("Which page?"),
        choices=[(page.slug, page.name) for page in pages],
        coerce=by_slug.__getitem__,
        initial=pages[0].slug if len(pages) == 1 else None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a page."), "invalid_choice": _("Choose one of your pages.")},
    )


class PageForm(forms.Form):
    """One of the person's pages."""

    def __init__(self, pages: Sequence[Fundraiser], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["page"] = _page_field(pages)


class StartForm(TeamForm):
    """A new team, and which of the person's pages starts it."""

    def __init__(self, event: Event, pages: Sequence[Fundraiser], data: QueryDict | None = None) -> None:
        super().__init__(event, None, data)
        self.fields["page"] = _page_field(pages)


class AnswerForm(forms.Form):
    """Yes or no to a request; a form that does not say which does nothing."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class CaptainsForm(forms.Form):
    """Who leads: a member becomes a co-captain, a co-captain ends or becomes the captain."""

    ADD, REMOVE, HAND_OVER = "add", "remove", "hand_over"
    what = forms.ChoiceField(choices=[(ADD, ADD), (REMOVE, REMOVE), (HAND_OVER, HAND_OVER)])
    member = forms.ModelChoiceField(queryset=Fundraiser.objects.none(), to_field_name="bib", required=False)
    captain = forms.ModelChoiceField(queryset=Captain.objects.none(), required=False)

    def __init__(self, members: Any, captains: Any, may_hand_over: bool, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
        self.fields["captain"].queryset = captains  # type: ignore[attr-defined]
        self.may_hand_over = may_hand_over

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        named = data.get("member" if data.get("what") == self.ADD else "captain")
        if named is None and not self.errors:
            raise forms.ValidationError(_("Choose somebody of the team. Nothing was changed."))
        if data.get("what") == self.HAND_OVER and not self.may_hand_over:
            raise forms.ValidationError(_("Only the captain can hand the team over. Nothing was changed."))
        return data
