from django.urls import path

from fundraisers import views

urlpatterns = [
    path("r/<slug:slug>/photo/<slug:name>-<int:width>.webp", views.photo, name="photo"),
    path("r/<slug:slug>/card/<slug:digest>.jpg", views.card, name="card"),
    path("r/<slug:slug>/qr.svg", views.qr, name="qr"),
    path("r/<slug:slug>/sheet-a4.pdf", views.sheet, {"paper": "a4"}, name="sheet_a4"),
    path("r/<slug:slug>/sheet-letter.pdf", views.sheet, {"paper": "letter"}, name="sheet_letter"),
    path("t/<slug:slug>/photo/<slug:name>-<int:width>.webp", views.team_photo, name="team_photo"),
    path("t/<slug:slug>/qr.svg", views.team_qr, name="team_qr"),
    path("t/<slug:slug>/sheet-a4.pdf", views.team_sheet, {"paper": "a4"}, name="team_sheet_a4"),
    path("t/<slug:slug>/sheet-letter.pdf", views.team_sheet, {"paper": "letter"}, name="team_sheet_letter"),
    path("t/<slug:slug>/card/<slug:digest>.jpg", views.team_card_file, name="team_card"),
]
