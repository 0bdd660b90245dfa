"""The forms of plans: the only way in."""

from .activities import ActivityChangeForm, ActivityForm, ProgressForm, objective_choices
from .indicators import IndicatorChangeForm, IndicatorForm, MeasurementChangeForm, MeasurementForm
from .parts import ObjectiveChangeForm, ObjectiveForm, PillarChangeForm, PillarForm
from .plans import PlanChangeForm, PlanForm

__all__ = [
    "ActivityChangeForm",
    "ActivityForm",
    "IndicatorChangeForm",
    "IndicatorForm",
    "MeasurementChangeForm",
    "MeasurementForm",
    "ObjectiveChangeForm",
    "ObjectiveForm",
    "PillarChangeForm",
    "PillarForm",
    "PlanChangeForm",
    "PlanForm",
    "ProgressForm",
    "objective_choices",
]
