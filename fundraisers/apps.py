from django.apps import AppConfig


class FundraisersConfig(AppConfig):
    name = "fundraisers"
    verbose_name = "Fundraisers"
