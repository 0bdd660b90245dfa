from django.apps import AppConfig

from jirani.core.registry import register_personal
from jirani.core.sheets import register_importer


class MembersConfig(AppConfig):
    name = "jirani.members"
    label = "members"

    def ready(self) -> None:
        """Take part when a person is exported, erased or forgotten; say what can come in a spreadsheet."""
        from .actions import erase_own, export_own, forget, keep
        from .importers import MEMBERS

        register_personal(self.label, export=export_own, erase=erase_own, forget=forget, keep=keep)
        register_importer(MEMBERS)
