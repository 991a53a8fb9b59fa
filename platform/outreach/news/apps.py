from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "outreach.news"
    verbose_name = "Newsletter"
