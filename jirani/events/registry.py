"""What a higher app tells the reading pages about an event without this app knowing it.

The newsroom registers in `AppConfig.ready()` where an event's report can be read.
"""

from collections.abc import Callable
from typing import Any

#: (event, user, language) → address of the published report that the user may see, or "".
type_report = Callable[[Any, Any, str], str]
_reports: list[type_report] = []


def register_report(find: type_report) -> None:
    """Let `find` say where the report of an event can be read."""
    _reports.append(find)


def report_address(event: Any, user: Any, language: str) -> str:
    """The address of the event's report, or "" where there is none that the user may see."""
    return next((address for find in _reports if (address := find(event, user, language))), "")
