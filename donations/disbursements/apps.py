from django.apps import AppConfig


class DisbursementsConfig(AppConfig):
    name = "donations.disbursements"
    verbose_name = "Disbursements"
