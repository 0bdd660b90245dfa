"""allauth's forms in the platform's words. What they check stays allauth's."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.recovery_codes import forms as recovery_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from jirani.accounts.permissions import asker
from jirani.ui.forms import AddressField, SpokenForm


def _word(form: forms.BaseForm, **labels: Any) -> None:
    """Give fields our labels and remove allauth's placeholders: unlike them, a label stays visible."""
    for name, label in labels.items():
        if isinstance(form.fields.get(name), forms.EmailField):
            form.fields[name] = AddressField(widget=form.fields[name].widget, max_length=254)
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].help_text = ""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(SpokenForm, allauth_forms.LoginForm):
    """Sign in with a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, login=_("E-mail address"), password=_("Password"), remember=_("Stay signed in on this device"))


class RequestCodeForm(SpokenForm, allauth_forms.RequestLoginCodeForm):
    """Ask for a code by e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, email=_("E-mail address"))

    def clean_email(self) -> str:
        """Check as allauth does, but don't count attempts by the address alone, because a stranger could then lock its owner out."""
        email: str = self.cleaned_data["email"]
        who, known = asker(context.request, email)
        if not _may(ask="request_login_code", key=who) or not (known or _may(ask="code_for_strangers", key=email)):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = next(
            iter(filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)), None
        )
        return email


def _may(*, ask: str, key: str) -> bool:
    return bool(ratelimit.consume(context.request, action=ask, key=key))


class ConfirmCodeForm(SpokenForm, allauth_forms.ConfirmLoginCodeForm):
    """Type the code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=_("Code"))

    def clean_code(self) -> str:
        """Check as allauth does, but within our limits: allauth counts guesses in the session, so guesses sent at once are not counted."""
        about = f"{context.request.session.session_key}:{self.expected_code}"
        # Counted before the code is compared, so that of guesses sent at once each counts.
        self._count("guess_login_code", about, "too_many_login_attempts")
        code: str = super().clean_code()
        # A right code counts too: sent twice at once, it signs in once.
        self._count("use_login_code", about, "incorrect_code")
        return code

    def _count(self, action: str, about: str, refusal: str) -> None:
        if not _may(ask=action, key=about):
            raise get_adapter().validation_error(refusal)


class ChangePasswordForm(SpokenForm, allauth_forms.ChangePasswordForm):
    """Change a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            oldpassword=_("Current password"),
            password1=_("New password"),
            password2=_("New password again"),
        )


class SetPasswordForm(SpokenForm, allauth_forms.SetPasswordForm):
    """Set a first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, password1=_("New password"), password2=_("New password again"))


class ReauthenticateForm(SpokenForm, allauth_forms.ReauthenticateForm):
    """Type one's password again before a change that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, password=_("Password"))


# ── Second factors ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _FactorCode(SpokenForm, factor_forms.BaseAuthenticateForm):
    """The code of an app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=_("Code of the app, or a recovery code"))

    def clean_code(self) -> str:
        """Check as allauth does, but accept a code only once: somebody who watched it being typed can't use it within its half minute."""
        code: str = super().clean_code()
        if not ratelimit.consume(
            context.request, action="use_factor_code", key=f"{self.user.pk}:{normalize_user_code(code)}"
        ):
            raise get_factor_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_FactorCode, factor_forms.AuthenticateForm):
    """The second step of a sign-in."""


class ReauthenticateFactorForm(_FactorCode, factor_forms.ReauthenticateForm):
    """Prove once more that it is you."""


class ActivateAppForm(SpokenForm, totp_forms.ActivateTOTPForm):
    """Set up an app, and show with a first code that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=_("Code that the app shows"))


class AddPasskeyForm(SpokenForm, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, name=_("What you call it"), passwordless=_("Sign in with this passkey alone"))
        self.fields["name"].validators.append(MaxLengthValidator(100))
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "It then replaces both the code and the second step. Security keys without a PIN cannot do so."
        )


class NewRecoveryCodesForm(SpokenForm, recovery_forms.GenerateRecoveryCodesForm):
    """Make new recovery codes."""
