"""Actions on events: each is a verb, `by` a user."""

from .event.actions.events import (
    cancel_event,
    cancelling_fault,
    change_event,
    create_event,
    event_faults,
    publish_event,
    waive_report,
    what_is_missing,
)
from .event.actions.grants import add_grant, create_grant, tie_grant, untie_grant
from .event.actions.parties import add_delegations, add_party, remove_delegation, remove_party
from .hours.actions import hours_in_words
from .letters.actions.letters import mailing_of_cancellation, mailing_of_reinstatement, mailing_of_removal
from .letters.actions.turns import see_turned
from .people.actions.answers import (
    answer,
    guest_purposes,
    has_ended,
    has_way_in,
    holder_of,
    may_answer,
    opens,
    save_consents,
)
from .people.actions.guests import correct_guest, has_spoken
from .people.actions.people import (
    add_participant,
    add_participants,
    cancel_participation,
    change_participation,
    invitations,
    invite,
    mark_attended,
    renew_invitation,
    to_be_invited,
)
from .people.actions.personal import erase_person, export_person
from .programme.actions import add_part, add_session, change_session, delete_session, remove_part, session_faults

__all__ = [
    "add_delegations",
    "add_grant",
    "add_part",
    "add_participant",
    "add_participants",
    "add_party",
    "add_session",
    "answer",
    "cancel_event",
    "cancel_participation",
    "cancelling_fault",
    "change_event",
    "change_participation",
    "change_session",
    "correct_guest",
    "create_event",
    "create_grant",
    "delete_session",
    "erase_person",
    "event_faults",
    "export_person",
    "guest_purposes",
    "has_ended",
    "has_spoken",
    "has_way_in",
    "holder_of",
    "hours_in_words",
    "invitations",
    "invite",
    "mailing_of_cancellation",
    "mailing_of_reinstatement",
    "mailing_of_removal",
    "mark_attended",
    "may_answer",
    "opens",
    "publish_event",
    "remove_delegation",
    "remove_part",
    "remove_party",
    "renew_invitation",
    "save_consents",
    "see_turned",
    "session_faults",
    "tie_grant",
    "to_be_invited",
    "untie_grant",
    "waive_report",
    "what_is_missing",
]
