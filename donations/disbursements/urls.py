"""The organizations' own pages, under /charity."""

from django.urls import path

from donations.disbursements import views

urlpatterns = [
    path("charity", views.front, name="charity"),
    path("charity/payments/<int:pk>", views.payment, name="charity_payment"),
    path("charity/files/<int:pk>", views.evidence, name="charity_evidence"),
    path("charity/statements/<slug:slug>", views.statement, name="charity_statement"),
]
