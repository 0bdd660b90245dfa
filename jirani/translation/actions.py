"""Keep texts in other languages and the order of names in every language.

Whether a person may translate a record is asked by the action that calls this one: this app does not know the domain.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from jirani.accounts.models import User
from jirani.changes.registry import Change, Kind
from jirani.language.collation import collation_version, sort_key

from .enums import TranslationState
from .models import SortKey, TranslatableModel, Translation, source_hash

#: Records whose sort keys are made in one transaction.
STEP = 500


@transaction.atomic
def save_translation(
    record: TranslatableModel,
    field: str,
    language: str,
    body: str,
    *,
    state: str = TranslationState.DRAFTED,
    by: Any = None,
    engine: str = "",
) -> Translation | None:
    """Keep `body` as the text of `field` in `language`; an empty one deletes the translation.

    A machine's text never replaces a person's: that one is kept and returned. Raises ValueError for a field that is not
    translatable and for the record's own language.
    """
    if field not in record.translatable_fields:
        raise ValueError(f"{type(record).__name__}.{field} is not translatable.")
    if language == record.language:
        raise ValueError(f"{record!r} is written in {language!r}: change the record itself.")
    place = {"content_type": _type_of(record), "object_id": record.pk, "language": language, "field": field}
    return _write(place, record, body.strip(), state=state, by=by, engine=engine)


def _write(
    place: dict[str, Any], record: TranslatableModel, body: str, *, state: str, by: Any, engine: str
) -> Translation | None:
    if state == TranslationState.MACHINE:  # never over a person's work
        kept = Translation.objects.filter(**place).exclude(state=TranslationState.MACHINE).first()
        if kept is not None:
            return kept
    if not body:
        Translation.objects.filter(**place).delete()
        return None
    reviewed = state == TranslationState.REVIEWED
    saved, _ = Translation.objects.update_or_create(
        **place,
        defaults={
            "body": body,
            "state": state,
            "engine": engine if state == TranslationState.MACHINE else "",
            "reviewer": by if reviewed and isinstance(by, User) else None,
            "source_hash": source_hash(getattr(record, place["field"])),
        },
    )
    return saved


def confirm_translations(record: TranslatableModel, field: str) -> None:
    """The translations of a field are right for its text as it is now: somebody has just saved both together."""
    here = Translation.objects.of(record).filter(field=field)
    here.update(source_hash=source_hash(getattr(record, field)))


def update_sort_keys(record: TranslatableModel, names_by_language: Mapping[str, str]) -> None:
    """Let the record sort by these names in lists of these languages."""
    content_type = _type_of(record)
    SortKey.objects.bulk_create(
        [
            SortKey(
                content_type=content_type,
                object_id=record.pk,
                language=language,
                key=sort_key(name, language),
                version=collation_version(language),
            )
            for language, name in names_by_language.items()
        ],
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "language"],
        update_fields=["key", "version"],
    )


def refresh_sort_keys(*records: TranslatableModel) -> None:
    """Make the sort keys of records, all of one model, in every language of the interface."""
    if not records:
        return
    content_type, field = _type_of(records[0]), records[0].sorted_by
    translated = {
        (number, language): body
        for number, language, body in Translation.objects.filter(
            content_type=content_type, object_id__in=[record.pk for record in records], field=field
        ).values_list("object_id", "language", "body")
    }
    for record in records:
        own = getattr(record, field)
        names = {code: translated.get((record.pk, code), own) for code, _ in settings.LANGUAGES}
        update_sort_keys(record, {**names, record.language: own})


def follow(changes: Sequence[Change]) -> None:
    """Delete what a deleted record leaves behind, and renew the sort keys of records whose name has changed in any language."""
    gone: dict[type[models.Model], set[int]] = defaultdict(set)
    renamed: dict[type[models.Model], set[int]] = defaultdict(set)
    for change in changes:
        if change.model is Translation:  # a translated name has its own place in its language's alphabet
            held = change.after or change.before
            model = ContentType.objects.get_for_id(held["content_type"]).model_class()
            if model is not None and held["field"] == getattr(model, "sorted_by", ""):
                renamed[model].add(held["object_id"])
        elif change.kind == Kind.GONE:
            gone[change.model].add(change.pk)
        elif _sorts_anew(change):
            renamed[change.model].add(change.pk)
    for model, numbers in gone.items():
        _delete_texts(model, numbers)
    for model, numbers in renamed.items():
        rows: Iterable[Any] = model._base_manager.filter(pk__in=numbers - gone[model]).order_by("pk")
        refresh_sort_keys(*rows)


def _sorts_anew(change: Change) -> bool:
    field: str = getattr(change.model, "sorted_by", "")
    return bool(field) and (change.kind == Kind.MADE or not change.fields.isdisjoint({field, "language"}))


def _delete_texts(model: type[models.Model], numbers: set[int]) -> None:
    place = {"content_type": ContentType.objects.get_for_model(model), "object_id__in": numbers}
    Translation.objects.filter(**place).delete()
    if getattr(model, "sorted_by", ""):
        SortKey.objects.filter(**place).delete()


def renew_sort_keys(*, every: bool = False) -> int:
    """Renew keys made by another version of the collation, or every key of every record. Returns how many records were renewed.

    Each step is a separate transaction, so that after an interruption the next call finds the rest.
    """
    keys = SortKey.objects.all() if every else SortKey.objects.of_other_versions()
    waiting: dict[int, set[int]] = defaultdict(set)
    for content_type, number in keys.values_list("content_type", "object_id"):
        waiting[content_type].add(number)
    return sum(
        _renew(ContentType.objects.get_for_id(content_type), sorted(numbers)[start : start + STEP])
        for content_type, numbers in waiting.items()
        for start in range(0, len(numbers), STEP)
    )


@transaction.atomic
def _renew(content_type: ContentType, numbers: list[int]) -> int:
    """Renew the keys of some records of one model; a key that cannot be renewed belongs to a deleted record and is deleted too."""
    model: Any = content_type.model_class()
    found = list(model._base_manager.filter(pk__in=numbers).select_for_update(no_key=True)) if model else []
    refresh_sort_keys(*found)
    SortKey.objects.of_other_versions().filter(content_type=content_type, object_id__in=numbers).delete()
    return len(found)


type_place = tuple[int, int, str, str]


class Translations:
    """Translations from files, drafted by a person and not yet checked, collected and written all at once."""

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
        """Create missing translations and update drafted ones that differ; those reviewed since stay. Returns how many were wanted."""
        known = {
            (row.content_type_id, row.object_id, row.field, row.language): row
            for row in Translation.objects.filter(content_type__in={place[0] for place in self._wanted})
        }
        Translation.objects.bulk_create(row for place, row in self._wanted.items() if place not in known)
        for place, row in self._wanted.items():
            old = known.get(place)
            if old is not None and old.state == TranslationState.DRAFTED and _differs(old, row):
                old.body, old.source_hash = row.body, row.source_hash
                old.save(update_fields=["body", "source_hash", "updated_at"])
        return len(self._wanted)


def _differs(old: Translation, new: Translation) -> bool:
    return (old.body, old.source_hash) != (new.body, new.source_hash)


def _type_of(record: TranslatableModel) -> ContentType:
    return ContentType.objects.get_for_model(record)
