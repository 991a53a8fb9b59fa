"""Which endpoints there are, with the SDK's type of their parameters."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import stripe.params as sdk
import stripe.params.checkout as sdk_checkout

from stripe_sandbox import balance, charges, checkout, customers, endpoints, events, intents, refunds, session_rules
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
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", self.path) + "$")
        object.__setattr__(self, "pattern", pattern)


SESSIONS = "/v1/checkout/sessions"
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
    Route("GET", "/v1/charges", sdk.ChargeListParams, charges.list_charges),
    Route("GET", "/v1/charges/{id}", sdk.ChargeRetrieveParams, charges.retrieve),
    Route("POST", "/v1/customers", sdk.CustomerCreateParams, customers.create, "customer"),
    Route("GET", "/v1/customers", sdk.CustomerListParams, customers.list_customers),
    Route("GET", "/v1/customers/{id}", sdk.CustomerRetrieveParams, customers.retrieve),
    Route("POST", "/v1/refunds", sdk.RefundCreateParams, refunds.create, "refund", refunds.check),
    Route("GET", "/v1/refunds", sdk.RefundListParams, refunds.list_refunds),
    Route("GET", "/v1/refunds/{id}", sdk.RefundRetrieveParams, refunds.retrieve),
    Route("POST", "/v1/refunds/{id}", sdk.RefundUpdateParams, refunds.update, "refund"),
    Route("GET", "/v1/balance", sdk.BalanceRetrieveParams, balance.retrieve_balance),
    Route("GET", "/v1/balance_transactions", sdk.BalanceTransactionListParams, balance.list_transactions),
    Route("GET", "/v1/balance_transactions/{id}", sdk.BalanceTransactionRetrieveParams, balance.retrieve),
    Route("GET", "/v1/events", sdk.EventListParams, events.list_events),
    Route("GET", "/v1/events/{id}", sdk.EventRetrieveParams, events.retrieve),
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
