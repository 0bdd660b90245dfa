"""What can be done with notes and lessons."""

from .lessons import edit_lesson, modes_within, publish_lesson, untold_fault, withdraw_lesson, write_lesson
from .notes import (
    attribute_note,
    edit_note,
    forget_people,
    narrow_note,
    narrower_attributions,
    open_attributions,
    withdraw_note,
    write_note,
)

__all__ = [
    "attribute_note",
    "edit_lesson",
    "edit_note",
    "forget_people",
    "modes_within",
    "narrow_note",
    "narrower_attributions",
    "open_attributions",
    "publish_lesson",
    "untold_fault",
    "withdraw_lesson",
    "withdraw_note",
    "write_lesson",
    "write_note",
]
