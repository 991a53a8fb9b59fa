from django.urls import path

from fundraisers import arrivals, owner, reports

urlpatterns = [
    path("claim/<str:token>", arrivals.claim, name="claim"),
    path("mail/new/<str:token>", arrivals.email_answer, name="email_answer"),
    path("mail/stop/<str:token>", arrivals.email_stop, name="email_stop"),
    path("me/claim", owner.claim, name="my_claim"),
    path("me/email", owner.email, name="my_email"),
    path("me/pages/<int:bib>/edit", owner.edit, name="my_edit"),
    path("me/pages/<int:bib>/audience", owner.audience, name="my_audience"),
    path("me/pages/<int:bib>/photo", owner.photo, name="my_photo"),
    path("me/pages/<int:bib>/address", owner.address, name="my_address"),
    path("me/pages/<int:bib>/updates", owner.updates, name="my_updates"),
    path("me/pages/<int:bib>/updates/<int:pk>/remove", owner.remove_update, name="my_remove_update"),
    path("me/pages/<int:bib>/hide", owner.hide, name="my_hide"),
    path("r/<slug:slug>/report", reports.report_page, name="report"),
    path("t/<slug:slug>/report", reports.report_team, name="report_team"),
]
