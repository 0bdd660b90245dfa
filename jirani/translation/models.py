"""Texts in many languages.

A record holds its text in the language it was written in; a `Translation` holds one field's text in one other language.
`attach_translations` gives all records of a page their translations with one query.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Collate, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from jirani.core.registry import PersonalData
from jirani.core.text import active_language
from jirani.language.collation import collation_version

from .enums import TranslationState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def source_hash(text: str) -> str:
    """The hash by which a translation knows the source it was made from: 64 hex digits (SHA-256)."""
    return sha256(text.encode()).hexdigest()


#: The same in SQL.
_HASH = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
#: What is searched of a translation.
WORDS = SearchVector("body", config="simple")


class TranslationQuerySet(models.QuerySet["Translation"]):
    def of(self, record: models.Model) -> "TranslationQuerySet":
        """Translations of one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def visible_to(self, user: Any) -> "TranslationQuerySet":
        """Translations of records that the user may see."""
        seen = Q(pk=None)
        for model in translatable_models():
            place = Q(content_type=ContentType.objects.get_for_model(model))
            seen |= place & Q(object_id__in=_seen_by(user, model).order_by().values("pk"))
        return self.filter(seen)

    def of_earlier_text(self) -> "TranslationQuerySet":
        """Translations of an earlier text than their record holds now, which wait for a translator."""
        waiting = Q(pk=None)
        for model in translatable_models():
            place = Q(content_type=ContentType.objects.get_for_model(model))
            for field in model.translatable_fields:
                now = Func(F(field), template=_HASH, output_field=models.CharField())
                record = model._base_manager.filter(pk=OuterRef("object_id")).exclude(language=OuterRef("language"))
                changed = Exists(record.annotate(now=now).exclude(now=OuterRef("source_hash")))
                waiting |= place & Q(field=field) & Q(changed)
        return self.filter(waiting)

    def saying(self, query: SearchQuery, model: type[models.Model], language: str) -> Any:
        """Keys of the records of `model` that say in `language` what `query` asks for."""
        found = self.annotate(words=WORDS).filter(words=query, language=language)
        return found.filter(content_type=ContentType.objects.get_for_model(model)).order_by().values("object_id")


class Translation(models.Model):
    """One field of one record in one language that is not its own."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    field = models.CharField(max_length=40)
    language = models.CharField(_("language"), max_length=12)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=8, choices=TranslationState.choices)
    engine = models.CharField(_("engine"), max_length=60, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_hash = models.CharField(max_length=64)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TranslationQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "reviewer": PersonalData(
            name=_("who checked it"),
            why=_("To tell who answers for a translation."),
            until=_("Until the account is erased; the translation stays."),
        ),
    }

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "language", "field"], name="translation_once"),
            models.CheckConstraint(condition=Q(state__in=TranslationState.values), name="translation_state_known"),
        ]
        indexes = [GinIndex(WORDS, name="translation_words")]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}.{self.field} [{self.language}]"


class TranslatableModel(models.Model):
    """A record with text in its own language and, beside it, in others.

    `translatable_fields` names the text fields. Read them with `text_in(field, language)` after `attach_translations`.
    """

    language = models.CharField(_("written in"), max_length=12, default="en")

    translatable_fields: ClassVar[tuple[str, ...]] = ()
    #: The field of the record whose readers see this one too. Everybody sees a model with neither this nor `visible_to`.
    seen_with: ClassVar[str] = ""
    #: What a draft is called that has no title or name yet: its first translatable field.
    untitled: ClassVar["StrOrPromise"] = ""
    #: The translatable field by which lists of these records are sorted, if there are such lists.
    sorted_by: ClassVar[str] = ""
    #: (language, field) → translation; None until `attach_translations` has looked.
    attached_texts: dict[tuple[str, str], Translation] | None = None

    class Meta:
        abstract = True

    def translation_of(self, field: str, language: str) -> Translation | None:
        """Return the attached translation of a field; None if the record is in that language or has none.

        Raises LookupError if translations were not attached: a page must attach them once for everything it shows.
        """
        if language == self.language:
            return None
        if self.attached_texts is None:
            raise LookupError(f"attach_translations() was not called for {self!r}")
        return self.attached_texts.get((language, field))

    def is_of_earlier_text(self, field: str, language: str) -> bool:
        """Whether the attached translation of a field was made from another text than the field holds now."""
        found = self.translation_of(field, language)
        return found is not None and found.source_hash != source_hash(getattr(self, field))

    def outdated_fields(self, language: str) -> list[str]:
        """The fields whose attached translation is of an earlier text."""
        return [field for field in self.translatable_fields if self.is_of_earlier_text(field, language)]

    def text_in(self, field: str, language: str) -> tuple[str, str]:
        """The text of a field and the language it is in: the wanted one, or else the record's own. A draft without a title is called so."""
        found = self.translation_of(field, language)
        if found is not None:
            return found.body, language
        text: str = getattr(self, field)
        if text or not self.untitled or field != self.translatable_fields[0]:
            return text, self.language
        with override(language):
            return str(self.untitled), language


def translatable_models() -> list[type[TranslatableModel]]:
    """Every model whose records have texts in several languages."""
    return [model for model in apps.get_models() if issubclass(model, TranslatableModel)]


def _seen_by(user: Any, model: type[models.Model]) -> models.QuerySet[Any]:
    """The records of a model that a user may see."""
    rows: Any = model._default_manager.all()
    if hasattr(rows, "visible_to"):
        return rows.visible_to(user)  # type: ignore[no-any-return]
    way = getattr(model, "seen_with", "")
    if way:
        above: Any = model._meta.get_field(way).related_model
        rows = rows.filter(**{f"{way}__in": _seen_by(user, above).order_by().values("pk")})
    return rows  # type: ignore[no-any-return]


def attach_translations(language: str, *records: Any) -> None:
    """Give records (or iterables of them; None is passed over) their translations in `language`, with one query."""
    wanted: dict[int, dict[int, list[TranslatableModel]]] = defaultdict(lambda: defaultdict(list))
    for record in flat(records):
        record.attached_texts = {}
        if record.language != language:
            key = ContentType.objects.get_for_model(record).pk
            wanted[key][record.pk].append(record)
    if not wanted:
        return
    condition = Q()
    for content_type, by_id in wanted.items():
        condition |= Q(content_type=content_type, object_id__in=list(by_id))
    for translation in Translation.objects.filter(condition, language=language):
        for record in wanted[translation.content_type_id][translation.object_id]:
            assert record.attached_texts is not None
            record.attached_texts[language, translation.field] = translation


def translate_now(*records: Any) -> None:
    """`attach_translations` in the language that is active now."""
    attach_translations(active_language(), *records)


def flat(records: Iterable[Any]) -> Iterable[TranslatableModel]:
    """Records out of records, iterables of them at any depth, and None."""
    for record in records:
        if isinstance(record, TranslatableModel):
            yield record
        elif record is not None:
            yield from flat(record)


class SortKeyQuerySet(models.QuerySet["SortKey"]):
    def of_other_versions(self) -> "SortKeyQuerySet":
        """Keys that cannot be compared with newly made ones."""
        ours = Q(pk=None)
        for language in SortKey.objects.order_by("language").values_list("language", flat=True).distinct():
            ours |= Q(language=language, version=collation_version(language))
        return self.exclude(ours)


class SortKey(models.Model):
    """How a record's name sorts in one language, made with the language's own collation (ICU, through icu4py).

    PostgreSQL without ICU would sort Çair after Dakar. Each key says which version of the collation made it, for keys of two
    versions don't compare: beside the key, because two machines may be upgraded one after the other, and a start that was
    interrupted has renewed a part of them.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=12)
    key = models.CharField(max_length=400, db_collation="C")
    version = models.CharField(max_length=24, default="")

    objects = SortKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="sort_key_once")]
        indexes = [models.Index(fields=["content_type", "language", "key"], name="sort_key_order")]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id} [{self.language}]"


def place_in_alphabet(model: type[TranslatableModel], *, number: str, name: str) -> Collate:
    """Return an expression that sorts records of `model` in the alphabet of the reader's language, or by the bare name if there is no key.

    `number` and `name` are the paths to its key and its name in the query that this goes into.
    """
    key = SortKey.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef(number), language=active_language()
    )
    known = Coalesce(Subquery(key.values("key")[:1]), Lower(F(name)), output_field=models.CharField(max_length=400))
    return Collate(known, "C")
