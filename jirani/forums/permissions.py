"""Who may do what with forums."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import standing_of
from jirani.members.permissions import can_edit_authority

from .enums import SeatRole
from .models import Decision, Forum, Meeting, Priority, Seat


@pair(Forum, "editable_by")
def can_edit_forum(user: Any, forum: Forum) -> bool:
    """Its secretary, its authority's focal points and the coordinators may."""
    if can_edit_authority(user, forum.authority):
        return True
    return Seat.objects.of_secretary(user).filter(forum=forum).exists()


def keeps_a_forum(user: Any) -> bool:
    """Whether the user is the secretary of any."""
    return Seat.objects.of_secretary(user).exists()


def can_name_secretary(user: Any, forum: Forum) -> bool:
    """Coordinators of the network or of the authority's hub may; a secretary does not appoint the next one."""
    standing = standing_of(user)
    return standing.coordinator or forum.authority.hub_id in standing.hubs


@pair(Seat, "editable_by")
def can_edit_seat(user: Any, seat: Seat) -> bool:
    """People who may edit the forum may; for a secretary's seat, people who may appoint secretaries."""
    if seat.role == SeatRole.SECRETARY:
        return can_name_secretary(user, seat.forum)
    return can_edit_forum(user, seat.forum)


def sits_in(user: Any, forum: Forum) -> bool:
    """Whether the user or one of their organisations holds a seat today."""
    standing = standing_of(user)
    return any(
        (seat.person_id is not None and seat.person_id == standing.person)
        or seat.organisation_id in standing.organisations
        for seat in forum.seats.standing()
    )


@pair(Forum, "visible_to")
def can_see_forum(user: Any, forum: Forum) -> bool:
    """Its mode decides; its members and people who may edit it always may."""
    standing = standing_of(user)
    if standing.coordinator or forum.access in standing.modes:
        return True
    return standing.person is not None and (sits_in(user, forum) or can_edit_forum(user, forum))


@pair(Meeting, "visible_to")
def can_see_meeting(user: Any, meeting: Meeting) -> bool:
    """Its mode decides, and the user must be able to see the forum."""
    if not can_see_forum(user, meeting.forum):
        return False
    standing = standing_of(user)
    if standing.coordinator or meeting.access in standing.modes:
        return True
    return sits_in(user, meeting.forum) or can_edit_forum(user, meeting.forum)


@pair(Decision, "visible_to")
def can_see_decision(user: Any, decision: Decision) -> bool:
    """As its meeting."""
    return can_see_meeting(user, decision.meeting)


@pair(Priority, "visible_to")
def can_see_priority(user: Any, priority: Priority) -> bool:
    """Its mode decides; if closed, people who speak for the authority or sit in the forum may."""
    standing = standing_of(user)
    if standing.coordinator or priority.access in standing.modes:
        return True
    if standing.person is None:
        return False
    return can_edit_authority(user, priority.authority) or (
        priority.forum is not None and sits_in(user, priority.forum)
    )
