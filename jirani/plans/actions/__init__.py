"""What is done with plans, their chapters and their activities."""

from .activities import Links, add_activity, edit_activity, set_activity_progress
from .parts import add_part, edit_part, move_part, remove_part
from .plans import change_plan, create_plan, remove_plan

__all__ = [
    "Links",
    "add_activity",
    "add_part",
    "change_plan",
    "create_plan",
    "edit_activity",
    "edit_part",
    "move_part",
    "remove_part",
    "remove_plan",
    "set_activity_progress",
]
