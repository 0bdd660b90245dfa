"""The only way in for notes and lessons."""

from .answers import EndorsementForm, ResponseChangeForm, ResponseForm
from .lessons import LessonChangeForm, LessonForm
from .notes import AttributionForm, NarrowForm, NoteChangeForm, NoteForm, meanings
from .reviewing import ReviewForm

__all__ = [
    "AttributionForm",
    "EndorsementForm",
    "LessonChangeForm",
    "LessonForm",
    "NarrowForm",
    "NoteChangeForm",
    "NoteForm",
    "ResponseChangeForm",
    "ResponseForm",
    "ReviewForm",
    "meanings",
]
