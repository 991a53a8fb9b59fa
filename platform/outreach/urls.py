from django.urls import path

from outreach import views
from outreach.news import views as news

urlpatterns = [
    path("mail/off/<str:token>", views.off, name="mail_off"),
    path("news/sign-up", news.sign_up, name="newsletter_sign_up"),
    path("news/sent", news.sent, name="newsletter_sent"),
    path("news/confirm/<str:token>", news.confirm, name="news_confirm"),
    path("news/off/<str:token>", news.off, name="news_off"),
]
