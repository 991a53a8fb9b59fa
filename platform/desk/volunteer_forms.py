"""Forms of the volunteers' coordinator."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.text import one_line
from desk.forms import SearchForm
from events.models import Event, VolunteerPhase
from outreach.volunteers.models import Shift, Volunteer

NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
LINE = {"autocomplete": "off"}


class BoardForm(SearchForm):
    """What the board is narrowed to; what makes no sense finds everybody."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *Volunteer.State.choices],
    )
    shift = forms.TypedChoiceField(label=gettext_lazy("Shift"), required=False, coerce=int, empty_value=None)

    def __init__(self, shifts: Iterable[Shift], data: QueryDict) -> None:
        super().__init__(data)
        self.fields["shift"].choices = [("", _("All")), *((one.pk, label_of(one)) for one in shifts)]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, str, int | None]:
        """Words, state and shift."""
        if not self.is_valid():
            return "", "", None
        return self.cleaned_data["q"].strip(), self.cleaned_data["state"], self.cleaned_data["shift"]


def label_of(shift: Shift) -> str:
    """`Sat, Dec 9, 6:30 AM: Bib pick-up`."""
    return f"{date_format(shift.local_start, 'D, M j, g:i A')}: {shift.name}"


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("New note"),
        help_text=gettext_lazy("Only the coordinators read it. Nothing about health or where somebody lives."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the note.")},
    )


class StateForm(forms.Form):
    """Which state somebody gets, and in which one they were seen."""

    state = forms.ChoiceField(choices=Volunteer.State.choices)
    seen = forms.ChoiceField(choices=Volunteer.State.choices)


class SeenForm(forms.Form):
    """Thanks for one person, by the state they were seen in."""

    seen = forms.ChoiceField(choices=Volunteer.State.choices)


class UndoForm(forms.Form):
    line = forms.IntegerField(min_value=1, max_value=2**62)


class PlaceForm(forms.Form):
    shift = forms.TypedChoiceField(
        label=gettext_lazy("Shift"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose a shift."),
            "invalid_choice": gettext_lazy("This shift cannot be had any more. Choose another one."),
        },
    )
    overlap = forms.BooleanField(label=gettext_lazy("They know, and can do both"), required=False)

    def __init__(self, shifts: Iterable[Shift], data: QueryDict | None = None) -> None:
        super().__init__(data)
        named = [
            (one.pk, ngettext("%(shift)s (%(left)d left)", "%(shift)s (%(left)d left)", one.left) % _words(one))
            for one in shifts
        ]
        self.fields["shift"].choices = [("", _("Choose a shift")), *named]  # type: ignore[attr-defined]


def _words(shift: Shift) -> dict[str, Any]:
    return {"shift": label_of(shift), "left": shift.left}


class MessageForm(forms.Form):
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs=LINE),
        error_messages={"required": gettext_lazy("Write a subject.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Write the message.")},
    )


class ThanksForm(forms.Form):
    """Words of thanks beside the usual ones; `people` is how many the dry run counted."""

    text = forms.CharField(
        label=gettext_lazy("A word of yours (optional)"),
        help_text=gettext_lazy("It stands in every mail, below our thanks."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    people = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)


class CancelShiftForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Why, for who is on it (optional)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    people = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)


class NeedsForm(forms.Form):
    """What each phase needs, in words."""

    def __init__(self, event: Event, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=dict(event.volunteer_phases.values_list("phase", "text")))
        for phase in VolunteerPhase.Phase:
            self.fields[phase.value] = forms.CharField(
                label=phase.label, required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
            )


class ShiftForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no parameter
    """A shift; its hours are said by the event's own clock."""

    field_order = ("name", "phase", "day", "begins", "ends", "meeting_point", "about", "places", "min_age")
    name = forms.CharField(
        label=gettext_lazy("What it is called"),
        max_length=80,
        validators=[one_line],
        widget=forms.TextInput(attrs=LINE),
        error_messages={"required": gettext_lazy("Enter what the shift is called.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter a date.")},
    )
    begins = forms.TimeField(
        label=gettext_lazy("From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Enter when it begins."), "invalid": gettext_lazy("Enter a time.")},
    )
    ends = forms.TimeField(
        label=gettext_lazy("To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Enter when it ends."), "invalid": gettext_lazy("Enter a time.")},
    )
    meeting_point = forms.CharField(
        label=gettext_lazy("Where to meet"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs=LINE),
        error_messages={"required": gettext_lazy("Enter where to meet.")},
    )
    about = forms.CharField(
        label=gettext_lazy("What one does (optional)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"required": gettext_lazy("Enter how many people are needed.")},
    )
    min_age = forms.IntegerField(
        label=gettext_lazy("Minimum age (optional)"),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs=NUMBER),
    )
    # How many mails the dry run counted.
    people = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)

    class Meta:
        model = Shift
        fields = ("name", "phase", "meeting_point", "about", "places", "min_age")
        widgets = {"phase": forms.RadioSelect}
        labels = {"phase": gettext_lazy("When")}
        error_messages = {"phase": {"required": gettext_lazy("Choose before, during or after the race.")}}

    def __init__(self, shift: Shift, data: QueryDict | None = None) -> None:
        local = shift.event.starts_at.astimezone(shift.event.zone)
        known = shift.starts_at is not None
        hours = {"begins": shift.local_start.time(), "ends": shift.local_end.time()} if known else {}
        day = shift.local_start if known else local
        super().__init__(data, instance=shift, initial={"day": day.date(), **hours})
        self.fields["phase"].choices = VolunteerPhase.Phase.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"day", "begins", "ends"} <= data.keys():
            later = timedelta(days=data["ends"] <= data["begins"])
            self._set("starts_at", "begins", datetime.combine(data["day"], data["begins"]))
            self._set("ends_at", "ends", datetime.combine(data["day"] + later, data["ends"]))
        return data

    def _set(self, name: str, field: str, local: datetime) -> None:
        """The moment of a local time. Hours that a change of clocks leaves out are no time at all."""
        moment = local.replace(tzinfo=self.instance.event.zone).astimezone(UTC)
        if moment.astimezone(self.instance.event.zone).replace(tzinfo=None) != local:
            self.add_error(field, _("Clocks go forward then: this hour does not exist on that day."))
        setattr(self.instance, name, moment)
