"""Addresses of limits and days off."""

from django.urls import path

from mingcha_web.deadlines import views

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("limits/", views.limit, name="limit_set"),
]
