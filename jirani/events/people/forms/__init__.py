"""Forms of the people of an event: put on the list, invited, marked as present, and what they answer themselves."""

from .answers import AnswerForm, AttendanceForm, InviteForm, RenewForm, SeenForm
from .lines import read_lines
from .participants import GuestForm, ParticipantForm, ParticipationForm, delegation_choices
from .several import ParticipantsForm, added_sentence

__all__ = [
    "AnswerForm",
    "AttendanceForm",
    "GuestForm",
    "InviteForm",
    "ParticipantForm",
    "ParticipantsForm",
    "ParticipationForm",
    "RenewForm",
    "SeenForm",
    "added_sentence",
    "delegation_choices",
    "read_lines",
]
