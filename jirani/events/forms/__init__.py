"""The forms of events: the only way in."""

from .events import DelegationForm, EventCreateForm, EventEditForm, PartyForm, StateForm
from .participants import (
    AnswerForm,
    AttendanceForm,
    InviteForm,
    ParticipantForm,
    ParticipantsForm,
    ParticipationForm,
)
from .sessions import PartForm, SessionCreateForm, SessionEditForm

__all__ = [
    "AnswerForm",
    "AttendanceForm",
    "DelegationForm",
    "EventCreateForm",
    "EventEditForm",
    "InviteForm",
    "PartForm",
    "ParticipantForm",
    "ParticipantsForm",
    "ParticipationForm",
    "PartyForm",
    "SessionCreateForm",
    "SessionEditForm",
    "StateForm",
]
