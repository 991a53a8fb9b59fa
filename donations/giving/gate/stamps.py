"""The stamp and the trap of the forms that lead to Stripe (common.stamps), counted for the desk."""

from common.stamps import Suspicion, stamp, suspicion
from donations.giving.gate import tries

__all__ = ["Suspicion", "note", "stamp", "suspicion"]


def note(found: Suspicion | None) -> None:
    """Counts what was odd, for the desk."""
    if found:
        tries.count(found.value)
