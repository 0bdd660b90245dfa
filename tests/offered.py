"""What a form offers: its choices as its reader sees them, and which of them it takes."""

from typing import Any

from django import forms

from jirani.translation.models import Translation, source_hash

#: The languages of the interface, as forms offer them.
LANGUAGES = ["English", "Français", "العربية", "Kiswahili"]


def translated(record: Any, body: str, field: str = "name", language: str = "sw") -> Any:
    """Give the record a name in another language, and return it."""
    stamp = source_hash(getattr(record, field))
    Translation.objects.create(
        record=record, field=field, language=language, body=body, state="drafted", source_hash=stamp
    )
    return record


def values(form: forms.BaseForm, name: str) -> list[Any]:
    """Return what a field's choices send, in their order, that of none too."""
    field: Any = form.fields[name]
    return [value for value, _label in field.choices]


def labels(form: forms.BaseForm, name: str) -> list[str]:
    """Return what a field's choices say, in their order, that of none too."""
    field: Any = form.fields[name]
    return [str(label) for _value, label in field.choices]


def choices(form: forms.BaseForm, name: str) -> list[str]:
    """Return what a reader may choose, in its order, without the choice of none; groups are left aside."""
    field: Any = form.fields[name]
    flat: list[tuple[Any, Any]] = []
    for value, label in field.choices:
        flat += label if isinstance(label, list | tuple) else [(value, label)]
    return [str(label) for value, label in flat if str(value)]


def taken(form: forms.BaseForm, name: str) -> set[str]:
    """Return the names of the records that a field accepts."""
    field: Any = form.fields[name]
    return {str(record) for record in field.queryset}


def leading(form: forms.BaseForm) -> set[str]:
    """Return the fields whose text says itself in which direction it runs."""
    return {name for name, field in form.fields.items() if field.widget.attrs.get("dir") == "auto"}
