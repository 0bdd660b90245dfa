"""What the desk asks of somebody, what they wait for, and what happened lately. One query per kind of row, and a limited number of rows each."""

from datetime import date
from typing import Any

from . import alerts, beginnings, commitments, events, lessons, plans, translations
from .rows import Row


def needs_you(user: Any, *, homes: list[Any], sessions: list[Any], places: list[Any], answered: list[Any]) -> list[Row]:
    """Return what this person has to do: problems of the network, then rows by due day, then the rest with the most pressing kind first; if there
    is nothing, what a new network begins with.
    """
    rows = [*events.invitations(places), *lessons.words_wanted(user)]
    rows += [*commitments.follow_ups(user), *commitments.commitments(user)]
    rows += [*plans.activities(user), *plans.plans_to_write(user, homes)]
    rows += [*lessons.draft_lessons(user), *lessons.sessions_to_note(sessions)]
    rows += [*events.turned(answered), *events.events_to_prepare(user), *events.reports_to_publish(user)]
    rows += translations.earlier_translations(user)
    return [*alerts.alerts(user), *sorted(rows, key=lambda row: row.due or date.max)] or beginnings.first_step(user)


def waits(*, sessions: list[Any], places: list[Any], answered: list[Any]) -> list[Row]:
    """Return what others have to do before this person can go on, and the events that they wait for."""
    return [*events.unanswered(answered), *lessons.unsaid(sessions), *events.expected(places)]


def lately(user: Any) -> list[Row]:
    """Return what was learned and taken up lately, as far as this person may see it."""
    return commitments.taken_up(user)
