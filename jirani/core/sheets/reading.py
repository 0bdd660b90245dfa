"""Read a spreadsheet with suspicion: its cells in a separate process, its headings here. Every bad cell is named."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.core.sandbox import MOST_BYTES, MOST_CHARACTERS, MOST_ROWS, NotRead, Task, read_apart
from jirani.language import name_key

from .columns import MOST_FAULTS, REMARK, Column, Fault, Row, letter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class BadSheet(ValueError):
    """The file as a whole cannot be read; the message is a sentence for its sender."""


#: Why a file was not read.
_REASONS: "dict[str, StrOrPromise]" = {
    "busy": gettext_lazy("Other files are being read just now. Send this one again in a minute."),
    "own": gettext_lazy("Another file of yours is still being read. Send this one again in a minute."),
    "limit": gettext_lazy(
        "The file takes too much time or memory to read. Copy its rows into a new spreadsheet, or split it into several."
    ),
    "damaged": gettext_lazy("The file cannot be read as a spreadsheet. Save it again as .xlsx."),
    "unpacked": gettext_lazy("The spreadsheet unpacks to more than 60 MB. Split it into several."),
    "tags": gettext_lazy("The spreadsheet holds too many cells. Split it into several."),
    "text": gettext_lazy("The spreadsheet holds too much text. Split it into several."),
    "locked": gettext_lazy("The spreadsheet is protected by a password. Save it without one."),
    "old": gettext_lazy("This is an old .xls file. Save it as .xlsx or as CSV (UTF-8)."),
    "neither": gettext_lazy("The file is neither .xlsx nor CSV nor .ods. Save it again as one of these."),
    "quotes": gettext_lazy("The CSV file breaks off within a quoted cell. Save it again."),
}
#: What is wrong with a cell as such.
_WRONG: "dict[str, StrOrPromise]" = {
    "formula": gettext_lazy("Enter a value, not a formula."),
    "error": gettext_lazy("Enter a value: the cell holds an error."),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    wrong: str = ""


_EMPTY = _Cell("")
#: Rows that are searched for headings: titles and notes may come before them.
MOST_TITLES = 20


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet: its name and its rows that hold anything, each with its number."""

    name: str
    rows: Sequence[tuple[int, Sequence[_Cell]]]

    def head(self, columns: Sequence[Column]) -> tuple[int, Sequence[_Cell]]:
        """The row of headings: of the first rows that are no remark, the one that has all needed; else the first. An empty one for none."""
        rows = list(islice((row for row in self.rows if not row[1][0].text.startswith(REMARK)), MOST_TITLES))
        return next((row for row in rows if _has_needed(row[1], columns)), rows[0] if rows else (0, ()))


@dataclass(slots=True)
class Reading:
    """Rows, what is wrong with cells as such, and what the reader had to choose."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: The name of the sheet, empty for a CSV file; the encoding, if it was guessed.
    sheet: str = ""
    encoding: str = ""


def read_sheet(content: bytes, columns: Sequence[Column]) -> Reading:
    """Rows of the visible sheet with the headings, and the first bad cells (formulas without a value, errors). Raises BadSheet."""
    tables, encoding = _tables(content)
    table = _with_headings(tables, columns)
    found = Reading(sheet=table.name, encoding=encoding)
    number, cells = table.head(columns)
    if not number:
        raise BadSheet(_("The sheet is empty. Download the template and fill it in."))
    places, found.faults = _places(number, cells, columns)
    titles = {column.name: str(column.title) for column in columns}
    for row, line in table.rows:
        if row <= number or line[0].text.startswith(REMARK):
            continue
        said = {name: line[place] if place < len(line) else _EMPTY for name, place in places.items()}
        wrong = [(name, cell) for name, cell in said.items() if cell.wrong]
        found.faults += [Fault(row, titles[name], letter(places[name]), cell.text, cell.wrong) for name, cell in wrong]
        if len(found.faults) >= MOST_FAULTS:
            break
        if not wrong and any(cell.text for cell in said.values()):
            letters = {name: letter(place) for name, place in places.items()}
            found.rows.append(Row(row, {name: cell.text for name, cell in said.items()}, letters))
    return found


def _tables(content: bytes) -> tuple[list[_Table], str]:
    """Return what the child read, and the encoding that it guessed. Raises BadSheet."""
    if len(content) > MOST_BYTES:
        raise BadSheet(_("The file is larger than 10 MB. Split it into several."))
    try:
        told = json.loads(read_apart(Task.SHEETS, content))
    except NotRead as error:
        if error.code == "rows":
            sentence = _("The sheet has more than %(most)s rows. Split it into several.") % {"most": MOST_ROWS}
            raise BadSheet(sentence) from error
        raise BadSheet(str(_REASONS[error.code])) from error
    expected = {code: str(words) for code, words in _WRONG.items()} | {
        "": "",
        "long": _("Shorten it to %(most)s characters at most.") % {"most": MOST_CHARACTERS},
    }
    cells = [_Cell(text, expected[wrong]) for text, wrong in told["texts"]]
    tables = [
        _Table(name, [(number, [cells[place] for place in line]) for number, line in rows])
        for name, rows in told["sheets"]
    ]
    return tables, told["encoding"]


def _with_headings(tables: Sequence[_Table], columns: Sequence[Column]) -> _Table:
    """Return the first sheet that has all required headings, or else the one that has most; an empty one if the workbook has none."""

    def fitting(table: _Table) -> tuple[bool, int]:
        cells = table.head(columns)[1]
        return _has_needed(cells, columns), len(_named(cells, columns))

    return max(tables, key=fitting, default=_Table("", ()))


def _named(cells: Sequence[_Cell], columns: Sequence[Column]) -> set[str]:
    """Return the fields whose headings are in a row."""
    known = {title: column.name for column in columns for title in column.titles()}
    return {known[title] for cell in cells if (title := name_key(cell.text)) in known}


def _has_needed(cells: Sequence[_Cell], columns: Sequence[Column]) -> bool:
    return {column.name for column in columns if column.required} <= _named(cells, columns)


def _places(number: int, cells: Sequence[_Cell], columns: Sequence[Column]) -> tuple[dict[str, int], list[Fault]]:
    """Map fields to the sheet's columns by their headings. Raises BadSheet if a required heading is missing."""
    known = {title: column for column in columns for title in column.titles()}
    places: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(cells):
        column = known.get(name_key(cell.text))
        if cell.text and column is None:
            names = ", ".join(str(one.title) for one in columns)
            expected = _("This heading is not known. Use one of: %(names)s.") % {"names": names}
            faults.append(Fault(number, cell.text, letter(place), cell.text, expected))
        elif column is not None and column.name in places:
            expected = _("This heading appears in the sheet twice. Keep one of the two columns.")
            faults.append(Fault(number, cell.text, letter(place), cell.text, expected))
        elif column is not None:
            places[column.name] = place
    missing = [str(column.title) for column in columns if column.required and column.name not in places]
    if missing:
        raise BadSheet(
            _("The first row must hold the headings of the template. Missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    return places, faults
