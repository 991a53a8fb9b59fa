from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "donations.ledger"
    verbose_name = "Ledger"
