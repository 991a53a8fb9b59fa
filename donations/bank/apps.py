from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "donations.bank"
    verbose_name = "Bank"
