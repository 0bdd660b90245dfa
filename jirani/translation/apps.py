from django.apps import AppConfig

from jirani.changes.registry import listen, watch


class TranslationConfig(AppConfig):
    name = "jirani.translation"
    label = "translation"

    def ready(self) -> None:
        """Follow records that have texts, so that translations and sort keys are deleted and updated with them."""
        from .actions import follow
        from .models import translatable_models

        place = ("content_type", "object_id", "language")
        watch("translation.Translation", state=(*place, "field", "state"), unread=("reviewer", "updated_at"))
        watch("translation.SortKey", state=place)
        listen(
            "translation", follow, "translation.Translation", *(model._meta.label for model in translatable_models())
        )
