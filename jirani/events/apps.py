from django.apps import AppConfig

from jirani.core.registry import register_personal


class EventsConfig(AppConfig):
    name = "jirani.events"
    label = "events"

    def ready(self) -> None:
        """Take part when a person is exported or erased."""
        from .actions import erase_person, export_person

        register_personal(self.label, export=export_person, erase=erase_person)
