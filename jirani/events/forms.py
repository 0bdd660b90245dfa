"""The forms of events: the only way in."""

from .event.forms.events import DelegationForm, EventCreateForm, EventEditForm, PartyForm, StateForm
from .event.forms.grants import GrantForm
from .event.forms.narrowing import NarrowingForm
from .people.forms import (
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
from .programme.forms import PartForm, SessionCreateForm, SessionEditForm

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
