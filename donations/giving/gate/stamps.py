"""When a form was drawn, signed: who fills one in needs a moment, and nobody keeps one for days."""

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from donations.giving.gate import tries

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


def note(found: Suspicion | None) -> None:
    """Counts what was odd, for the desk."""
    if found:
        tries.count(found.value)
