"""What sign-in leaves behind: keys of the shared cache that name nobody, what the database holds sealed, moments by their day, and
one line for each security event.

A line of the log reads ``jirani.security: sign_in_failed method=code``. It holds what happened and words of ours, never an
address, a name or anything that somebody typed; docs/reference/security-log.md lists all of them.
"""

import base64
import logging
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

logger = logging.getLogger("jirani.security")


def report(event: str, **facts: str) -> None:
    """Log one line about a security event; `facts` are words of our own, such as method="code", never input."""
    logger.warning(" ".join([event, *(f"{name}={value}" for name, value in facts.items())]))


def sealed_key(key: str, key_prefix: str, version: int) -> str:
    """Return the key under which the shared cache keeps something (Django's KEY_FUNCTION).

    Sign-in limits are counted by network and e-mail address; somebody who reads the table without the secret key learns neither.
    """
    return salted_hmac("jirani.cache", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


def row_of(session_key: str) -> str:
    """The primary key of a session's row: a keyed digest, since the key itself is the cookie and would sign anybody in."""
    return salted_hmac("jirani.session_row", session_key, algorithm="sha256").hexdigest()[:40]  # as long as the column


def seal(text: str, *, purpose: str) -> str:
    """`text` as only the secret key opens it, for this purpose: whoever has a copy of the database alone cannot read it."""
    return _box(purpose).encrypt_at_time(text.encode(), 0).decode()  # else its time shows in clear


def unseal(sealed: str, *, purpose: str) -> str:
    """Return what was sealed. Raises ValueError if it was not sealed, or with another secret key or for another purpose."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("This was not sealed with the secret key of this installation.") from None


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(f"jirani.{purpose}", "", algorithm="sha256").digest()))


def by_day(moment: datetime) -> datetime:
    """The beginning of the moment's day in the time zone of the installation."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


class DayField(models.DateTimeField[Any, Any]):
    """A moment of which only the day is kept, so that it cannot reveal who was there when something else was written.

    It stays a DateTimeField, because libraries compare and show it as one.
    """

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Save as DateTimeField does, but with the beginning of the day."""
        return super().get_db_prep_save(by_day(value) if isinstance(value, datetime) else value, connection)
