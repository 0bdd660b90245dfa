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
