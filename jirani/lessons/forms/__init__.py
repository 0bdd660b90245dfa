"""The only way in for notes and lessons."""

from .lessons import LessonChangeForm, LessonForm
from .notes import AttributionForm, NarrowForm, NoteChangeForm, NoteForm, meanings

__all__ = [
    "AttributionForm",
    "LessonChangeForm",
    "LessonForm",
    "NarrowForm",
    "NoteChangeForm",
    "NoteForm",
    "meanings",
]
