from django.apps import AppConfig

from jirani.changes.registry import watch
from jirani.core.constraints import register_rules


class PlansConfig(AppConfig):
    name = "jirani.plans"
    label = "plans"

    def ready(self) -> None:
        """Say what holds between its records, and have their changes told."""
        from .enums import PlanState
        from .rules import RULES

        register_rules(*RULES)
        adopted = [{"access": "public", "state": state} for state in PlanState.values if state != PlanState.DRAFT]
        watch("plans.ActionPlan", state=("access", "state"), shown=adopted)
        watch("plans.Activity", state=("status",))
        watch("plans.Pillar", "plans.Objective", "plans.Indicator", "plans.Measurement")
