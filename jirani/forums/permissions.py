"""Who may do what with forums."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import LocalAuthority, standing_of
from jirani.members.permissions import can_edit_authority

from .enums import SeatRole
from .models import Forum, Priority, Seat


@pair(Forum, "editable_by")
def can_edit_forum(user: Any, forum: Forum) -> bool:
    """Its secretary, its authority's focal points and the coordinators may."""
    if can_edit_authority(user, forum.authority):
        return True
    return Seat.objects.of_secretary(user).filter(forum=forum).exists()


def writes_for(user: Any, authority: LocalAuthority) -> bool:
    """People who speak for the authority may say what matters to it and make its plans, and so may the secretary of one of its forums."""
    return can_edit_authority(user, authority) or Forum.objects.editable_by(user).filter(authority=authority).exists()


@pair(Priority, "editable_by")
def can_edit_priority(user: Any, priority: Priority) -> bool:
    """People who speak for its authority may, and those who may edit the forum that set it."""
    return can_edit_authority(user, priority.authority) or (
        priority.forum is not None and can_edit_forum(user, priority.forum)
    )


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
