from django.urls import path

from outreach import views

urlpatterns = [path("mail/off/<str:token>", views.off, name="mail_off")]
