"""Where e-mail goes when no SMTP server is set: a file for each message, and a line on the console."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .actions import file_of

logger = logging.getLogger(__name__)


class FilesAndConsole(BaseEmailBackend):
    """Writes `<Message-ID>.eml` into the mail folder; the same message twice is the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; how many. Raises OSError where the folder cannot be written."""
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            mail = message.message()
            path = file_of(str(mail["Message-ID"]))
            path.touch(mode=0o600)  # it may hold a code or an invitation, which are as good as a key
            path.write_bytes(mail.as_bytes())
            logger.warning("E-mail written to %s", path)
        return len(email_messages)
