from django.apps import AppConfig

from jirani.core.registry import register_personal


class CommitmentsConfig(AppConfig):
    name = "jirani.commitments"
    label = "commitments"

    def ready(self) -> None:
        """Take part when a person is exported or erased."""
        from .actions.people import erase_person, export_person

        register_personal(self.label, export=export_person, erase=erase_person)
