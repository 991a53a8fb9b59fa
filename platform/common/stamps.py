"""What keeps machines out of public forms: when a form was drawn, signed, and a field that people do not see.

Who fills in a form needs a moment, and nobody keeps one for days.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

KEPT_SECONDS = 12 * 3600
_signer = TimestampSigner(salt="giving.form")


class Suspicion(TextChoices):
    """What is odd about a form that was sent, with the sentence that its sender reads."""

    TRAP = "trap", _("A field that nobody sees was filled in, maybe by your browser. Please press once more.")
    EARLY = "early", _("That was very quick. Your words are kept: please press once more.")
    LATE = "late", _("This page was open for a long time. Your words are kept: please press once more.")


def stamp() -> str:
    """What a form carries to say when it was drawn."""
    return _signer.sign("drawn")


def suspicion(stamped: str, trap: str) -> Suspicion | None:
    """What is odd about a form with this stamp, and with this in the field that people do not see."""
    if trap:
        return Suspicion.TRAP
    try:
        _signer.unsign(stamped, max_age=KEPT_SECONDS)
    except BadSignature:
        return Suspicion.LATE
    return Suspicion.EARLY if _is_young(stamped) else None


def _is_young(stamped: str) -> bool:
    try:
        _signer.unsign(stamped, max_age=settings.FORM_SECONDS)
    except SignatureExpired:
        return False
    return settings.FORM_SECONDS > 0


class StampedForm(forms.Form):
    """A public form with stamp and trap (components/stamp.html): what is odd is said, and the words are kept."""

    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": -1}),
    )

    def __init__(self, data: QueryDict | None = None, **kw: Any) -> None:
        kw["initial"] = {"drawn": stamp(), **kw.get("initial", {})}
        self.suspicion = None
        if data is not None:
            self.suspicion = suspicion(data.get("drawn", ""), data.get("website", ""))
            if self.suspicion:
                data = data.copy()
                data["drawn"], data["website"] = stamp(), ""
        super().__init__(data, **kw)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.suspicion:
            self.add_error(None, self.suspicion.label)
        return data
