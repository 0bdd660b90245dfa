"""The forms of plans: the only way in."""

from .activities import ActivityChangeForm, ActivityForm, ProgressForm, objective_choices
from .parts import ObjectiveChangeForm, ObjectiveForm, PillarChangeForm, PillarForm
from .plans import PlanChangeForm, PlanForm

__all__ = [
    "ActivityChangeForm",
    "ActivityForm",
    "ObjectiveChangeForm",
    "ObjectiveForm",
    "PillarChangeForm",
    "PillarForm",
    "PlanChangeForm",
    "PlanForm",
    "ProgressForm",
    "objective_choices",
]
