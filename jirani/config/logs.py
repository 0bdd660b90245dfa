"""Keep personal data and needless tracebacks out of the logs."""

import logging
import re

#: The links of invitations sign somebody in to their programme: whoever reads a log must not.
_LINK = re.compile(r"(/my-programme/)[^/\s]+")


#: What PostgreSQL says of a statement that failed beside what failed: "DETAIL:  Key (email)=(…) already exists." and the like.
_ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)


class Masked(logging.Formatter):
    """Writes a record without the secret of an invitation's link and without values of rows, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines to write."""
        return _ROW.sub(r"\1: …", _LINK.sub(r"\1…", super().format(record)))


class OneLine(logging.Filter):
    """Log what strangers can cause at will, such as a wrong Host, in one line: a traceback through our code would explain nothing."""

    #: Characters of what was sent that a line quotes.
    QUOTED = 200

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, and shorten those of Django's security loggers."""
        if record.name.startswith("django.security."):
            record.msg, record.args = record.getMessage()[: self.QUOTED], ()
            record.exc_info = record.exc_text = None
        return True
