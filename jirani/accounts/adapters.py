"""allauth's adapter for second factors: our words, the network's name, and secrets that cannot be read from the database alone."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.core.security import report, seal, unseal

SECRETS = "second_factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors under the network's name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": gettext_lazy("Set up an app or a passkey first."),
        "incorrect_code": gettext_lazy(
            "This did not match. Type the code that is shown now, or try the passkey again."
        ),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error for a form, and a line in the log if it is a security event."""
        if code == "incorrect_code":
            report("sign_in_failed", method="second_factor")
        error: ValidationError = super().validation_error(code, *args)
        return error

    def get_totp_issuer(self) -> str:
        """Return what the app shows above the code."""
        return str(settings.NETWORK_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for the passkey: this host, under the network's name."""
        return {**super().get_public_key_credential_rp_entity(), "name": str(settings.NETWORK_NAME)}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  # allauth's word
        """Return the default name of a passkey."""
        return _("Passkey")

    def encrypt(self, text: str) -> str:
        """Seal with the secret key, so that a copy of the database alone reveals nobody's codes."""
        return seal(text, purpose=SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the sealed secret; if the secret key has changed, a random secret that no code fits, so that nobody can sign in with it."""
        try:
            return unseal(encrypted_text, purpose=SECRETS)
        except ValueError:
            return str(generate_totp_secret())
