from django.apps import AppConfig

from jirani.core.registry import register_personal


class MembersConfig(AppConfig):
    name = "jirani.members"
    label = "members"

    def ready(self) -> None:
        """Take part when a person is exported or erased."""
        from .actions import erase_own, export_own

        register_personal(self.label, export=export_own, erase=erase_own)
