"""Forms of the bank's desk: a file, what its columns hold, what a line is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.money import dollars, signed_cents
from desk.forms import ReasonForm
from donations.bank.formats import MOST_BYTES
from donations.bank.formats.table import DAY_FORMATS, Columns, Table, guess
from donations.bank.models import BankLine
from donations.bank.queries import Part, Standing
from donations.ledger.models import OpenItem

TOO_LARGE = _("The file is larger than 2 MB. Ask the bank for a shorter time, and add several files.")


class UploadForm(forms.Form):
    statement = forms.FileField(
        label=_("The bank's file"),
        help_text=_("CSV, OFX (QFX), BAI2 or CAMT.053, up to 2 MB. Nothing is kept before you have seen what it adds."),
        error_messages={
            "required": _("Choose the file that the bank gave you."),
            "empty": _("The file is empty."),
            "max_length": _("The file's name is too long."),
        },
    )

    def clean_statement(self) -> Any:
        file = self.cleaned_data["statement"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class AlikeForm(forms.Form):
    """Asked where a file holds lines that are here in other words."""

    SAME, OTHER = "same", "other"
    alike = forms.ChoiceField(
        label=_("Are these the lines that are here already?"),
        choices=[
            (SAME, _("Yes, in another of the bank's forms: leave them out")),
            (OTHER, _("No, they only look alike: keep them too")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether these lines are here already. Kept twice, they count twice.")},
    )


class ColumnsForm(forms.Form):
    """Which column holds what. What we guess is filled in, and a person looks it over once."""

    ONE, TWO = "one", "two"
    day = forms.TypedChoiceField(label=_("The day"), coerce=int)
    day_format = forms.ChoiceField(label=_("How the day is written"), choices=[(form, form) for form in DAY_FORMATS])
    shape = forms.ChoiceField(
        label=_("The amounts"),
        choices=[(ONE, _("Stand in one column")), (TWO, _("Stand in two columns, money in and money out"))],
        widget=forms.RadioSelect,
    )
    amount = forms.TypedChoiceField(label=_("The amount"), coerce=int, required=False, empty_value=None)
    turned = forms.BooleanField(label=_("Money out is written without a minus, money in with one"), required=False)
    money_in = forms.TypedChoiceField(label=_("Money in"), coerce=int, required=False, empty_value=None)
    money_out = forms.TypedChoiceField(label=_("Money out"), coerce=int, required=False, empty_value=None)
    balance = forms.TypedChoiceField(
        label=_("The balance after each line (optional)"), coerce=int, required=False, empty_value=None
    )
    text = forms.TypedMultipleChoiceField(
        label=_("The bank's words"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column: lines are told apart by their words.")},
    )

    def __init__(self, table: Table, kept: Columns | None, data: QueryDict | None = None) -> None:
        known = kept.as_json() if kept else guess(table)
        two = known.get("amount") is None and (known.get("money_in") is not None or known.get("money_out") is not None)
        super().__init__(data, initial={**known, "shape": self.TWO if two else self.ONE})
        names = [
            (place, name or _("Column %(number)d") % {"number": place + 1}) for place, name in enumerate(table.heading)
        ]
        sample = dict(_days())
        self.fields["day_format"].choices = [(form, sample[form]) for form in DAY_FORMATS]  # type: ignore[attr-defined]
        for name in ("day", "amount", "money_in", "money_out", "balance", "text"):
            none = [] if name in ("day", "text") else [("", _("None"))]
            self.fields[name].choices = [*none, *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        one = data.get("shape") == self.ONE
        if one and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Choose the column of the amounts."))
        if not one and data.get("money_in") is None and data.get("money_out") is None:
            self.add_error("money_in", _("Choose the column of money in, of money out, or both."))
        return data

    def columns(self) -> Columns:
        data = self.cleaned_data
        one = data["shape"] == self.ONE
        return Columns(
            day=data["day"],
            day_format=data["day_format"],
            text=tuple(data["text"]),
            amount=data["amount"] if one else None,
            money_in=None if one else data["money_in"],
            money_out=None if one else data["money_out"],
            turned=data["turned"] and one,
            balance=data["balance"],
        )


def _days() -> list[tuple[str, str]]:
    """Each form of a day in words: month/day/year."""
    words = {"%m": _("month"), "%d": _("day"), "%Y": _("year"), "%y": _("year in two digits"), "%b": _("Jan, Feb …")}
    shown = []
    for form in DAY_FORMATS:
        text = form
        for mark, word in words.items():
            text = text.replace(mark, str(word))
        shown.append((form, text))
    return shown


class MatchForm(forms.Form):
    """Which open items a line closes, and how much of each; amounts without signs, since each item has one."""

    def __init__(self, items: Sequence[OpenItem], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.CharField(
                label=item.key,
                required=False,
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["parts"] = []
        for item in self.items:
            text = data.get(f"item-{item.pk}")
            if not text:
                continue
            try:
                cents = abs(signed_cents(text))
            except ValueError:
                self.add_error(f"item-{item.pk}", _("Enter an amount in dollars, like 50 or 50.00."))
            else:
                data["parts"] += [Part(item, cents if item.cents > 0 else -cents)] if cents else []
        if not data["parts"] and not self.errors:
            self.add_error(None, _("Say at least of one item how much of it the line is."))
        return data


class SayForm(forms.Form):
    FEE, UNEXPLAINED = "fee", "unexplained"
    what = forms.ChoiceField(
        choices=[(FEE, FEE), (UNEXPLAINED, UNEXPLAINED)],
        error_messages={"required": _("Say what the line is.")},
    )


class RightForm(ReasonForm):
    """Where a line that was matched wrongly belongs."""

    POOL = "pool"
    field_order = ("was", "target", "reason")
    was = forms.TypedChoiceField(
        label=_("What is wrong?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    target = forms.ChoiceField(
        label=_("Where does it belong?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it belongs.")},
    )
    # How many entries the line had when the page was shown.
    step = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self,
        standing: Sequence[Standing],
        items: Sequence[OpenItem],
        names: dict[str, str],
        step: int,
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data, initial={"step": step, "was": 0 if len(standing) == 1 else None})
        self.standing, self.items = standing, {str(item.pk): item for item in items}
        self.fields["was"].choices = [  # type: ignore[attr-defined]
            (place, f"{dollars(abs(one.cents))}: {names.get(one.key, one.key) or one.account.get_role_display()}")
            for place, one in enumerate(standing)
        ]
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            (self.POOL, _("The fee pool: a fee or interest of the bank")),
            *((pk, f"{names.get(item.key, item.key)}, {dollars(abs(item.cents))}") for pk, item in self.items.items()),
        ]

    def chosen(self) -> tuple[Standing, OpenItem | None]:
        return self.standing[self.cleaned_data["was"]], self.items.get(self.cleaned_data["target"])


class LinesForm(forms.Form):
    q = forms.CharField(required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("Which lines"), required=False, choices=[("", _("All lines")), *BankLine.State.choices]
    )

    def wanted(self) -> tuple[str, str]:
        return (self.cleaned_data["state"], self.cleaned_data["q"]) if self.is_valid() else ("", "")
