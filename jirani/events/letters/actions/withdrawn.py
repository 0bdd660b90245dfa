"""Letters to an event's people that wait when it is called off, held after all or gone, or when they lose their place."""

from collections.abc import Sequence

from jirani.changes.registry import Change, Kind
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.notifications.actions import number_in, withdraw
from jirani.notifications.models import Message

from .letters import CHANGED, TOLD
from .turns import ANSWERS


def follow(changes: Sequence[Change]) -> None:
    """Leave unsent whatever no longer holds of an event or of somebody's place in it."""
    stirred = [one for one in changes if one.kind == Kind.GONE or not one.fields.isdisjoint({"state", "person"})]
    withdraw(stirred, *STANDS)


def _state(message: Message) -> str:
    found = Event.objects.filter(pk=number_in(message, "events.event")).values_list("state", flat=True).first()
    return str(found or "")


def _is_awaited(message: Message) -> bool:
    return _state(message) not in {"", EventState.CANCELLED}


def _is_held(message: Message) -> bool:
    """Tell whether the event takes place and the recipient still has a place or an open invitation."""
    return _is_awaited(message) and _has_place(message)


def _is_off(message: Message) -> bool:
    """Tell whether the event is cancelled and the recipient had a place or an open invitation."""
    return _state(message) == EventState.CANCELLED and _has_place(message)


def _has_place(message: Message) -> bool:
    """Tell whether the owner of the address that the letter goes to still has a place or an open invitation."""
    there = Participation.objects.filter(pk=number_in(message, "events.participation"), person__email=message.to)
    return there.filter(state__in=[*TOLD, ParticipationState.ATTENDED]).exists()


#: By kind, whether a letter may still be sent.
STANDS = {"events.invitation": _is_held, CHANGED: _is_held, "events.cancelled": _is_off, ANSWERS: _is_awaited}
