"""Sessions in the database that reveal neither when somebody was here nor what is under way, and are of no use to
anybody who reads them.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from jirani.core.security import by_day, row_of, seal, unseal

logger = logging.getLogger(__name__)


class SessionStore(DatabaseStore):
    """Django's session store, with rows under a digest of the key, sealed content, and ends at midnight.

    A copy of the database would otherwise sign its reader in as everybody, hold the code of a sign-in that is under way, and tell
    exactly when somebody signed in and so who was here while a note was written.
    """

    # Django's asynchronous methods look up the bare key; these go through the methods below.
    aload, aexists, asave, acreate, adelete = (
        SessionBase.aload,
        SessionBase.aexists,
        SessionBase.asave,
        SessionBase.acreate,
        SessionBase.adelete,
    )

    def load(self) -> dict[str, Any]:
        """Return the session's data; if there is no session or it has expired, return nothing and clear the key."""
        key = self.session_key
        found = (
            self.model.objects.filter(session_key=row_of(key), expire_date__gt=timezone.now()).first() if key else None
        )
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found.session_data)

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return super().exists(row_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to save."""
        row = super().create_model_instance(data)
        row.session_key = row_of(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of a key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(row_of(key))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The first midnight after Django's end, so that nobody is signed out early."""
        return by_day(super().get_expiry_date(**kwargs) + timedelta(days=1))

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encode as Django does, but seal the session instead of only signing it."""
        return seal(self.serializer().dumps(session_dict).decode("latin-1"), purpose="session")

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what `encode` was given; nothing if it was not sealed with our key."""
        try:
            held: dict[str, Any] = json.loads(unseal(str(session_data), purpose="session"))
        except ValueError:
            logger.warning("A session is not sealed by this installation; whoever sent it signs in again.")
            return {}
        return held
