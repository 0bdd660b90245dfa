"""Who may do what with notes and lessons."""

from typing import Any

from jirani.core.enums import Publication
from jirani.core.permissions import pair
from jirani.events.models import Participation
from jirani.events.permissions import belongs_to, can_edit_event, can_note_session, speaks_alone
from jirani.members.models import Person, standing_of

from .models import Lesson, Note


def _is(person: Person | None, user: Any) -> bool:
    return person is not None and person.user_id is not None and person.user_id == getattr(user, "pk", None)


@pair(Note, "attributable_by")
def can_attribute_note(user: Any, note: Note) -> bool:
    """Its speaker alone."""
    return _is(note.speaker, user)


def is_speaker(by: Any, note: Note) -> bool:
    """Whether `by` spoke a note: a user, or the participation whose link somebody without an account holds, in its event alone."""
    if isinstance(by, Participation):
        own = note.speaker_id is not None and note.speaker_id == by.person_id
        return own and note.session.event_id == by.event_id and speaks_alone(by)
    return can_attribute_note(by, note)


@pair(Note, "editable_by")
def can_edit_note(user: Any, note: Note) -> bool:
    """Its session's keepers and its typist."""
    return _is(note.typist, user) or can_note_session(user, note.session)


@pair(Note, "visible_to")
def can_see_note(user: Any, note: Note) -> bool:
    """Its session's keepers, its speaker and its typist."""
    return can_attribute_note(user, note) or can_edit_note(user, note)


@pair(Lesson, "editable_by")
def can_edit_lesson(user: Any, lesson: Lesson) -> bool:
    """Its writer, the keepers of its session, those who may edit its event, and editors."""
    return (
        standing_of(user).editor
        or _is(lesson.writer, user)
        or (lesson.session is not None and can_note_session(user, lesson.session))
        or (lesson.event is not None and can_edit_event(user, lesson.event))
    )


@pair(Lesson, "visible_to")
def can_see_lesson(user: Any, lesson: Lesson) -> bool:
    """Published ones by mode or as one of the event's people; others for those who may edit them."""
    if can_edit_lesson(user, lesson):
        return True
    if lesson.state != Publication.PUBLISHED:
        return False
    return lesson.access in standing_of(user).modes or (lesson.event is not None and belongs_to(user, lesson.event))


def can_write_lesson(user: Any) -> bool:
    """Whether the user may share a lesson that was not told in a session: coordinators, editors and focal points."""
    standing = standing_of(user)
    return standing.coordinates or standing.editor or bool(standing.focal_organisations)
