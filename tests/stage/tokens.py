"""The stage, and how a token is written into each text of what is put on it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from wagtail.fields import StreamField

from jirani.core.enums import AccessMode
from jirani.newsroom.models import NewsPage
from jirani.translation.models import Translation, source_hash

from ..cast import Cast

#: Whether somebody may see a record.
Question = Callable[[Any], bool]
MODES = tuple(AccessMode)
#: Codes, not words.
CODES = {"language", "floor_language", "time_zone", "currency", "field", "engine", "source_hash"}


def texts(model: type[models.Model]) -> list[Any]:
    """The fields of a model into which somebody types words, an address or a link."""
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField | StreamField)
        and not (isinstance(field, models.SlugField) or field.choices or field.primary_key or not field.editable)
        and not (field.max_length and field.max_length < len("zq00000qz") * 2)
        and not (field.name in CODES or any(isinstance(one, RegexValidator) for one in field.validators))
    ]


@dataclass
class Stage:
    """The cast, the records, and the tokens with who may see them."""

    cast: Cast
    tokens: dict[str, Question] = field(default_factory=dict)
    records: list[models.Model] = field(default_factory=list)
    #: The modes in which there is something of each kind.
    modes: tuple[AccessMode, ...] = MODES
    #: Names and slugs of organisations linked only from a closed event: only their own pages and forms show them.
    affiliations: dict[str, str] = field(default_factory=dict)

    def token(self, may: Question) -> str:
        """A new token that those for whom `may(user)` holds may see."""
        word = f"zq{len(self.tokens):05d}qz"
        self.tokens[word] = may
        return word

    def keep(self, record: Any, *, may: Callable[[Any, Any], bool], **narrower: Callable[[Any, Any], bool]) -> Any:
        """Write a token into each text of a record, and into its translations in all other languages; `may(user, record)`.

        `narrower` says of single fields by name who may see them.
        """
        questions: dict[Any, Question] = {
            asked: partial(_ask, asked, record)  # one for all of a record's texts: it is asked once
            for asked in (may, *narrower.values())
        }
        if record.pk is None and not isinstance(record, NewsPage):
            record.save()
        for text in [
            one for model in type(record).__mro__ if model is NewsPage or model is type(record) for one in texts(model)
        ]:
            seen = questions[narrower.get(text.name, may)]
            setattr(record, text.name, _with(getattr(record, text.name), self.token(seen), text))
            if text.name in getattr(record, "translatable_fields", ()):
                self._translate(record, text.name, seen)
        if isinstance(record, NewsPage):  # its title is Wagtail's
            record.title = self.token(lambda user: may(user, record))
        else:
            record.save()
        self.records.append(record)
        return record

    def begin(self, draft: Any, text: str, *, may: Callable[[Any, Any], bool]) -> Any:
        """Keep a draft in which nothing but this text is written yet: it has no title."""
        setattr(draft, text, self.token(partial(_ask, may, draft)))
        draft.save()
        self.records.append(draft)
        return draft

    def _translate(self, record: Any, name: str, seen: Question) -> None:
        text = getattr(record, name)
        hashes = {"sw": source_hash(f"{text} before")}  # one of an earlier text
        Translation.objects.bulk_create(
            Translation(
                record=record,
                field=name,
                language=code,
                body=self.token(seen),
                state="drafted",
                source_hash=hashes.get(code, source_hash(text)),
            )
            for code, _name in settings.LANGUAGES
            if code != record.language
        )


def _ask(asked: Callable[[Any, Any], bool], record: Any, user: Any) -> bool:
    return asked(user, record)


def _with(value: Any, word: str, text: Any) -> Any:
    """A field's value with a token in it."""
    if isinstance(text, models.EmailField):
        return f"{word}@example.org"
    if isinstance(text, models.URLField):
        return f"https://example.org/{word}"
    if isinstance(text, StreamField):
        return json.dumps([{"type": "paragraph", "value": f"<p>{word}</p>"}])
    if isinstance(text, models.JSONField):
        return {"words": word}
    return f"{value} {word}".strip()


def everybody(user: Any, record: Any) -> bool:
    """Allow everybody: it is no secret."""
    return True


def nobody(user: Any, record: Any) -> bool:
    """Allow nobody: no page shows it."""
    return False
