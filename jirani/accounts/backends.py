"""Sessions in the database that do not tell when somebody was here."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.signing import BadSignature, Signer

from jirani.core.security import by_day

logger = logging.getLogger(__name__)


class SessionStore(DatabaseStore):
    """Django's, signed without the second at which it was saved and with ends at midnight: a row would otherwise tell exactly
    when somebody signed in, and a copy of the database who was here while a note was written.
    """

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The first midnight after Django's end, so that nobody is signed out early."""
        return by_day(super().get_expiry_date(**kwargs) + timedelta(days=1))

    def encode(self, session_dict: dict[str, Any]) -> str:
        """As Django does, with a signature that holds no time."""
        return self._signer().sign_object(session_dict, serializer=self.serializer, compress=True)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What `encode` was given; nothing if the signature is not ours."""
        try:
            found: dict[str, Any] = self._signer().unsign_object(str(session_data), serializer=self.serializer)
        except BadSignature:
            logger.warning("A session is not signed by this installation; whoever sent it signs in again.")
            return {}
        return found

    def _signer(self) -> Signer:
        return Signer(salt=self.key_salt)
