"""What logs do not hold."""

import logging
import re

#: The links of invitations sign somebody in to their programme: whoever reads a log must not.
_LINK = re.compile(r"(/my-programme/)[^/\s]+")


class MaskLinks(logging.Filter):
    """Takes the secret out of an invitation's link, wherever in a record it stands."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, masked."""
        record.msg, record.args = _LINK.sub(r"\1…", record.getMessage()), ()
        return True


class OneLine(logging.Filter):
    """What strangers can cause at will, such as a wrong Host, is told in one line: a traceback of our own code says nothing of it."""

    #: Characters of what was sent that a line quotes.
    QUOTED = 200

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes; those of Django's security loggers shortened."""
        if record.name.startswith("django.security."):
            record.msg, record.args = record.getMessage()[: self.QUOTED], ()
            record.exc_info = record.exc_text = None
        return True
