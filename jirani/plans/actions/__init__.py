"""What is done with plans, their chapters and their activities."""

from .activities import Links, add_activity, day_fault, edit_activity, set_activity_progress
from .indicators import (
    add_indicator,
    add_measurement,
    edit_indicator,
    edit_measurement,
    remove_indicator,
    remove_measurement,
)
from .parts import add_part, edit_part, move_part, remove_part
from .plans import change_plan, create_plan, plan_faults, remove_plan, what_is_missing

__all__ = [
    "Links",
    "add_activity",
    "add_indicator",
    "add_measurement",
    "add_part",
    "change_plan",
    "create_plan",
    "day_fault",
    "edit_activity",
    "edit_indicator",
    "edit_measurement",
    "edit_part",
    "move_part",
    "plan_faults",
    "remove_indicator",
    "remove_measurement",
    "remove_part",
    "remove_plan",
    "set_activity_progress",
    "what_is_missing",
]
