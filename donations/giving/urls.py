from django.urls import path

from donations.giving import views, webhooks

urlpatterns = [
    path("r/<slug:slug>/give", views.give, name="give"),
    path("give", views.give_event, name="give_event"),
    path("give/fees", views.give_fees, name="give_fees"),
    path("thanks/<uuid:token>", views.thanks, name="thanks"),
    path("stripe/webhook", webhooks.webhook, name="webhook"),
]
