"""One order of locks for whatever is done with notes and lessons: people, the event, the session, its notes, lessons.

Everybody who changes how a note is attributed, or what is made of it, holds its room first. So whoever saves a lesson reads each
speaker's word as it is when the lesson is saved, and whoever changes their word finds every lesson that was made of it.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.core.permissions import require
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson, Note
from jirani.members.models import Person


def hold_people(people: Iterable[Person | None]) -> None:
    """Let none of them be erased before the transaction ends."""
    keys = [person.pk for person in people if person is not None]
    # `no_key`: others may still save rows that point at these people; only whoever changes or erases them waits.
    list(Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))


def hold_session(session: Session, *, alone: bool = False, by: User | None = None) -> Session:
    """The session as it is now, with its event: whoever closes either at the same moment waits, and finds what was made in it.

    `alone`: the event is not kept from changing, for what its mode does not bound; otherwise all who type at an event would wait for one
    another. `by`: whoever must keep its record, asked in the same statement. Raises ValidationError for one that is gone.
    """
    if not alone:
        Event.objects.select_for_update(of=("self",), no_key=True).get(pk=session.event_id)
    rows = Session.objects.noted_by(by) if by else Session.objects.all()
    held = rows.select_for_update(of=("self",), no_key=True).select_related("event").filter(pk=session.pk).first()
    if held is None:
        require(by is None or not Session.objects.filter(pk=session.pk).exists())
        raise ValidationError(_("This session has since been removed from the programme."))
    return held


def hold_occasion(lesson: Lesson) -> None:
    """Read and lock the event and the session of a lesson, whose modes limit its own, until the transaction ends."""
    if lesson.session is not None:
        lesson.session = hold_session(lesson.session)
        lesson.event = lesson.session.event
    elif lesson.event_id:
        lesson.event = Event.objects.select_for_update(of=("self",), no_key=True).get(pk=lesson.event_id)


def hold_note(note: Note) -> Note:
    """Lock the note and its session, and return the note as it is now. Raises ValidationError if it has been withdrawn meanwhile."""
    session = hold_session(note.session)
    held = Note.objects.select_for_update(of=("self",)).select_related("speaker").filter(pk=note.pk).first()
    if held is None:
        raise ValidationError(_("This note has since been withdrawn."))
    held.session = session
    return held
