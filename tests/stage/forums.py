"""Forums, their meetings and decisions, priorities."""

from datetime import date

from jirani.forums.enums import PriorityMethod
from jirani.forums.models import Attendance, Decision, Meeting, Priority, WorkingGroup
from tests.oracles import can_see_decision, can_see_forum, can_see_meeting, can_see_priority

from .. import factories as make
from .tokens import Stage


def fill(stage: Stage) -> None:
    """Add, in each mode, a forum with meetings in every mode, and a priority."""
    cast = stage.cast
    stage.records += [cast.forum, cast.kwale, cast.mombasa, cast.kwale.organisation]
    for mode in stage.modes:
        forum = stage.keep(make.forum(cast.mombasa, access=mode), may=can_see_forum)
        seat = make.seat(forum, organisation=cast.kwale.organisation)
        group = WorkingGroup(forum=forum, name="Group")
        stage.keep(group, may=lambda user, found: can_see_forum(user, found.forum))
        for inner in stage.modes:
            meeting = Meeting.objects.create(forum=forum, title="Meeting", held_on=date(2024, 5, 1), access=inner)
            stage.keep(meeting, may=can_see_meeting)
            decision = Decision.objects.create(meeting=meeting, text="Decision")
            stage.keep(decision, may=can_see_decision)
            Attendance.objects.create(meeting=meeting, seat=seat, sector=seat.sector)
        priority = Priority.objects.create(
            authority=cast.mombasa,
            forum=forum,
            theme=make.theme(),
            words="Words",
            method=PriorityMethod.VOTE,
            access=mode,
        )
        stage.keep(priority, may=can_see_priority)
