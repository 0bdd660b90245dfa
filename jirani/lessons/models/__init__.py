"""What was learned: notes as typed in a session, and the lessons made of them."""

from .answers import Endorsement, Response
from .lessons import Lesson, LessonQuerySet
from .notes import Note, NoteQuerySet, session_time

__all__ = ["Endorsement", "Lesson", "LessonQuerySet", "Note", "NoteQuerySet", "Response", "session_time"]
