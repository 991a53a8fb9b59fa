from django.urls import path

from people import views

urlpatterns = [
    path("privacy/data", views.ask, name="data_ask"),
    path("privacy/data/sent", views.sent, name="data_sent"),
    path("privacy/data/gone", views.gone, name="data_gone"),
    path("privacy/data/<str:token>", views.data, name="data"),
    path("privacy/data/<str:token>/file.json", views.data_file, name="data_file"),
    path("privacy/data/<str:token>/delete", views.forget, name="data_forget"),
    path("me/data", views.mine, name="my_data"),
]
