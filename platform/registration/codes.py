"""Promo codes: made and switched off at the desk, found by what people type."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Event
from registration.models import PromoCode


def code_named(event: Event, text: str) -> PromoCode | None:
    """The code that somebody typed, in any case of letters and with any spaces."""
    return event.promo_codes.filter(code="".join(text.split()).upper()).first()


@transaction.atomic
def create_promo_code(
    *,
    event: Event,
    code: str,
    percent_off: int = 0,
    cents_off: int = 0,
    max_uses: int | None = None,
    valid_until: datetime | None = None,
) -> PromoCode:
    """A new code, kept in capitals. It takes `percent_off` of an entry's price and then `cents_off`, never below zero.

    `max_uses` counts people, not carts. Raises ValidationError for a code that takes nothing off, that people could
    not type, or that is there already.
    """
    if not percent_off and not cents_off:
        raise ValidationError(_("Say what the code takes off: a percentage, an amount, or both."))
    new = PromoCode(
        event=event,
        code="".join(code.split()).upper(),
        percent_off=percent_off,
        cents_off=cents_off,
        max_uses=max_uses,
        valid_until=valid_until,
    )
    if not (new.code.isascii() and new.code.isalnum()):
        raise ValidationError({"code": _("Use letters and figures only, so that everybody can type the code.")})
    new.full_clean()
    new.save()
    return new


@transaction.atomic
def set_active(*, promo_code: PromoCode, active: bool) -> None:
    """Switches a code off or on; carts whose places are held keep what it took off."""
    PromoCode.objects.filter(pk=promo_code.pk).update(is_active=active)
