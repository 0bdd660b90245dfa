"""allauth's adapter: our words, and e-mail that goes through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jirani.accounts.models import User
from jirani.accounts.permissions import asker, has_second_factor, remember_browser
from jirani.core.routes import onward_of
from jirani.core.security import report
from jirani.core.text import active_language
from jirani.language import normal_address

from .actions import queue_message

#: allauth's letters that we send, and their kind in the outbox.
LETTERS = {
    "account/email/login_code": "accounts.code",
    "account/email/unknown_account": "accounts.unknown",
    "account/email/password_changed": "accounts.password",
    "account/email/password_set": "accounts.password",
    **dict.fromkeys(
        (
            "mfa/email/totp_activated",
            "mfa/email/totp_deactivated",
            "mfa/email/webauthn_added",
            "mfa/email/webauthn_removed",
            "mfa/email/recovery_codes_generated",
        ),
        "accounts.second_factor",
    ),
}


#: allauth's errors that are security events: what the log calls them.
EVENTS = {
    "incorrect_code": ("sign_in_failed", "code"),
    "email_password_mismatch": ("sign_in_failed", "password"),
    "incorrect_password": ("confirmation_failed", "password"),
    "too_many_login_attempts": ("throttled", "sign_in"),
    "rate_limited": ("throttled", "sign_in"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; letters are queued in the recipient's language."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right. Look at our latest e-mail."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many attempts. Try again in a few minutes."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up: accounts are made by invitation."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Return allauth's methods in our words, and a code by e-mail unless a second factor is set up, which proves more."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use the code of the app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = [
            {**method, "description": words[method["id"]]} for method in super().get_reauthentication_methods(user)
        ]
        if user.is_authenticated and not has_second_factor(user):
            code = {
                "id": "code",
                "description": _("Use a code by e-mail"),
                "url": reverse("account_reauthenticate_code"),
            }
            methods.append(code)
        return methods

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody was going if that address is kept secret, or else the desk."""
        return onward_of(request) or str(super().get_login_redirect_url(request))

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error for a form, and log it if it is a security event."""
        if code in EVENTS:
            event, method = EVENTS[code]
            report(event, method=method)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and asker, so that nobody can use up the owner's attempts."""
        return asker(request, credentials.get("email", ""))[0]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Do as allauth does, but limit the attempts that all strangers together have with one account."""
        if not self._count_stranger(request, dry_run=True, **credentials):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted for all strangers together, if it is one."""
        self._count_stranger(request, **credentials)

    def _count_stranger(self, request: HttpRequest, *, dry_run: bool = False, email: str = "", **others: Any) -> bool:
        known = asker(request, email)[1]
        key = normal_address(email)
        return known or ratelimit.consume(request, action="login_failed_by_strangers", key=key, dry_run=dry_run)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Do as allauth does, and remember that this browser has signed in to the account."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_browser(response, user.email)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue our own letter in place of allauth's. Raises KeyError for a template that we don't know.

        An address without an account gets one letter a day at most, since anybody can have it written to.
        """
        kind = LETTERS[template_prefix]
        if kind == "accounts.unknown" and not ratelimit.consume(
            allauth_context.request, action="unknown_account", key=normal_address(email)
        ):
            return
        user = context.get("user") or User.objects.filter(email=email).first()
        request = allauth_context.request
        language = user.language if user else getattr(request, "LANGUAGE_CODE", None) or active_language()
        queue_message(
            kind,
            to=email,
            recipient=user,
            language=language,
            template=f"notifications/mail/{template_prefix.rpartition('/')[2]}",
            context={"code": context.get("code", "")},
        )

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add no message: the next page says by itself what happened."""
