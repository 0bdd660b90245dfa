"""Show a page with its records' texts in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from jirani.public.text import translation_notes
from jirani.translation.models import TranslatableModel, attach_translations


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *records: Any) -> HttpResponse:
    """Render with `records` (or nested iterables of them; None is passed over) translated by one query.

    The context gets `notes`: what the page says about how its texts came to this language. Entries that are callable are called
    when the template needs them, so after the translations are there.
    """
    language = get_language() or "en"
    attach_translations(language, *records)
    return render(request, template, {**context, "notes": translation_notes(language, _flat(records))})


def _flat(records: Iterable[Any]) -> Iterable[TranslatableModel]:
    for record in records:
        if isinstance(record, TranslatableModel):
            yield record
        elif record is not None:
            yield from _flat(record)
