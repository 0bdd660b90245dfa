"""Sign-in: an e-mailed code or a password. There is no sign-up: people are invited.

The names are allauth's own, since it reverses them; its other pages (addresses, confirmation, reset) are not served: who has
forgotten a password signs in by a code and sets another one.
"""

from allauth.account import views
from django.urls import path

from jirani.core.routes import public, signed_in

from .views import code_confirm, sign_in

urlpatterns = [
    path("accounts/sign-in/", sign_in, name="account_login"),
    path("accounts/sign-out/", public(views.logout), name="account_logout"),
    path("accounts/sign-up/", public(views.signup), name="account_signup"),
    path("accounts/inactive/", public(views.account_inactive), name="account_inactive"),
    path("accounts/code/", public(views.request_login_code), name="account_request_login_code"),
    path("accounts/code/confirm/", code_confirm, name="account_confirm_login_code"),
    path("accounts/password/change/", signed_in(views.password_change), name="account_change_password"),
    path("accounts/password/set/", signed_in(views.password_set), name="account_set_password"),
    path("accounts/again/", signed_in(views.reauthenticate), name="account_reauthenticate"),
]
