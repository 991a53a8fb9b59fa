from django.urls import include, path

from accounts.views import api_token

urlpatterns = [
    path("", include("pages.urls")),
    path("", include("fundraisers.owner_urls")),
    path("", include("fundraisers.team_urls")),
    path("", include("donations.giving.urls")),
    path("", include("donations.disbursements.urls")),
    path("", include("fundraisers.urls")),
    path("", include("outreach.urls")),
    path("", include("outreach.volunteers.urls")),
    path("", include("registration.urls")),
    path("", include("people.urls")),
    path("desk", include("desk.urls")),
    path("accounts/", include("accounts.urls")),
    path("me/token", api_token, name="api_token"),
    path("", include("config.api")),
    path("", include("operations.urls")),
]

handler500 = "operations.health.went_wrong"
handler429 = "accounts.views.too_many_requests"
