"""Pages of ours in front of allauth's: one door for signing in and signing up."""

from django.urls import path

from portal.home.accounts import views

urlpatterns = [
    path("", views.account, name="account_index"),
    path("login/", views.enter, name="account_login"),
    path("login/code/confirm/", views.enter_code, name="account_confirm_login_code"),
    path("signup/", views.sign_up, name="account_signup"),
]
