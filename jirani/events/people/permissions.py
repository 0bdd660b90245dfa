"""Who may see and correct who takes part."""

from typing import Any

from jirani.core.permissions import pair
from jirani.events.event.permissions import can_edit_event
from jirani.events.models import Participation


@pair(Participation, "correctable_by")
def can_correct_guest(user: Any, participation: Participation) -> bool:
    """People who run all of a guest's events may. Somebody with an account or a post corrects their own data."""
    person = participation.person
    if person is None or person.user_id is not None:
        return False
    if any(held.exists() for held in (person.tenures, person.network_roles, person.forum_seats)):
        return False
    parts = [participation, *person.participations.select_related("event")]
    return all(can_edit_event(user, part.event) for part in parts)


def speaks_alone(participation: Participation) -> bool:
    """Whether a participation's link alone says who somebody is. Who has an account signs in for what outlasts the event."""
    return participation.person is not None and participation.person.user_id is None
