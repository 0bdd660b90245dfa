"""The demo's models by what their records say of themselves."""

from collections.abc import Iterator, Mapping

from django.apps import apps
from django.db import models

from jirani.core.models import Markable, Sourced
from jirani.demo.actions.nouns import Noun
from jirani.newsroom.models import NewsPage
from jirani.translation.models import TranslatableModel


def sourced() -> list[type[models.Model]]:
    """Every model whose records say where they come from, the newsroom's pages among them."""
    found: list[type[models.Model]] = [model for model in apps.get_models() if issubclass(model, Sourced)]
    return [*found, NewsPage]


def loaded(nouns: Mapping[str, Noun]) -> Iterator[type[models.Model]]:
    """Every model of these tables and of those inside them."""
    for noun in nouns.values():
        yield noun.model
        yield from loaded(noun.children)


def marked() -> list[type[models.Model]]:
    """Every model that only says whether it was made up; its source is that of the record to which it belongs."""
    return [model for model in apps.get_models() if issubclass(model, Markable) and not issubclass(model, Sourced)]


def translatable() -> list[type[TranslatableModel]]:
    """Every model whose records have texts in several languages."""
    return [model for model in apps.get_models() if issubclass(model, TranslatableModel)]
