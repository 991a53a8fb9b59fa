"""Makes Stripe-like ids: random, or the same again from a seed."""

import hashlib
import secrets
from base64 import b64encode

from stripe_sandbox.store import Store

# Ids of what belongs to a PaymentIntent begin with 3, those of everything else with 1.
OF_INTENTS = {"payment_intent", "charge", "refund"}
KINDS = {
    "pi_": "payment_intent",
    "ch_": "charge",
    "py_": "charge",
    "re_": "refund",
    "pyr_": "refund",
    "txn_": "balance_transaction",
    "cus_": "customer",
    "pm_": "payment_method",
    "cs_": "checkout.session",
    "evt_": "event",
    "we_": "webhook_endpoint",
    "du_": "dispute",
    "issfr_": "radar.early_fraud_warning",
    "po_": "payout",
    "ba_": "bank_account",
    "tu_": "topup",
    "tr_": "transfer",
    "trr_": "transfer_reversal",
    "acct_": "account",
}


class Identifiers:
    def __init__(self, store: Store, seed: int | None) -> None:
        self.store = store
        self.seeded = seed is not None
        self.seed = str(seed) if self.seeded else secrets.token_hex(16)
        meta = store.get("_meta", "identifiers") if self.seeded else None
        self.count: int = meta["count"] if meta else 0

    def new(self, prefix: str, length: int = 24) -> str:
        """A fresh id; with a seed the counter is kept in the state, so that a restart repeats none."""
        self.count += 1
        if self.seeded:
            self.store.put("_meta", "identifiers", {"count": self.count})
        digest = hashlib.sha512(f"{self.seed}:{self.count}".encode()).digest()
        return prefix + b64encode(digest, b"aZ").decode()[:length]


def kind_of(identifier: str) -> str | None:
    """The kind of object an id names."""
    return KINDS.get(identifier.partition("_")[0] + "_")
