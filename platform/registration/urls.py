from django.urls import path

from registration import views

urlpatterns = [
    path("register", views.register, name="register"),
    path("register/start", views.start, name="register_start"),
    path("register/wait/<slug:slug>", views.wait, name="wait"),
    path("register/waiting/<uuid:token>", views.waiting, name="waiting"),
    path("register/<uuid:token>", views.cart, name="register_cart"),
    path("register/<uuid:token>/person", views.person, name="register_person"),
    path("register/<uuid:token>/person/<int:pk>", views.person, name="register_edit"),
    path("register/<uuid:token>/person/<int:pk>/remove", views.remove, name="register_remove"),
    path("register/<uuid:token>/code", views.code, name="register_code"),
    path("register/<uuid:token>/gift", views.gift, name="register_gift"),
    path("registration/<uuid:token>", views.registration, name="registration"),
    path("registration/<uuid:token>/free-entry", views.free_entry, name="registration_free_entry"),
    path("registration/<uuid:token>/<int:pk>/details", views.details, name="registration_details"),
    path("registration/<uuid:token>/<int:pk>/transfer", views.hand_on, name="registration_transfer"),
    path("registration/<uuid:token>/<int:pk>/keep", views.keep, name="registration_keep"),
    path("registration/<uuid:token>/<int:pk>/defer", views.defer, name="registration_defer"),
    path("waiver", views.waiver, name="waiver"),
    path("waiver/<int:version>", views.waiver, name="waiver_version"),
]
