from django.urls import path

from fundraisers import captain_views, team_views

urlpatterns = [
    path("t/<slug:slug>/join", team_views.join, name="team_join"),
    path("t/<slug:slug>/join/<str:token>", team_views.invited, name="team_invited"),
    path("t/<slug:slug>/leave", team_views.leave, name="team_leave"),
    path("me/teams/new", team_views.start, name="my_team_new"),
    path("me/teams/<slug:slug>", captain_views.team, name="my_team"),
    path("me/teams/<slug:slug>/edit", captain_views.edit, name="my_team_edit"),
    path("me/teams/<slug:slug>/photo", captain_views.photo, name="my_team_photo"),
    path("me/teams/<slug:slug>/hide", captain_views.hide, name="my_team_hide"),
    path("me/teams/<slug:slug>/invite", captain_views.invite, name="my_team_invite"),
    path("me/teams/<slug:slug>/link", captain_views.link, name="my_team_link"),
    path("me/teams/<slug:slug>/captains", captain_views.captains, name="my_team_captains"),
    path("me/teams/<slug:slug>/requests/<int:pk>", captain_views.answer, name="my_team_answer"),
    path("me/teams/<slug:slug>/members/<int:bib>/remove", captain_views.remove, name="my_team_remove"),
]
