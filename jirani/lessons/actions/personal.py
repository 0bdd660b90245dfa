"""Personal data in lessons and notes: its export, and its erasure, which leaves the person's contributions."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.query import QuerySet

from jirani.lessons.models import Lesson, Note
from jirani.members.models import Person

from .notes import let_speaker_go


def export_person(person: Person) -> dict[str, Any]:
    """Notes that the person spoke or typed, as far as any link is left, and lessons they wrote."""
    return {
        "notes_spoken": [
            {"text": note.text, "session": note.session.title, "attribution": note.attribution}
            for note in Note.objects.filter(speaker=person).select_related("session")
        ],
        "notes_typed": [
            {"text": note.text, "session": note.session.title}
            for note in Note.objects.filter(typist=person).select_related("session")
        ],
        "lessons_written": [
            {"title": lesson.title, "state": lesson.state} for lesson in Lesson.objects.filter(writer=person)
        ],
    }


def erase_person(person: Person) -> None:
    """Remove the person from notes and lessons. What they allowed to be said about their organisation or city stays."""
    Lesson.objects.filter(writer=person).update(writer=None)
    Note.objects.filter(typist=person).update(typist=None)
    for note in (
        Note.objects.filter(speaker=person).select_related("session").order_by("session__event", "session", "pk")
    ):
        let_speaker_go(note)


def has_attributed(person: Person) -> bool:
    """Whether the person has said of a note how it is attributed, as far as any link is left."""
    return Note.objects.filter(speaker=person, attributed_at__isnull=False).exists()


def keep(before: date) -> QuerySet[Person]:
    """Return people who said or typed a note on that day or later, or decided then how one is attributed, perhaps without an account."""
    said = Note.objects.filter(Q(created_at__date__gte=before) | Q(attributed_at__date__gte=before))
    return Person.objects.filter(Q(pk__in=said.values("speaker")) | Q(pk__in=said.values("typist")))
