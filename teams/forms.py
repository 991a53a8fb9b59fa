"""What captains fill in about their team."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.money import parse_amount, short_dollars
from common.text import one_line
from events.models import Event
from teams.models import Team, TeamGroup
from teams.queries import name_problem, usual_goal_cents

# Addresses in one press: a captain invites people, not a list.
AT_ONCE = 50


class TeamForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the team"),
        max_length=80,
        validators=[one_line],
        error_messages={"required": _("Enter the name of the team.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "spellcheck": "false"}),
    )
    goal = forms.CharField(
        label=_("Goal in dollars"),
        max_length=20,
        error_messages={"required": _("Enter a goal, like 2,000. You can change it at any time.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    story = forms.CharField(
        label=_("Why you run together (optional)"),
        help_text=_("Markdown works: **bold**, lists, links."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    joining = forms.ChoiceField(
        label=_("Who may join?"),
        choices=Team.Joining.choices,
        initial=Team.Joining.OPEN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may join.")},
    )
    group = forms.ModelChoiceField(
        label=_("Part of a company, school or church? (optional)"),
        queryset=TeamGroup.objects.none(),
        required=False,
        empty_label=_("No"),
    )

    def __init__(self, event: Event, team: Team | None = None, data: QueryDict | None = None) -> None:
        goal_cents = (team.goal_cents if team else 0) or usual_goal_cents(event)
        initial: dict[str, Any] = {"goal": short_dollars(goal_cents)}
        if team:
            initial |= {name: getattr(team, name) for name in ("name", "story", "joining", "group")}
        super().__init__(data, initial=initial)
        self.event, self.team = event, team
        groups = TeamGroup.objects.filter(event=event)
        if groups.exists():
            self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        else:
            del self.fields["group"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if problem := name_problem(self.event, name, own=self.team):
            raise forms.ValidationError(problem)
        return name

    def clean_goal(self) -> int:
        cents = parse_amount(self.cleaned_data["goal"])
        if not cents:
            raise forms.ValidationError(_("Enter a goal above zero."))
        return cents

    def told(self) -> dict[str, Any]:
        """What a valid form says, as the services take it."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "goal_cents": data["goal"],
            "story": data["story"],
            "joining": data["joining"],
            "group": data.get("group"),
        }


class InviteForm(forms.Form):
    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One a line, or with commas between them; up to %(most)s at a time.") % {"most": AT_ONCE},
        max_length=20_000,
        error_messages={"required": _("Enter at least one e-mail address.")},
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_addresses(self) -> list[str]:
        """Each address once, in small letters."""
        words = self.cleaned_data["addresses"].replace(",", " ").replace(";", " ").split()
        found = list(dict.fromkeys(word.strip("<>").lower() for word in words))
        if len(found) > AT_ONCE:
            raise forms.ValidationError(
                _("These are %(count)s addresses; %(most)s at a time is the most. None was sent."),
                params={"count": len(found), "most": AT_ONCE},
            )
        for address in found:
            try:
                validate_email(address)
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    _("“%(word)s” is not an e-mail address. None was sent."), params={"word": address[:80]}
                ) from error
        return found


class LinkForm(forms.Form):
    """Makes a link, new or anew, or withdraws it; a form that does not say which does nothing."""

    what = forms.ChoiceField(choices=[("renew", "renew"), ("withdraw", "withdraw")])
