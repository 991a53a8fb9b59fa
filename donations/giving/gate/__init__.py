"""Card testers are kept out here, before anything is created (docs/decisions/0012-the-gate.md)."""

from donations.giving.gate.door import Comer, Held, Reason, comer_of, forget, is_closed, let_in
from donations.giving.gate.stamps import note

__all__ = ["Comer", "Held", "Reason", "comer_of", "forget", "is_closed", "let_in", "note"]
