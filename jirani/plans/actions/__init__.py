"""What is done with plans, their chapters and their activities."""

from .activities import Links, add_activity, day_fault, edit_activity, set_activity_progress
from .parts import add_part, edit_part, move_part, remove_part
from .plans import change_plan, create_plan, place_faults, remove_plan

__all__ = [
    "Links",
    "add_activity",
    "add_part",
    "change_plan",
    "create_plan",
    "day_fault",
    "edit_activity",
    "edit_part",
    "move_part",
    "place_faults",
    "remove_part",
    "remove_plan",
    "set_activity_progress",
]
