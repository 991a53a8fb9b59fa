from django.urls import path

from donations.giving import cancel_views, checkout_views, private, statement_views, thanking, views, webhooks

urlpatterns = [
    path("r/<slug:slug>/give", views.give, name="give"),
    path("t/<slug:slug>/give", views.give_team, name="give_team"),
    path("give", views.give_event, name="give_event"),
    path("give/fees", views.give_fees, name="give_fees"),
    path("checkout/<uuid:token>", checkout_views.checkout, name="checkout"),
    path("checkout/<uuid:token>/change", checkout_views.change_registration, name="change_registration"),
    path("thanks/<uuid:token>", views.thanks, name="thanks"),
    path("thanks/<uuid:token>/shown", private.shown, name="gift_shown"),
    path("thanks/<uuid:token>/email", private.email, name="gift_email"),
    path("thanks/<uuid:token>/receipt.pdf", private.receipt_pdf, name="receipt_pdf"),
    path("thanks/<uuid:token>/receipt", private.receipt_again, name="gift_receipt"),
    path("receipts", statement_views.ask, name="year_ask"),
    path("receipts/sent", statement_views.sent, name="year_sent"),
    path("receipts/<str:token>", statement_views.statement, name="year"),
    path("receipts/<str:token>/statement.pdf", statement_views.statement_pdf, name="year_pdf"),
    path("registration/<uuid:token>/<int:pk>/cancel", cancel_views.cancel, name="registration_cancel"),
    path("stripe/webhook", webhooks.webhook, name="webhook"),
    path("me/pages/<int:bib>/gifts", thanking.gifts, name="my_gifts"),
    path("me/pages/<int:bib>/gifts/<int:pk>/thank", thanking.thank_for, name="my_thank"),
]
