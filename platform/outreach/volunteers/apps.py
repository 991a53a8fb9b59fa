from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "outreach.volunteers"
    verbose_name = "Volunteers"
