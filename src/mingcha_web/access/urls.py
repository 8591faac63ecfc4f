"""Addresses of login and accounts."""

from django.urls import path

from mingcha_web.access import accounts, views

urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("account/", views.own, name="account_own"),
    path("account/password/", views.password, name="password"),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:user_id>/", accounts.account_one, name="account_one"),
    path("accounts/<int:user_id>/active/", accounts.account_set_active, name="account_set_active"),
    path("accounts/<int:user_id>/password/", accounts.account_password, name="account_password"),
]
