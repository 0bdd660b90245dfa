"""The text of records in templates: in the reader's language, or in the record's own, marked as such."""

from typing import Any

from django import template
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext

from jirani.core.text import active_language
from jirani.ui.text import language as language_name

from ..enums import TranslationState
from ..models import TranslatableModel

register = template.Library()

#: Languages written from right to left that Django's own list may not know.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi", "dv", "ckb"})


def _direction(language: str) -> str:
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def _marked(text: str, language: str, *, block: bool) -> SafeString:
    safe = mark_safe(text)  # noqa: S308  (escaped by the callers)
    if language == active_language() or not text:
        return safe
    tag = "div" if block else "span"
    if not any(sign.isalpha() for sign in text):  # "65–70" is in no language, but keeps its direction
        return format_html('<{} dir="{}">{}</{}>', tag, _direction(language), safe, tag)
    return format_html('<{} lang="{}" dir="{}">{}</{}>', tag, language, _direction(language), safe, tag)


@register.simple_tag
def text(record: TranslatableModel, field: str, limit: int = 0) -> SafeString:
    """Print a field's text on one line, cut after `limit` characters if given; with `lang` and `dir` if it is not in the page's language."""
    body, language = record.text_in(field, active_language())
    body = Truncator(body).chars(limit) if limit else body
    return _marked(format_html("{}", body), language, block=False)


@register.simple_tag
def paragraphs(record: TranslatableModel, field: str) -> SafeString:
    """A field's text as paragraphs."""
    body, language = record.text_in(field, active_language())
    return _marked(linebreaks(body, autoescape=True) if body else "", language, block=True)


@register.simple_tag
def plain(record: TranslatableModel, field: str) -> str:
    """A field's text without markup, for titles and attributes."""
    return record.text_in(field, active_language())[0]


@register.simple_tag
def language_label(record: TranslatableModel, field: str) -> SafeString | str:
    """In a list, label a text that is in another language, whose original has changed since it was translated, or that a
    machine translated it; else nothing.
    """
    here = active_language()
    if record.language == here or not getattr(record, field):
        return ""
    found = record.translation_of(field, here)
    if found is None:
        words = language_name(record.language)
    elif record.is_of_earlier_text(field, here):
        words = gettext("translated from an earlier text")
    elif found.state == TranslationState.MACHINE:
        words = gettext("translated by machine")
    else:
        return ""
    return format_html('<span class="provenance">{}</span>', words)


@register.inclusion_tag("ui/components/provenance.html")
def provenance(record: TranslatableModel, field: str = "") -> dict[str, str]:
    """How the text in front of the reader came about: nothing to say, the original's language, or a translation's state. Put
    `original` behind it.
    """
    here = active_language()
    translation = record.translation_of(field or record.translatable_fields[0], here)
    untold = "" if record.language == here else "original"
    state = "earlier" if record.outdated_fields(here) else translation.state if translation else untold
    return {"state": state, "language": record.language}


@register.inclusion_tag("translation/original.html")
def original(record: TranslatableModel) -> dict[str, Any]:
    """Offer, one click away, the current originals of texts that were translated from earlier versions; nothing if there are none."""
    texts = [getattr(record, field) for field in record.outdated_fields(active_language())]
    return {"texts": texts, "language": record.language, "direction": _direction(record.language)}
