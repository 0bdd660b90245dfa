"""Sign-in: an e-mailed code, a password or a passkey, and a second factor. There is no sign-up: people are invited.

The names are allauth's own, since it reverses them; its other pages (addresses, confirmation, reset) are not served: who has
forgotten a password signs in by a code and sets another one.
"""

from allauth.account import views
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from jirani.core.routes import public, signed_in

from .permissions import fresh
from .views import security, sign_in

urlpatterns = [
    path("accounts/sign-in/", sign_in.sign_in, name="account_login"),
    path("accounts/sign-out/", public(views.logout), name="account_logout"),
    path("accounts/sign-up/", public(views.signup), name="account_signup"),
    path("accounts/inactive/", public(views.account_inactive), name="account_inactive"),
    path("accounts/code/", sign_in.code_create, name="account_request_login_code"),
    path("accounts/code/confirm/", sign_in.code_confirm, name="account_confirm_login_code"),
    path("accounts/passkey/", security.login_passkey, name="mfa_login_webauthn"),
    path("accounts/second-step/", security.authenticate, name="mfa_authenticate"),
    path("accounts/password/change/", signed_in(views.password_change), name="account_change_password"),
    path("accounts/password/set/", signed_in(fresh(views.password_set)), name="account_set_password"),
    path("accounts/again/", signed_in(views.reauthenticate), name="account_reauthenticate"),
    path("accounts/again/code/", security.code_again, name="account_reauthenticate_code"),
    path("accounts/again/second-step/", security.reauthenticate_factor, name="mfa_reauthenticate"),
    path("accounts/again/passkey/", security.reauthenticate_passkey, name="mfa_reauthenticate_webauthn"),
    path("accounts/security/", security.security_detail, name="mfa_index"),
    path("accounts/security/app/", security.app_create, name="mfa_activate_totp"),
    path("accounts/security/app/off/", security.app_delete, name="mfa_deactivate_totp"),
    path("accounts/security/passkeys/new/", security.passkey_create, name="mfa_add_webauthn"),
    path("accounts/security/passkeys/<int:pk>/delete/", security.passkey_delete, name="mfa_remove_webauthn"),
    path("accounts/security/codes/", signed_in(fresh(recovery.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path(
        "accounts/security/codes/new/",
        signed_in(fresh(recovery.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/security/elsewhere/", security.visit_end, name="account_visit_end"),
]
