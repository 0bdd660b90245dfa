"""Choices among records, by their names in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from jirani.core.text import active_language
from jirani.language.collation import sort_key
from jirani.ui.text import language as language_name

from .models import TranslatableModel, translate_now


def named(record: Any, field: str = "name") -> str:
    """Return a record's name in the reader's language, or else in its own. Call `attach_translations` first."""
    text, _ = record.text_in(field, active_language())
    return str(text)


def in_order(rows: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Sort choices as speakers of the reader's language do: in French "Éducation" comes before "Femmes"."""
    language = active_language()
    return sorted(rows, key=lambda row: sort_key(row[1], language))


def choose_among(
    field: forms.Field, records: Iterable[TranslatableModel], *, label: str = "name", empty: str | None = None
) -> None:
    """Offer records by name in a ModelChoiceField; its queryset still decides what is valid. `empty` heads the list."""
    rows = list(records)
    translate_now(rows)
    head: list[tuple[Any, str]] = [] if empty is None else [("", empty)]
    field.choices = head + in_order((row.pk, named(row, label)) for row in rows)  # type: ignore[attr-defined]


def ask_in_its_language(field: forms.Field, record: TranslatableModel) -> None:
    """Ask for one more text of a record in the language of its others, if that is not the reader's; `lang` says so to devices."""
    if record.language == active_language():
        return
    field.widget.attrs["lang"] = record.language
    asked = gettext("Write it in the language of the other texts: %(language)s.") % {
        "language": language_name(record.language)
    }
    field.help_text = f"{field.help_text} {asked}".strip()


def language_choices() -> list[tuple[str, str]]:
    """The languages of the interface by their own names."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]
