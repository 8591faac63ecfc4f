"""Addresses below /findings/."""

from django.urls import path

from mingcha_web.findings import views

urlpatterns = [
    path("", views.finding_list, name="finding_list"),
    path("export/", views.finding_export, name="finding_export"),
    path("views/", views.view_save, name="finding_view_save"),
    path("views/<int:pk>/delete/", views.view_delete, name="finding_view_delete"),
    path("warnings/", views.warning_import, name="warning_import"),
    path("<int:pk>/", views.finding_detail, name="finding_detail"),
    path("<int:pk>/number/", views.finding_unmask, name="finding_unmask"),
]
