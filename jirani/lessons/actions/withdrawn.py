"""What waits to be sent, or stands on coordinators' desks, when the event, the speaker or the lesson that it is about goes."""

from collections.abc import Sequence

from jirani.changes.registry import Change, Kind
from jirani.lessons.models import Lesson
from jirani.notifications.actions import delete_alerts, withdraw

from .checking import TOLD_TOO_MUCH
from .notes import ASKING

#: Whether somebody may still be asked: as long as they, and the event at which they spoke, are there.
STANDS = {ASKING: lambda _message: True}


def follow(changes: Sequence[Change]) -> None:
    """Cancel questions about a deleted event or to a deleted person, and letters about a deleted lesson."""
    gone = [one for one in changes if one.kind == Kind.GONE]
    withdraw(gone, *STANDS)
    if lessons := [str(one.pk) for one in gone if one.model is Lesson]:
        delete_alerts(TOLD_TOO_MUCH, lessons)
