"""Addresses of the start pages."""

from django.urls import path

from mingcha_web.home import views

urlpatterns = [path("", views.home, name="home")]
