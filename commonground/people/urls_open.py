"""Addresses outside any district: signing in and out, and one's own settings."""

from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from commonground.kernel.screens import open_screen
from commonground.people import views

sign_in = open_screen(reason="People sign in here.")(RequestLoginCodeView.as_view())
enter_code = open_screen(reason="The code from the mail is typed here.")(ConfirmLoginCodeView.as_view())
sign_out = open_screen(reason="Anyone may leave.")(LogoutView.as_view())

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in, name="account_login"),
    path("sign-in/", sign_in, name="account_request_login_code"),
    path("sign-in/code/", enter_code, name="account_confirm_login_code"),
    path("sign-out/", sign_out, name="account_logout"),
    path("settings/", views.settings, name="settings"),
    path("language/", open_screen(reason="The language is chosen here.")(set_language), name="set_language"),
]
