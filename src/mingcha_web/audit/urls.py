"""Addresses of the log."""

from django.urls import path

from mingcha_web.audit import views

urlpatterns = [
    path("", views.audit_list, name="audit_list"),
    path("verify/", views.audit_check, name="audit_verify"),
    path("export/", views.audit_download, name="audit_export"),
]
