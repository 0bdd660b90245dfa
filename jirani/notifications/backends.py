"""Where e-mail goes if no SMTP server is set: each message to a file, which the console names. In the demo the console shows it."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from unicodedata import category

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .actions import file_of


class FilesAndConsole(BaseEmailBackend):
    """Writes `<Message-ID>.eml` into the mail folder; the same message twice is the same file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages. Returns how many. Raises OSError if the folder cannot be written."""
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            mail = message.message()
            path = file_of(str(mail["Message-ID"]))
            path.touch(mode=0o600)  # it may hold a code or an invitation, which are as good as a key
            path.write_bytes(mail.as_bytes())
            _show(message, path)
        return len(email_messages)


def _show(message: EmailMessage, path: Path) -> None:
    """Print where a message is and, in the demo, its text. A real network's console goes into logs that others read, and a letter
    may hold a code. In one piece, so that what web and worker say at the same moment stays apart. A console that is gone is no reason
    not to send it.
    """
    text = f"E-mail is in {path}\n"
    if settings.DEMO:
        text = f"\n── E-mail to {', '.join(message.to)}\n{message.subject}\n\n{str(message.body).strip()}\n── {path}\n"
    text = "".join(char for char in text if char == "\n" or category(char) != "Cc")  # nothing that steers a terminal
    encoding = sys.stdout.encoding or "utf-8"
    with suppress(OSError):
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
