from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "donations.payments"
    verbose_name = "Payments"
