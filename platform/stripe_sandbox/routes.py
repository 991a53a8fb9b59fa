"""Which endpoints there are, with the SDK's type of their parameters."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import stripe.params as sdk
import stripe.params.checkout as sdk_checkout
import stripe.params.radar as sdk_radar

from stripe_sandbox import (
    accounts,
    balance,
    charges,
    checkout,
    customers,
    dispute_answers,
    early_warnings,
    endpoints,
    events,
    intents,
    payouts,
    refunds,
    session_rules,
    topups,
    transfers,
)
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

Handler = Callable[..., Json]
Check = Callable[[World, Json], None]


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    params: type
    handler: Handler
    # What a POST makes, and what must hold before it is carried out (a failure is not kept under its key).
    makes: str = ""
    check: Check | None = None
    # Whether it can be asked for a connected account (Stripe-Account).
    connected: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", self.path) + "$")
        object.__setattr__(self, "pattern", pattern)


SESSIONS = "/v1/checkout/sessions"
TRANSACTIONS = "/v1/balance_transactions"
WARNINGS = "/v1/radar/early_fraud_warnings"
REVERSALS = "/v1/transfers/{id}/reversals"
ROUTES = [
    Route(
        "POST",
        SESSIONS,
        sdk_checkout.SessionCreateParams,
        checkout.create,
        "checkout.session",
        session_rules.check_session,
    ),
    Route("GET", SESSIONS, sdk_checkout.SessionListParams, checkout.list_sessions),
    Route("GET", SESSIONS + "/{id}", sdk_checkout.SessionRetrieveParams, checkout.retrieve),
    Route("POST", SESSIONS + "/{id}/expire", sdk_checkout.SessionExpireParams, checkout.expire, "checkout.session"),
    Route("GET", SESSIONS + "/{id}/line_items", sdk_checkout.SessionListLineItemsParams, checkout.list_line_items),
    Route("GET", "/v1/payment_intents", sdk.PaymentIntentListParams, intents.list_intents),
    Route("GET", "/v1/payment_intents/{id}", sdk.PaymentIntentRetrieveParams, intents.retrieve),
    Route("GET", "/v1/charges", sdk.ChargeListParams, charges.list_charges, connected=True),
    Route("GET", "/v1/charges/{id}", sdk.ChargeRetrieveParams, charges.retrieve, connected=True),
    Route("POST", "/v1/customers", sdk.CustomerCreateParams, customers.create, "customer"),
    Route("GET", "/v1/customers", sdk.CustomerListParams, customers.list_customers),
    Route("GET", "/v1/customers/{id}", sdk.CustomerRetrieveParams, customers.retrieve),
    Route("POST", "/v1/refunds", sdk.RefundCreateParams, refunds.create, "refund", refunds.check),
    Route("GET", "/v1/refunds", sdk.RefundListParams, refunds.list_refunds, connected=True),
    Route("GET", "/v1/refunds/{id}", sdk.RefundRetrieveParams, refunds.retrieve, connected=True),
    Route("POST", "/v1/refunds/{id}", sdk.RefundUpdateParams, refunds.update, "refund"),
    Route("POST", "/v1/refunds/{id}/cancel", sdk.RefundCancelParams, refunds.cancel, "refund"),
    Route("GET", "/v1/disputes", sdk.DisputeListParams, dispute_answers.list_disputes),
    Route("GET", "/v1/disputes/{id}", sdk.DisputeRetrieveParams, dispute_answers.retrieve),
    Route("POST", "/v1/disputes/{id}", sdk.DisputeUpdateParams, dispute_answers.update, "dispute"),
    Route("POST", "/v1/disputes/{id}/close", sdk.DisputeCloseParams, dispute_answers.close, "dispute"),
    Route("GET", WARNINGS, sdk_radar.EarlyFraudWarningListParams, early_warnings.list_warnings),
    Route("GET", WARNINGS + "/{id}", sdk_radar.EarlyFraudWarningRetrieveParams, early_warnings.retrieve),
    Route("GET", "/v1/balance", sdk.BalanceRetrieveParams, balance.retrieve_balance, connected=True),
    Route("GET", TRANSACTIONS, sdk.BalanceTransactionListParams, balance.list_transactions, connected=True),
    Route("GET", TRANSACTIONS + "/{id}", sdk.BalanceTransactionRetrieveParams, balance.retrieve, connected=True),
    Route("POST", "/v1/payouts", sdk.PayoutCreateParams, payouts.create, "payout", payouts.check, connected=True),
    Route("GET", "/v1/payouts", sdk.PayoutListParams, payouts.list_payouts, connected=True),
    Route("GET", "/v1/payouts/{id}", sdk.PayoutRetrieveParams, payouts.retrieve, connected=True),
    Route("POST", "/v1/payouts/{id}", sdk.PayoutUpdateParams, payouts.update, "payout", connected=True),
    Route("POST", "/v1/payouts/{id}/cancel", sdk.PayoutCancelParams, payouts.cancel, "payout", connected=True),
    Route("POST", "/v1/topups", sdk.TopupCreateParams, topups.create, "topup", topups.check),
    Route("GET", "/v1/topups", sdk.TopupListParams, topups.list_topups),
    Route("GET", "/v1/topups/{id}", sdk.TopupRetrieveParams, topups.retrieve),
    Route("POST", "/v1/topups/{id}", sdk.TopupUpdateParams, topups.update, "topup"),
    Route("POST", "/v1/topups/{id}/cancel", sdk.TopupCancelParams, topups.cancel, "topup"),
    Route("POST", "/v1/transfers", sdk.TransferCreateParams, transfers.create, "transfer", transfers.check),
    Route("GET", "/v1/transfers", sdk.TransferListParams, transfers.list_transfers),
    Route("GET", "/v1/transfers/{id}", sdk.TransferRetrieveParams, transfers.retrieve),
    Route("POST", "/v1/transfers/{id}", sdk.TransferUpdateParams, transfers.update, "transfer"),
    Route(
        "POST",
        REVERSALS,
        sdk.TransferReversalCreateParams,
        transfers.reverse,
        "transfer_reversal",
        transfers.check_reversal,
    ),
    Route("GET", REVERSALS, sdk.TransferReversalListParams, transfers.list_reversals),
    Route("GET", REVERSALS + "/{reversal}", sdk.TransferReversalRetrieveParams, transfers.retrieve_reversal),
    Route(
        "POST",
        REVERSALS + "/{reversal}",
        sdk.TransferReversalUpdateParams,
        transfers.update_reversal,
        "transfer_reversal",
    ),
    Route("GET", "/v1/account", sdk.AccountRetrieveCurrentParams, accounts.retrieve_current, connected=True),
    Route("GET", "/v1/accounts", sdk.AccountListParams, accounts.list_accounts),
    Route("GET", "/v1/accounts/{id}", sdk.AccountRetrieveParams, accounts.retrieve),
    Route("GET", "/v1/events", sdk.EventListParams, events.list_events, connected=True),
    Route("GET", "/v1/events/{id}", sdk.EventRetrieveParams, events.retrieve, connected=True),
    Route(
        "POST",
        "/v1/webhook_endpoints",
        sdk.WebhookEndpointCreateParams,
        endpoints.create,
        "webhook_endpoint",
        endpoints.check,
    ),
    Route("GET", "/v1/webhook_endpoints", sdk.WebhookEndpointListParams, endpoints.list_endpoints),
    Route("GET", "/v1/webhook_endpoints/{id}", sdk.WebhookEndpointRetrieveParams, endpoints.retrieve),
    Route("DELETE", "/v1/webhook_endpoints/{id}", sdk.WebhookEndpointDeleteParams, endpoints.delete),
]


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    for route in ROUTES:
        if route.method == method and (match := route.pattern.match(path)):
            return route, match.groups()
    return None
