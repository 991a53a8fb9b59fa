from django.urls import path

from pages import leaders, legal, machines, me, teams, trace, views

urlpatterns = [
    path("", views.home, name="home"),
    path("r/<slug:slug>", views.fundraiser, name="fundraiser"),
    path("r/<slug:slug>/updates", views.updates, name="updates"),
    path("card/<slug:digest>.jpg", machines.card, name="event_card"),
    path("event.ics", machines.calendar, name="calendar"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("leaderboard", leaders.leaders, name="leaderboard"),
    path("leaderboard/search", leaders.find, name="leaderboard_search"),
    path("leaderboard/<slug:slug>", leaders.leaders, name="leaderboard_tab"),
    path("teams", teams.teams, name="teams"),
    path("t/<slug:slug>", teams.team, name="team"),
    path("g/<slug:slug>", teams.team_group, name="team_group"),
    path("money", views.money, name="money"),
    path("money/fees", views.fees, name="money_fees"),
    path("sponsors/<int:pk>/<slug:name>-<int:width>.webp", views.sponsor_logo, name="sponsor_logo"),
    path("stories", views.stories, name="stories"),
    path("help", views.help_now, name="help"),
    path("terms", legal.terms, name="terms"),
    path("refunds", legal.refunds, name="refunds"),
    path("thanks/<uuid:token>/trace", trace.trace, name="trace"),
    path("privacy", views.privacy, name="privacy"),
    path("me", me.me, name="me"),
    path("me/pages/<int:bib>", me.my_page, name="my_page"),
    path("outbox", views.outbox, name="outbox"),
    path("outbox/<int:pk>", views.outbox_mail, name="outbox_mail"),
    path("outbox/<int:pk>/html", views.outbox_html, name="outbox_html"),
]
