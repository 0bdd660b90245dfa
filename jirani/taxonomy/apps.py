from django.apps import AppConfig

from jirani.changes.registry import watch
from jirani.core.constraints import register_rules


class TaxonomyConfig(AppConfig):
    name = "jirani.taxonomy"
    label = "taxonomy"

    def ready(self) -> None:
        """Say what holds between its records, and have their changes told."""
        from .rules import RULES

        register_rules(*RULES)
        watch("taxonomy.Theme", "taxonomy.Driver", "taxonomy.Goal", "taxonomy.Target")
