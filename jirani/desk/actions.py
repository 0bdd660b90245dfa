"""Daily checks for the network's coordinators."""

from jirani.core.constraints import count_broken
from jirani.notifications.actions import clear_alert, raise_alert

CONTRADICTIONS = "desk.contradictions"


def look_for_contradictions() -> None:
    """Tell coordinators of records that contradict each other since before a rule forbade it, until there are none."""
    number = sum(count_broken().values())
    if number:
        raise_alert(CONTRADICTIONS, facts={"number": number})
    else:
        clear_alert(CONTRADICTIONS)
