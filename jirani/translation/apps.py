from django.apps import AppConfig

from jirani.changes.registry import watch


class TranslationConfig(AppConfig):
    name = "jirani.translation"
    label = "translation"

    def ready(self) -> None:
        """Have it told when a record is translated, or sorts elsewhere."""
        place = ("content_type", "object_id", "language")
        watch("translation.Translation", state=(*place, "field", "state"), unread=("reviewer", "updated_at"))
        watch("translation.SortKey", state=place)
