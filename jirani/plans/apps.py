from django.apps import AppConfig

from jirani.core.constraints import register_rules


class PlansConfig(AppConfig):
    name = "jirani.plans"
    label = "plans"

    def ready(self) -> None:
        """Say what holds between its records."""
        from .rules import RULES

        register_rules(*RULES)
