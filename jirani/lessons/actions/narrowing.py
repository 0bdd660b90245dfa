"""A room's mode narrowed after lessons were made in it: none of them stays wider than the room."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from jirani.audit.actions import record
from jirani.core.enums import AccessMode, wider_than
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson, LessonQuerySet, Note, NoteQuerySet
from jirani.ui.text import number

from .notes import stop_asking_speaker
from .telling import authorities_named_by


def _lessons_of(room: Event | Session) -> LessonQuerySet:
    if isinstance(room, Session):
        return Lesson.objects.filter(session=room)
    return Lesson.objects.filter(Q(event=room) | Q(session__event=room))


def _notes_of(room: Event | Session) -> NoteQuerySet:
    return Note.objects.filter(session=room) if isinstance(room, Session) else Note.objects.filter(session__event=room)


def foresee(room: Event | Session, access: str) -> Iterator[str]:
    """Say what else follows if an event or a session is narrowed to `access`."""
    shown = _lessons_of(room).published().filter(access__in=wider_than(access)).count()
    closed = access == AccessMode.CLOSED
    if shown and closed:
        yield ngettext(
            "%(shown)s published lesson will be shown to the people of the event only, without the city it comes from.",
            "%(shown)s published lessons will be shown to the people of the event only, without the cities they come from.",
            shown,
        ) % {"shown": number(shown)}
    elif shown:
        yield ngettext(
            "%(shown)s published lesson will be shown to the network only.",
            "%(shown)s published lessons will be shown to the network only.",
            shown,
        ) % {"shown": number(shown)}
    waiting = _notes_of(room).waiting().count() if closed else 0
    if waiting:
        yield ngettext(
            "%(shown)s note is waiting for its speaker’s decision. The speaker will no longer be asked: the link to them is deleted and cannot be "
            "restored.",
            "%(shown)s notes are waiting for their speakers’ decisions. The speakers will no longer be asked: the links to them are deleted and "
            "cannot be restored.",
            waiting,
        ) % {"shown": number(waiting)}


def follow(room: Event | Session, by: Any) -> None:
    """Narrow the lessons of an event or a session, including drafts. If it is closed, they no longer reveal the speaker or the city."""
    lessons = _lessons_of(room)
    if room.access == AccessMode.CLOSED:
        # The notes first: below, a lesson keeps only the cities that its notes still name.
        for note in _notes_of(room).waiting().select_for_update(of=("self",)).order_by("pk"):
            stop_asking_speaker(note)
    for lesson in lessons.filter(access__in=wider_than(room.access)).select_for_update(of=("self",)).order_by("pk"):
        lesson.access = room.access
        lesson.save(update_fields=["access", "updated_at"])
        record("lessons.narrow_lesson", lesson, by=by, access=room.access)
    if room.access == AccessMode.CLOSED:
        for lesson in lessons.prefetch_related("notes", "authorities"):
            told = authorities_named_by(lesson.notes.all())
            lesson.authorities.remove(*(one for one in lesson.authorities.all() if one.pk not in told))
