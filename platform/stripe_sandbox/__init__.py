"""A stand-in for Stripe's HTTP API, for the demo and the tests; never in production."""
