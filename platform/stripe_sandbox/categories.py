"""What the sandbox calls a movement of money, with Stripe's type and reporting category for it.

Reports go by the category: disputes and their fees hide under the type `adjustment`
(docs.stripe.com/reports/reporting-categories).
"""

NAMES = {
    "charge": ("charge", "charge"),
    "payment": ("payment", "charge"),
    "payment_failure_refund": ("payment_failure_refund", "charge_failure"),
    "refund": ("refund", "refund"),
    "payment_refund": ("payment_refund", "refund"),
    "refund_failure": ("refund_failure", "refund_failure"),
    "dispute": ("adjustment", "dispute"),
    "dispute_reversal": ("adjustment", "dispute_reversal"),
    "dispute_countered": ("adjustment", "fee"),
    "payout": ("payout", "payout"),
    "payout_failure": ("payout_failure", "payout_reversal"),
    "payout_cancel": ("payout_cancel", "payout_reversal"),
    "topup": ("topup", "topup"),
    "topup_reversal": ("topup_reversal", "topup_reversal"),
    "transfer": ("transfer", "transfer"),
    "transfer_refund": ("transfer_refund", "transfer_reversal"),
    # Made from outside only (control surface): what Stripe books on its own.
    "adjustment": ("adjustment", "other_adjustment"),
    "stripe_fee": ("stripe_fee", "fee"),
    "tax_fee": ("tax_fee", "fee"),
    "reserve_hold": ("reserve_hold", "risk_reserved_funds"),
    "reserve_release": ("reserve_release", "risk_reserved_funds"),
    "payout_minimum_balance_hold": ("payout_minimum_balance_hold", "payout_minimum_balance_hold"),
    "payout_minimum_balance_release": ("payout_minimum_balance_release", "payout_minimum_balance_release"),
    "contribution": ("contribution", "contribution"),
}
