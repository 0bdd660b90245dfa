"""What can be done with notes and lessons."""

from .answers import (
    answer_recommendation,
    edit_response,
    endorse_lesson,
    withdraw_endorsement,
    withdraw_response,
)
from .checking import check_lessons
from .lessons import (
    cities_fault,
    edit_lesson,
    lesson_modes,
    modes_within,
    publish_lesson,
    what_is_missing,
    withdraw_lesson,
    write_lesson,
)
from .notes import (
    attribute_note,
    edit_note,
    narrow_note,
    narrower_attributions,
    open_attributions,
    unlink_people,
    withdraw_note,
    write_note,
)
from .reviewing import review_lesson
from .scattering import scatter_nightly, scatter_notes

__all__ = [
    "answer_recommendation",
    "attribute_note",
    "check_lessons",
    "cities_fault",
    "edit_lesson",
    "edit_note",
    "edit_response",
    "endorse_lesson",
    "lesson_modes",
    "modes_within",
    "narrow_note",
    "narrower_attributions",
    "open_attributions",
    "publish_lesson",
    "review_lesson",
    "scatter_nightly",
    "scatter_notes",
    "unlink_people",
    "what_is_missing",
    "withdraw_endorsement",
    "withdraw_lesson",
    "withdraw_note",
    "withdraw_response",
    "write_lesson",
    "write_note",
]
