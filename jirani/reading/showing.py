"""A page with its records' texts in the reader's language, and what it says of how they came to it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from jirani.core.text import active_language
from jirani.translation.enums import TranslationState
from jirani.translation.models import TranslatableModel, attach_translations, flat

from .pledges import Pledge


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *records: Any) -> HttpResponse:
    """Render with `records` (or nested iterables of them; None is passed over) translated by one query.

    The context gets `notes`: what the page says about how its texts came to this language. Entries that are callable are called
    when the template needs them, so after the translations are there. (`blocktranslate` calls nothing: give it `with name=name`.)
    """
    language = active_language()
    attach_translations(language, *records)
    return render(request, template, {**context, "notes": translation_notes(language, flat(records))})


def records_in(found: Any) -> Iterator[TranslatableModel]:
    """The records with texts in a page's context: in lists, rows and commitments, not those behind foreign keys."""
    if isinstance(found, TranslatableModel):
        yield found
    elif isinstance(found, Pledge):
        yield from records_in(found.records)
    elif isinstance(found, (list, tuple)):
        for each in found:
            yield from records_in(each)
    elif isinstance(found, dict):
        yield from records_in(list(found.values()))


def translation_notes(language: str, records: Iterable[TranslatableModel]) -> list[str]:
    """Return what a page with many texts says once about their translation. Needs attached translations."""
    states: set[str] = set()
    for record in records:
        field = record.translatable_fields[0]
        if record.language != language and getattr(record, field):
            found = record.translation_of(field, language)
            earlier = found is not None and bool(record.outdated_fields(language))
            states.add("earlier" if earlier else found.state if found else "original")
    said = {
        "earlier": gettext(
            "Some texts on this page were translated from an earlier text; the originals have changed since."
        ),
        TranslationState.MACHINE.value: gettext(
            "Some texts on this page were translated by machine but not yet reviewed."
        ),
        TranslationState.DRAFTED.value: gettext(
            "Some texts on this page were translated but not yet checked by a native speaker."
        ),
        "original": gettext("Some texts on this page are shown in the language they were written in."),
    }
    return [sentence for state, sentence in said.items() if state in states]
