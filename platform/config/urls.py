from django.urls import include, path

urlpatterns = [
    path("", include("pages.urls")),
    path("", include("donations.giving.urls")),
    path("desk", include("desk.urls")),
    path("accounts/", include("accounts.urls")),
]

handler429 = "accounts.views.too_many_requests"
