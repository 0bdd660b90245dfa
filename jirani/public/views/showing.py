"""Show a page with its records' texts in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jirani.core.text import active_language
from jirani.public.text import translation_notes
from jirani.translation.models import attach_translations, flat


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *records: Any) -> HttpResponse:
    """Render with `records` (or nested iterables of them; None is passed over) translated by one query.

    The context gets `notes`: what the page says about how its texts came to this language. Entries that are callable are called
    when the template needs them, so after the translations are there. (`blocktranslate` calls nothing: give it `with name=name`.)
    """
    language = active_language()
    attach_translations(language, *records)
    return render(request, template, {**context, "notes": translation_notes(language, flat(records))})
