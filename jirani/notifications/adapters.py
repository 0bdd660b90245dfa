"""What allauth asks of us: our words, and e-mail that goes through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jirani.accounts.models import User
from jirani.core.text import active_language

from .actions import queue_message

#: allauth's letters that we send, and the kind under which they stand in the outbox.
LETTERS = {
    "account/email/login_code": "accounts.code",
    "account/email/unknown_account": "accounts.unknown",
    "account/email/password_changed": "accounts.password",
    "account/email/password_set": "accounts.password",
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; letters are queued in the recipient's language."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right. Look at the latest message from us."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many attempts. Try again in a few minutes."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a letter of ours in place of allauth's. Raises KeyError for one that we do not know."""
        user = context.get("user") or User.objects.filter(email=email).first()
        request = allauth_context.request
        language = user.language if user else getattr(request, "LANGUAGE_CODE", None) or active_language()
        queue_message(
            LETTERS[template_prefix],
            to=email,
            recipient=user,
            language=language,
            template=f"notifications/mail/{template_prefix.rpartition('/')[2]}",
            context={"code": context.get("code", "")},
        )

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The next page says by itself what happened."""
