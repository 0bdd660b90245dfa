"""What the desk asks of somebody, what they wait for, and what happened lately. One query a kind of row, a bounded number each."""

from datetime import date
from typing import Any

from . import letters, promises, rooms
from .rows import Row


def needs_you(user: Any, homes: list[Any], rooms_kept: list[Any], places: list[Any]) -> list[Row]:
    """What this person has to do: what has a day by that day, then the rest, the most pressing kind first."""
    rows = [
        *rooms.invitations(places),
        *rooms.words_wanted(user),
        *promises.follow_ups(user),
        *promises.commitments(user),
    ]
    rows += [
        *promises.activities(user),
        *promises.plans_to_write(user, homes),
        *rooms.draft_lessons(user),
        *rooms.sessions_to_note(rooms_kept),
    ]
    rows += [*letters.undelivered(user), *rooms.events_to_prepare(user), *rooms.reports_to_publish(user)]
    return sorted(rows, key=lambda row: row.due or date.max)


def waits(user: Any, rooms_kept: list[Any], places: list[Any]) -> list[Row]:
    """What others have to do before this person can go on, and the events that they wait for."""
    return [*rooms.unanswered(user), *rooms.unsaid(rooms_kept), *rooms.expected(places)]


def lately(user: Any) -> list[Row]:
    """What was learned and taken up lately, as far as this person may see it."""
    return promises.taken_up(user)
