"""The forms of registration: what race day needs, and no more."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.money import MAX_GIFT_CENTS, MIN_GIFT_CENTS, dollars, parse_amount, short_dollars
from common.text import one_line
from events.models import Event
from registration.codes import code_named
from registration.models import ADULT, Participant, PromoCode, Registration
from registration.queries import Offer, ages_of, fits

OLDEST = 120
NO_SHIRT = "none"
PHONE = re.compile(r"[+0-9 ().\-/]{7,30}")
BAD_EMAIL = gettext_lazy("Enter an e-mail address like name@example.org.")


def name_field(label: Any, missing: Any, **more: Any) -> forms.CharField:
    """A name of any kind: one line, any letters."""
    attrs = {"autocomplete": more.pop("autocomplete", "off"), "spellcheck": "false"}
    return forms.CharField(
        label=label,
        max_length=80,
        validators=[one_line],
        error_messages={"required": missing},
        widget=forms.TextInput(attrs=attrs),
        **more,
    )


def email_field(label: Any, missing: Any = "", **more: Any) -> forms.EmailField:
    attrs = {"autocomplete": more.pop("autocomplete", "email"), "spellcheck": "false"}
    return forms.EmailField(
        label=label,
        max_length=254,
        required=bool(missing),
        error_messages={"required": missing, "invalid": BAD_EMAIL},
        widget=forms.EmailInput(attrs=attrs),
        **more,
    )


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no parameter
    """What race day needs of a person, and what can still change after the place was confirmed."""

    emergency_name = name_field(gettext_lazy("Their name"), gettext_lazy("Enter whom we call in an emergency."))
    emergency_phone = forms.CharField(
        label=gettext_lazy("Their phone"),
        max_length=30,
        error_messages={"required": gettext_lazy("Enter the phone number we call in an emergency.")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    photo_consent = forms.BooleanField(
        label=gettext_lazy("Photos of the day may show this person, also in public"), required=False
    )

    class Meta:
        model = Participant
        fields: tuple[str, ...] = ("shirt_size", "emergency_name", "emergency_phone", "photo_consent")

    def __init__(self, event: Event, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.event = event
        if not event.shirt_sizes:
            del self.fields["shirt_size"]
            return
        sizes = [(size, size) for size in event.shirt_sizes]
        self.fields["shirt_size"] = forms.ChoiceField(
            label=_("Shirt size"),
            choices=[("", _("Choose a size")), *sizes, (NO_SHIRT, _("No shirt, thank you"))],
            error_messages={"required": _("Choose a shirt size, or that no shirt is wanted.")},
        )
        if self.instance.pk and not self.instance.shirt_size:
            self.initial["shirt_size"] = NO_SHIRT

    def keep(self) -> None:
        """Writes what this form asks for and nothing else: the place may have changed meanwhile."""
        self.instance.save(update_fields=list(self.fields))

    def clean_shirt_size(self) -> str:
        size = str(self.cleaned_data["shirt_size"])
        return "" if size == NO_SHIRT else size

    def clean_emergency_phone(self) -> str:
        phone = str(self.cleaned_data["emergency_phone"])
        if not PHONE.fullmatch(phone) or sum(sign.isdigit() for sign in phone) < 7:
            raise forms.ValidationError(_("Enter a phone number with its area code, like 612-555-0100."))
        return phone


class PersonForm(DetailsForm):
    """One person who takes part. `offers` are what can be had; `known` are the others in the cart."""

    name = name_field(gettext_lazy("Full name"), gettext_lazy("Enter the name of who takes part."), autocomplete="name")
    age = forms.IntegerField(
        label=gettext_lazy("Age on race day"),
        min_value=0,
        max_value=OLDEST,
        error_messages={
            "required": gettext_lazy("Enter the age on race day."),
            **dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Enter the age in years, like 34.")),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "3"}),
    )
    email = email_field(
        gettext_lazy("E-mail"),
        help_text=gettext_lazy("For the confirmation and the link to change things. For children: yours."),
    )
    team = name_field(
        gettext_lazy("Team (optional)"),
        "",
        required=False,
        help_text=gettext_lazy("The name of a team that is there, or of a new one."),
    )
    page_name = name_field(
        gettext_lazy("Name on the page (optional)"),
        "",
        required=False,
        help_text=gettext_lazy("However this person wants to be called. Without it: the full name."),
    )
    is_protected = forms.BooleanField(label=gettext_lazy("Protect this page"), required=False)

    class Meta(DetailsForm.Meta):
        fields = (
            *("option", "name", "age", "email", *DetailsForm.Meta.fields),
            *("team", "page_name", "is_protected"),
        )
        widgets = {"option": forms.RadioSelect}
        error_messages = {
            "option": {
                "required": gettext_lazy("Choose how to take part."),
                "invalid_choice": gettext_lazy("This cannot be had any more. Choose another way to take part."),
            }
        }

    def __init__(self, event: Event, offers: Sequence[Offer], known: Sequence[Participant], **kw: Any) -> None:
        super().__init__(event, **kw)
        self.offers, self.known = offers, known
        option = self.fields["option"]
        option.queryset = event.options.filter(pk__in=[offer.option.pk for offer in offers])  # type: ignore[attr-defined]
        option.empty_label = None  # type: ignore[attr-defined]

    @property
    def picks(self) -> list[tuple[Any, Offer]]:
        """Each way to take part: its radio button, and what it costs."""
        offers = {offer.option.pk: offer for offer in self.offers}
        return [(radio, offers[radio.data["value"].value]) for radio in self["option"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        option, age = data.get("option"), data.get("age")
        if age is None:
            return data
        if option and not fits(option, age):
            words = {"option": option.name, "ages": ages_of(option)}
            self.add_error("option", _("%(option)s: %(ages)s Choose another way to take part.") % words)
        reachable = any(person.email and not person.is_minor for person in self.known)
        if age >= ADULT and not data.get("email") and not reachable and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address, so that we can send the confirmation."))
        return data


class SignForm(forms.Form):
    """The waiver, signed by each grown-up; the first one signs for the minors as well.

    `version` and `seen_cents` are what the page showed: nobody signs another text or pays another sum than was read.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_cents = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, registration: Registration, people: Iterable[Participant], version: int | None, cents: int, **kw: Any
    ) -> None:
        super().__init__(**kw)
        self.registration, self.people, self.now = registration, list(people), (version, cents)
        grown = [person for person in self.people if not person.is_minor]
        minors = ", ".join(person.name for person in self.people if person.is_minor)
        self.asks_who = not any(person.email for person in grown)
        for place, person in enumerate(grown):
            words = {"name": person.name, "minors": minors}
            label = _("%(name)s signs") % words
            if minors and not place:
                label = _("%(name)s signs, also as parent or guardian of %(minors)s") % words
            missing = _("Type the full name of %(name)s to sign.") % words
            self.fields[f"sign_{person.pk}"] = name_field(label, missing, autocomplete="name")
        if self.asks_who:
            guardian = _("Your full name: you sign as parent or guardian of %(minors)s") % {"minors": minors}
            label = _("Your full name") if grown else guardian
            self.fields["name"] = name_field(label, _("Enter your name."), autocomplete="name")
            self.fields["email"] = email_field(
                _("Your e-mail, for the confirmation"), _("Enter your e-mail address."), initial=registration.email
            )
        self.grown = grown

    @property
    def signatures(self) -> list[forms.BoundField]:
        return [self[f"sign_{person.pk}"] for person in self.grown]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for person in self.grown:
            typed = data.get(f"sign_{person.pk}")
            if typed and _plain(typed) != _plain(person.name):
                self.add_error(
                    f"sign_{person.pk}", _("Sign with the name of the entry: %(name)s.") % {"name": person.name}
                )
        if not self.grown and _plain(data.get("name", "")) in {_plain(person.name) for person in self.people}:
            self.add_error("name", _("A parent or guardian signs: enter their name, not the child's."))
        version, cents = self.now
        if data.get("version") != version:
            raise forms.ValidationError(
                _("The waiver has just been changed. Nothing was taken. Please read it again and sign.")
            )
        if data.get("seen_cents") != cents:
            raise forms.ValidationError(
                _("The price has just changed, and nothing was taken. Look at the new total, and press again.")
            )
        return data

    def signers(self) -> dict[int, str]:
        """Who signs, by participant."""
        data = self.cleaned_data
        own = {person.pk: str(data[f"sign_{person.pk}"]) for person in self.grown}
        guardian = own[self.grown[0].pk] if self.grown else str(data.get("name", ""))
        return {person.pk: own.get(person.pk, guardian) for person in self.people}

    def who(self) -> dict[str, str]:
        """Who registers."""
        source = self.cleaned_data if self.asks_who else vars(self.registration)
        return {"name": source["name"], "email": source["email"]}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


class CodeForm(forms.Form):
    """An empty code takes the present one away."""

    code = forms.CharField(
        label=gettext_lazy("Promo code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def __init__(self, event: Event, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.event = event

    def clean_code(self) -> PromoCode | None:
        typed = str(self.cleaned_data["code"])
        code = code_named(self.event, typed) if typed else None
        if typed and code is None:
            raise forms.ValidationError(_("We do not know this code. Nothing was changed: check how it is written."))
        return code


class GiftForm(forms.Form):
    """A first gift to the own page, in presets or any amount; nothing chosen takes it away."""

    preset = forms.ChoiceField(label=gettext_lazy("Amount"), required=False, widget=forms.RadioSelect)
    amount = forms.CharField(
        label=gettext_lazy("Or any amount"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "transaction-amount"}),
    )

    def __init__(self, event: Event, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        presets = [(str(cents), short_dollars(cents)) for cents in event.presets_cents]
        self.fields["preset"].choices = presets  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "amount" not in data or "preset" not in data:
            return data
        try:
            cents = parse_amount(data["amount"]) if data["amount"] else int(data["preset"] or 0)
        except forms.ValidationError as error:
            self.add_error("amount", error)
            return data
        if data["amount"] and not MIN_GIFT_CENTS <= cents <= MAX_GIFT_CENTS:
            words = {"least": dollars(MIN_GIFT_CENTS), "most": dollars(MAX_GIFT_CENTS)}
            self.add_error("amount", _("Online we take gifts from %(least)s to %(most)s.") % words)
        data["cents"] = cents
        return data


class WaitForm(forms.Form):
    name = name_field(gettext_lazy("Your name"), gettext_lazy("Enter your name."), autocomplete="name")
    email = email_field(
        gettext_lazy("E-mail"),
        gettext_lazy("Enter your e-mail address, so that we can tell you of a free place."),
        help_text=gettext_lazy("For word of a free place, and nothing else."),
    )


class HandOnForm(forms.Form):
    name = name_field(gettext_lazy("Name of the new person"), gettext_lazy("Enter the name of who takes the place."))
    email = email_field(
        gettext_lazy("E-mail of the new person"),
        gettext_lazy("Enter their e-mail address: the link to sign goes there."),
        autocomplete="off",
        help_text=gettext_lazy("Of a parent or guardian, where the new person is a child."),
    )


class CancelForm(forms.Form):
    """What becomes of the page of somebody who cancels; it stays unless somebody says otherwise."""

    STAYS, HIDDEN = "stays", "hidden"
    page = forms.ChoiceField(
        label=gettext_lazy("The page"),
        choices=[(STAYS, gettext_lazy("The page stays")), (HIDDEN, gettext_lazy("Hide the page"))],
        initial=STAYS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what becomes of the page.")},
    )

    def hides(self) -> bool:
        return bool(self.cleaned_data["page"] == self.HIDDEN)
