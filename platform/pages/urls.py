from django.urls import path

from pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("r/<slug:slug>", views.fundraiser, name="fundraiser"),
    path("leaderboard", views.leaders, name="leaderboard"),
    path("money", views.money, name="money"),
    path("stories", views.stories, name="stories"),
    path("help", views.help_now, name="help"),
    path("privacy", views.privacy, name="privacy"),
    path("me", views.me, name="me"),
    path("outbox", views.outbox, name="outbox"),
    path("outbox/<int:pk>", views.outbox_mail, name="outbox_mail"),
    path("outbox/<int:pk>/html", views.outbox_html, name="outbox_html"),
]
