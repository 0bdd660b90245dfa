"""Which columns of a record hold what a form's fields say, written down once.

By default a field belongs to the record's column of the same name, and nothing is written down. A field whose value is
stored under another name, or in several columns, is described in the form's `held`. Initial values, the facts for the
action and the columns of a spreadsheet follow from that, so a name that was forgotten is noticed at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models


@dataclass(frozen=True, slots=True)
class Held:
    """The columns that hold what one field says: one, or several whose values stand together, such as a day and its precision.

    `read` gives the first value if it is not simply what the columns hold. Without columns the field is shown, and what is typed into it
    is for the action to place.
    """

    columns: tuple[str, ...]
    read: Callable[[Any], Any] | None = None

    def value(self, *records: models.Model) -> Any:
        """Return the field's value as the records hold it. Raises FieldDoesNotExist if none has such a column."""
        if self.read is not None:
            return self.read(records[0])
        values = tuple(column_of(name, *records) for name in self.columns)
        return values[0] if len(values) == 1 else values

    def facts(self, value: Any) -> dict[str, Any]:
        """Return a field's value by column."""
        if len(self.columns) == 1:
            return {self.columns[0]: value}
        return dict(zip(self.columns, value, strict=True)) if self.columns else {}


def held(*columns: str, read: Callable[[Any], Any] | None = None) -> Held:
    """Describe a field whose value is stored in these columns."""
    return Held(columns, read)


#: Of a field that is the form's own, such as its token: no record holds it, and the action is not told of it.
OWN = Held(())

#: By the name of a field, where its words are held; None for one that asks for what no record holds, of which the action is told by the
#: field's name; `OWN` for one of which it is not told.
type_held = Mapping[str, Held | None]


def holder_of(name: str, *records: models.Model) -> models.Model:
    """The first of the records that has a column of this name. Raises FieldDoesNotExist if none has."""
    for record in records:
        if any(field.name == name for field in (*record._meta.concrete_fields, *record._meta.many_to_many)):
            return record
    tried = " or ".join(type(record).__name__ for record in records)
    raise FieldDoesNotExist(f"{tried} has no column {name!r}: describe in `held` where it stands.")


def column_of(name: str, *records: models.Model) -> Any:
    """Return the value of the column with this name; a foreign key's is the key."""
    record = holder_of(name, *records)
    field: Any = record._meta.get_field(name)
    return field.value_from_object(record)


def changed_columns(record: models.Model, stored: models.Model) -> list[str]:
    """Return the columns in which a record differs from how it is stored."""
    columns = record._meta.concrete_fields
    return [field.name for field in columns if field.value_from_object(record) != field.value_from_object(stored)]


def set_facts(facts: Mapping[str, Any], *records: models.Model) -> list[str]:
    """Set the facts that differ, each on the first record that has its column. Returns the names of those that did."""
    changed = []
    for name, value in facts.items():
        holder = holder_of(name, *records)
        if getattr(holder, name) != value:
            setattr(holder, name, value)
            changed.append(name)
    return changed
