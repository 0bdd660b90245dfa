"""The forms of events: the only way in."""

from .events import DelegationForm, EventCreateForm, EventEditForm, PartyForm, StateForm
from .grants import GrantForm
from .narrowing import NarrowingForm
from .participants import (
    AnswerForm,
    AttendanceForm,
    GuestForm,
    InviteForm,
    ParticipantForm,
    ParticipantsForm,
    ParticipationForm,
    RenewForm,
    SeenForm,
)
from .sessions import PartForm, SessionCreateForm, SessionEditForm

__all__ = [
    "AnswerForm",
    "AttendanceForm",
    "DelegationForm",
    "EventCreateForm",
    "EventEditForm",
    "GrantForm",
    "GuestForm",
    "InviteForm",
    "NarrowingForm",
    "PartForm",
    "ParticipantForm",
    "ParticipantsForm",
    "ParticipationForm",
    "PartyForm",
    "RenewForm",
    "SeenForm",
    "SessionCreateForm",
    "SessionEditForm",
    "StateForm",
]
