from django.urls import path

from desk import views

urlpatterns = [
    path("", views.front, name="desk"),
    path("/gifts", views.gifts, name="desk_gifts"),
    path("/gifts/<int:pk>", views.gift, name="desk_gift"),
    path("/books", views.books, name="desk_books"),
    path("/books/entries", views.entries, name="desk_entries"),
    path("/books/items/<int:pk>/place", views.place_item, name="desk_place"),
    path("/books/alarms/<int:pk>/close", views.close_alarm, name="desk_close_alarm"),
    path("/runners", views.runners, name="desk_runners"),
    path("/runners/new", views.new_runner, name="desk_new_runner"),
    path("/runners/<int:pk>/hide", views.hide_runner, name="desk_hide_runner"),
    path("/mails", views.mails, name="desk_mails"),
    path("/mails/<int:pk>", views.mail, name="desk_mail"),
]
