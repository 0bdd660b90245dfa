"""The parts of a sheet: its columns, its rows, and faults of its cells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.language import name_key

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: After this many bad cells the rest of a sheet is not checked: its sender has enough to correct.
MOST_FAULTS = 100

#: A row whose first cell begins with this is a note to whoever fills the sheet in.
REMARK = "#"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template: its field in the form, its heading, what goes into it."""

    name: str
    title: "StrOrPromise"
    hint: "StrOrPromise"
    example: "StrOrPromise" = ""
    required: bool = False
    #: The allowed values, if they are few: (what to write, what it means).
    allowed: Callable[[], Iterable[tuple[str, str]]] | None = None

    def titles(self) -> set[str]:
        """The heading in every language of the interface, and the field's own name."""
        names = {self.name}
        for code, _name in settings.LANGUAGES:
            with override(code):
                names.add(str(self.title))
        return {name_key(name) for name in names}


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad cell: where it is, what it holds, what was expected. Row 0 is the file as a whole."""

    row: int
    column: str
    letter: str
    value: str
    expected: str

    def __str__(self) -> str:
        places = {"row": self.row, "letter": self.letter, "column": self.column, "value": self.value[:120]}
        if not self.row:
            return self.expected
        if not self.column:
            return _("Row %(row)s: ") % places + self.expected
        return _("Row %(row)s, column %(letter)s “%(column)s”, value “%(value)s”: ") % places + self.expected


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet, its text by field, and the letters of its columns."""

    number: int
    values: Mapping[str, str]
    letters: Mapping[str, str]


def pack_rows(rows: Iterable[Row]) -> list[list[Any]]:
    """Rows as JSON holds them, for a form that is confirmed later."""
    return [[row.number, dict(row.values), dict(row.letters)] for row in rows]


def unpack_rows(packed: Iterable[Sequence[Any]]) -> list[Row]:
    """Rows as they were packed."""
    return [Row(number, values, letters) for number, values, letters in packed]


def letter(place: int) -> str:
    """The letter of a column, counted from 0: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
