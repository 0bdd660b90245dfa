from django.apps import AppConfig

from jirani.core.registry import register_personal


class ForumsConfig(AppConfig):
    name = "jirani.forums"
    label = "forums"

    def ready(self) -> None:
        """Take part when a person is exported, erased or forgotten."""
        from .actions import erase_person, export_person, forget, keep

        register_personal(self.label, export=export_person, erase=erase_person, forget=forget, keep=keep)
