"""The demo's translations: drafted by a person, not yet checked by a native speaker. Written all at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType

from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel, Translation, source_hash

type_place = tuple[int, int, str, str]


class Translations:
    """What the files say in other languages than the records' own."""

    def __init__(self) -> None:
        self._wanted: dict[type_place, Translation] = {}

    def want(self, record: TranslatableModel, field: str, texts: Any) -> None:
        """Take note of a field's table of languages; plain text has no translations."""
        if not isinstance(texts, Mapping):
            return
        kind = ContentType.objects.get_for_model(record).pk
        origin = source_hash(getattr(record, field))
        for language, body in texts.items():
            if language != record.language:
                self._wanted[kind, record.pk, field, language] = Translation(
                    content_type_id=kind,
                    object_id=record.pk,
                    field=field,
                    language=language,
                    body=body.strip(),
                    state=TranslationState.DRAFTED,
                    source_hash=origin,
                )

    def write(self) -> int:
        """Make the missing ones and change the drafted ones that differ; what was reviewed since stays. Returns how many."""
        known = {
            (row.content_type_id, row.object_id, row.field, row.language): row
            for row in Translation.objects.filter(content_type__in={place[0] for place in self._wanted})
        }
        Translation.objects.bulk_create(row for place, row in self._wanted.items() if place not in known)
        for place, row in self._wanted.items():
            old = known.get(place)
            if old is not None and old.state == TranslationState.DRAFTED and old.body != row.body:
                old.body, old.source_hash = row.body, row.source_hash
                old.save(update_fields=["body", "source_hash", "updated_at"])
        return len(self._wanted)
