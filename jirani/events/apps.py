from django.apps import AppConfig

from jirani.core.constraints import register_rules
from jirani.core.registry import register_personal


class EventsConfig(AppConfig):
    name = "jirani.events"
    label = "events"

    def ready(self) -> None:
        """Take part when a person is exported, erased or forgotten."""
        from .actions.personal import erase_person, export_person, forget, keep
        from .rules import RULES

        register_rules(*RULES)
        register_personal(self.label, export=export_person, erase=erase_person, forget=forget, keep=keep)
