from django.urls import path

from outreach.volunteers import views

urlpatterns = [
    path("volunteer/offer", views.offer, name="volunteer_offer"),
    path("volunteer/sent", views.sent, name="volunteer_sent"),
    path("volunteer/forgotten", views.forgotten, name="volunteer_forgotten"),
    path("volunteer/<uuid:token>", views.own, name="volunteering"),
    path("volunteer/<uuid:token>/shifts.ics", views.calendar, name="volunteer_calendar"),
    path("volunteer/<uuid:token>/forget", views.forget, name="volunteer_forget"),
    path("volunteer/<uuid:token>/take/<int:pk>", views.take, name="volunteer_take"),
    path("volunteer/<uuid:token>/give-back/<int:pk>", views.give_back, name="volunteer_give_back"),
]
