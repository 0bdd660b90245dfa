from django.apps import AppConfig, apps

from jirani.changes.registry import listen, watch


class TranslationConfig(AppConfig):
    name = "jirani.translation"
    label = "translation"

    def ready(self) -> None:
        """Follow records that have texts, so that translations and sort keys are deleted and updated with them."""
        from .actions import follow
        from .models import TranslatableModel

        place = ("content_type", "object_id", "language")
        watch("translation.Translation", state=(*place, "field", "state"), unread=("reviewer", "updated_at"))
        watch("translation.SortKey", state=place)
        with_texts = [model._meta.label for model in apps.get_models() if issubclass(model, TranslatableModel)]
        listen("translation", follow, "translation.Translation", *with_texts)
