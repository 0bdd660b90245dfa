"""Turn a table of a file into a record: found by its identity, and changed only if it differs."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from jirani.members.models import LocalAuthority, Organisation
from jirani.translation.actions import Translations
from jirani.translation.models import TranslatableModel

from .. import text
from .nouns import Noun

#: The hour used if a file gives only a day and the model wants a time.
_MORNING = time(9, 0, tzinfo=UTC)
#: Keys of a table that are not fields of its model.
_OWN_WORDS = frozenset({"key", "source", "dates", "created"})

type_identity = tuple[Any, ...]


class BadData(Exception):
    """Raised for a table of the demo's files that cannot become a record; the message says where and why."""


class Records:
    """The records of one load, by model and key."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[type[models.Model], str], models.Model] = {}
        self._stored: dict[tuple[type[models.Model], tuple[str, ...]], dict[type_identity, models.Model]] = {}
        self._translations = Translations()
        self.counts: Counter[str] = Counter()

    def find(self, model: type[models.Model], key: str) -> models.Model:
        """Return the record with that key. A local authority has its organisation's key. Raises BadData if there is none."""
        if model is LocalAuthority:
            organisation: Any = self.find(Organisation, key)
            authority: LocalAuthority = organisation.authority
            return authority
        try:
            return self._by_key[model, key]
        except KeyError:
            raise BadData(f"There is no {model._meta.verbose_name} “{key}”.") from None

    def load(self, noun: Noun, table: Mapping[str, Any], inside: models.Model | None = None) -> models.Model:
        """Make or bring up to date the record that a table describes, and those inside it. Raises BadData."""
        try:
            record = self._save(noun, table, inside)
        except (ValueError, TypeError, KeyError) as problem:
            raise BadData(f"{noun.model.__name__} {table.get('key', dict(table))}: {problem}") from problem
        if "key" in table:
            self._remember(str(table["key"]), record)
        for name, child in noun.children.items():
            for row in _rows(table.get(name, [])):
                self.load(child, row, record)
        return record

    def write_texts(self) -> None:
        """Write the translations of everything loaded."""
        self.counts["translation.Translation"] = self._translations.write()

    def _remember(self, key: str, record: models.Model) -> None:
        place = (type(record), key)
        if place in self._by_key:
            raise BadData(f"Two records have the key “{key}”.")
        self._by_key[place] = record

    def _save(self, noun: Noun, table: Mapping[str, Any], inside: models.Model | None) -> models.Model:
        values, many = self._values(noun, table)
        if noun.inside:
            values[noun.inside] = inside
        stored = self._stored_of(noun)
        record = stored.get(_sought(noun, values))
        if record is None:
            record = noun.model(**values)
            record.save()
            stored[_sought(noun, values)] = record
            if "created" in table:
                noun.model._default_manager.filter(pk=record.pk).update(created_at=_moment(table["created"]))
        else:
            _bring_up_to_date(record, _without_files(values))
        for name, records in many.items():
            _set(record, name, records)
        self._note_texts(record, table)
        self.counts[noun.model._meta.label] += 1
        return record

    def _stored_of(self, noun: Noun) -> dict[type_identity, models.Model]:
        """All records of a model by identity, read once: a demo's database is small."""
        place = (noun.model, noun.identity)
        if place not in self._stored:
            self._stored[place] = {_identity(noun, record): record for record in noun.model._default_manager.all()}
        return self._stored[place]

    def _note_texts(self, record: models.Model, table: Mapping[str, Any]) -> None:
        if not isinstance(record, TranslatableModel):
            return
        for name in record.translatable_fields:
            self._translations.want(record, name, table.get(name))

    def _values(self, noun: Noun, table: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        values: dict[str, Any] = {}
        many: dict[str, list[Any]] = {}
        fields = {field.name: field for field in noun.model._meta.get_fields() if not field.auto_created}
        for name, value in table.items():
            if name in noun.children or name in _OWN_WORDS:
                continue
            if name not in fields and f"{name}_precision" in fields:
                values[f"{name}_on"], values[f"{name}_precision"] = text.partial_date(value)
            elif name not in fields:
                raise ValueError(f"it has no “{name}”")
            elif isinstance(fields[name], models.ManyToManyField):
                many[name] = [self.find(_target(fields[name]), key) for key in value]
            else:
                values[name] = self._value(fields[name], value, str(table.get("language", "en")))
        values.update(_own_words(table, fields))
        return values, many

    def _value(self, field: Any, value: Any, language: str) -> Any:
        if isinstance(field, models.ForeignKey | models.OneToOneField):
            return self.find(_target(field), value)
        if isinstance(value, Mapping):
            return value[language].strip()
        if isinstance(field, models.FileField):
            return ContentFile((text.DATA / "files" / value).read_bytes(), name=value)
        if isinstance(field, models.DateTimeField):
            return _moment(value)
        return field.to_python(value)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [value] if isinstance(value, Mapping) else list(value)


def _target(field: Any) -> type[models.Model]:
    target: type[models.Model] = field.related_model
    return target


def _identity(noun: Noun, record: models.Model) -> type_identity:
    return tuple(_held(record, name) for name in noun.identity)


def _sought(noun: Noun, values: Mapping[str, Any]) -> type_identity:
    fields: list[Any] = [noun.model._meta.get_field(name) for name in noun.identity]
    return tuple(_plain(values[f.name]) if f.name in values else f.get_default() for f in fields)


def _without_files(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not isinstance(value, ContentFile)}


def _own_words(table: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "source" in table:
        values["source_url"] = text.source(table["source"])
    if "dates" in table:
        values["starts_on"], values["ends_on"], values["date_precision"] = text.date_span(table["dates"])
    if "slug" in fields and "slug" not in table:
        values["slug"] = table["key"]
    return values


def _moment(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value if timezone.is_aware(value) else timezone.make_aware(value, UTC)
    return datetime.combine(value, _MORNING)


def _bring_up_to_date(record: models.Model, values: Mapping[str, Any]) -> None:
    changed = [name for name, value in values.items() if _held(record, name) != _plain(value)]
    for name in changed:
        setattr(record, name, values[name])
    if changed:
        record.save()


def _held(record: models.Model, name: str) -> Any:
    field: Any = record._meta.get_field(name)
    return getattr(record, field.attname)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _set(record: models.Model, name: str, wanted: list[Any]) -> None:
    manager = getattr(record, name)
    if set(manager.values_list("pk", flat=True)) != {row.pk for row in wanted}:
        manager.set(wanted)
