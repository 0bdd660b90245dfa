"""Columns of a spreadsheet, taken from the form that each of its rows passes: a field that is added is a column too."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from jirani.core.sheets import Column

from .facts import OWN
from .forms import ActingForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Cell:
    """What a template says of a field besides its label: what goes into its cells, and such as what.

    `title` stands in place of the label, `required=False` for a field that is filled in if its cell is empty, `listed=False` for one of
    which not all values are listed.
    """

    hint: "StrOrPromise" = ""
    example: "StrOrPromise" = ""
    title: "StrOrPromise" = ""
    required: bool = True
    listed: bool = True


def columns_of(form: type[ActingForm], said: Mapping[str, Cell], *, but: Iterable[str] = ()) -> tuple[Column, ...]:
    """A column for each field of the form that a record holds, in its order, but for those named. A field that is not said more of than
    its own help text is a column all the same. Raises ValueError if more is said of what is no column.
    """
    names = [name for name in form.base_fields if form.where(name) not in (None, OWN) and name not in set(but)]
    if unknown := said.keys() - set(names):
        raise ValueError(f"{form.__name__} makes no column of {sorted(unknown)}.")
    return tuple(_column(name, form.base_fields[name], said.get(name)) for name in names)


def _column(name: str, field: forms.Field, cell: Cell | None) -> Column:
    cell = cell or Cell(field.help_text)
    allowed = _allowed(field) if cell.listed else None
    return Column(
        name, cell.title or field.label or name, cell.hint, cell.example, field.required and cell.required, allowed
    )


def _allowed(field: Any) -> Callable[[], list[tuple[str, str]]] | None:
    """The values of a field that is chosen from a list; asked for only when a template is written, in the language of that.
    A value of several names has the last of them.
    """
    offered = getattr(field, "offered", None)
    if offered is None and not hasattr(field, "choices"):
        return None
    return lambda: list(
        {str(value): str(label) for value, label in (offered() if offered else field.choices) if value != ""}.items()
    )
