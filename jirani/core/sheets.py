"""Spreadsheets: templates to fill in, and what comes back, read with suspicion.

A kind of record that can be imported says so with an `Importer` registered in its `AppConfig.ready()`: its columns and one
function that takes a row through the same form as a page does. Everything else stands here: reading xlsx and CSV, naming every
bad cell, all or nothing in one transaction, the dry run, the template.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Bounds, so that no file can fill the memory: bytes of the file, bytes it unpacks to, rows, columns, characters of a cell.
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 5000
MOST_COLUMNS = 80
MOST_CHARACTERS = 5000

#: A row whose first cell begins with this is a note to whoever fills the sheet in.
REMARK = "#"


class BadSheet(ValueError):
    """The file as a whole cannot be read; the message is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template: its field in the form, its heading, what goes into it."""

    name: str
    title: "StrOrPromise"
    hint: "StrOrPromise"
    example: str = ""
    required: bool = False
    #: The values that are allowed, where they are few: (what to write, what it means).
    allowed: Callable[[], Iterable[tuple[str, str]]] | None = None

    def titles(self) -> set[str]:
        """The heading in every language of the interface, and the field's own name."""
        names = {self.name}
        for code, _name in settings.LANGUAGES:
            with override(code):
                names.add(str(self.title))
        return {_plain(name) for name in names}


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


class Change(StrEnum):
    """What a row came to."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Result:
    """What one row did, in words for the preview."""

    number: int
    name: str
    change: Change
    details: tuple[str, ...] = ()


class BadRow(Exception):
    """A row that may not stay; `reasons` are (field, what was expected), an empty field for the row as a whole."""

    def __init__(self, reasons: Iterable[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__(str(self.reasons))


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of record that can come in a spreadsheet.

    `take(row, by)` brings one row in, within the caller's transaction, and says what changed; it raises BadRow.
    """

    kind: str
    title: "StrOrPromise"
    columns: Sequence[Column]
    take: Callable[[Row, Any], Result]


@dataclass(slots=True)
class Outcome:
    """What an import did, or with a dry run would do. Nothing was kept where there are faults."""

    results: list[Result] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def count(self, change: Change) -> int:
        """How many rows came to that."""
        return sum(result.change == change for result in self.results)


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Make a kind of record known. Called in `AppConfig.ready()`."""
    _importers[importer.kind] = importer


def importer(kind: str) -> Importer:
    """The importer of a kind. Raises KeyError."""
    return _importers[kind]


def bring_in(importer: Importer, content: bytes, *, by: Any, dry_run: bool) -> Outcome:
    """Read a file and bring its rows in, all or none. A dry run does all of it and takes it back. Raises BadSheet."""
    rows, faults = read_sheet(content, importer.columns)
    return bring_in_rows(importer, rows, faults, by=by, dry_run=dry_run)


def bring_in_rows(
    importer: Importer, rows: Iterable[Row], faults: Iterable[Fault] = (), *, by: Any, dry_run: bool
) -> Outcome:
    """Bring in rows that have been read, all or none."""
    outcome = Outcome(faults=list(faults))
    with transaction.atomic():
        for row in rows:
            _take(importer, row, by, outcome)
        if dry_run or outcome.faults:
            transaction.set_rollback(True)
    return outcome


def _take(importer: Importer, row: Row, by: Any, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            outcome.results.append(importer.take(row, by))
    except BadRow as bad:
        titles = {column.name: str(column.title) for column in importer.columns}
        for name, expected in bad.reasons:
            value, letter = row.values.get(name, ""), row.letters.get(name, "")
            outcome.faults.append(Fault(row.number, titles.get(name, ""), letter, value, expected))


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    wrong: str = ""


def read_sheet(content: bytes, columns: Sequence[Column]) -> tuple[list[Row], list[Fault]]:
    """Rows of the first sheet and what is wrong with cells as such (formulas, errors). Raises BadSheet."""
    if len(content) > MOST_BYTES:
        raise BadSheet(_("The file is larger than 10 MB. Split it into several."))
    lines = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    numbered = ((number, cells) for number, cells in enumerate(lines, start=1) if any(cell.text for cell in cells))
    head = next(((number, cells) for number, cells in numbered if not cells[0].text.startswith(REMARK)), None)
    if head is None:
        raise BadSheet(_("The sheet is empty. Download the template and fill it in."))
    places, faults = _places(*head, columns)
    rows = []
    for number, cells in numbered:
        if cells[0].text.startswith(REMARK):
            continue
        values = {name: cells[place].text if place < len(cells) else "" for name, place in places.items()}
        wrong = [(name, cells[place]) for name, place in places.items() if place < len(cells) and cells[place].wrong]
        titles = {column.name: str(column.title) for column in columns}
        faults += [Fault(number, titles[name], letter(places[name]), cell.text, cell.wrong) for name, cell in wrong]
        if not wrong and any(values.values()):
            rows.append(Row(number, values, {name: letter(place) for name, place in places.items()}))
    return rows, faults


def _places(number: int, cells: Sequence[_Cell], columns: Sequence[Column]) -> tuple[dict[str, int], list[Fault]]:
    """Which column of the sheet holds which field, by its heading. Raises BadSheet where a needed one is missing."""
    known = {title: column for column in columns for title in column.titles()}
    places: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(cells):
        column = known.get(_plain(cell.text))
        if cell.text and column is None:
            names = ", ".join(str(one.title) for one in columns)
            expected = _("This heading is not known. Expected one of: %(names)s.") % {"names": names}
            faults.append(Fault(number, cell.text, letter(place), cell.text, expected))
        elif column is not None and column.name in places:
            expected = _("This heading stands in the sheet twice.")
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


def letter(place: int) -> str:
    """The letter of a column, counted from 0: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _plain(text: str) -> str:
    return re.sub(r"[\s*]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _clean(text: str) -> str:
    """Text in composed form, on one line, without control characters and unusual spaces."""
    spaced = "".join(" " if char.isspace() or unicodedata.category(char) == "Zs" else char for char in text)
    shown = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})
    return unicodedata.normalize("NFC", re.sub(" +", " ", shown)).strip()


def _text_cell(text: str) -> _Cell:
    plain = _clean(text)
    if plain.startswith("="):
        return _Cell(plain[:MOST_CHARACTERS], _("a value, not a formula"))
    if len(plain) > MOST_CHARACTERS:
        return _Cell(plain[:MOST_CHARACTERS], _("at most %(most)s characters") % {"most": MOST_CHARACTERS})
    return _Cell(plain)


def _bounded(lines: Iterable[list[_Cell]]) -> Iterator[list[_Cell]]:
    for number, cells in enumerate(lines, start=1):
        if number > MOST_ROWS and any(cell.text for cell in cells):
            raise BadSheet(_("The sheet has more than %(most)s rows. Split it into several.") % {"most": MOST_ROWS})
        yield cells or [_Cell("")]


def _csv(content: bytes) -> Iterator[list[_Cell]]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet(_("This is an old .xls file. Save it as .xlsx or as CSV (UTF-8)."))
    try:
        text = content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSheet(_("The file is neither .xlsx nor CSV in UTF-8. Save it again as one of these.")) from error
    if "\x00" in text:
        raise BadSheet(_("The file is neither .xlsx nor CSV in UTF-8. Save it again as one of these."))
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith(REMARK)), "")
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    return _bounded(_csv_cells(reader))


def _csv_cells(reader: Iterator[list[str]]) -> Iterator[list[_Cell]]:
    try:
        for line in reader:
            yield [_text_cell(text) for text in line[:MOST_COLUMNS]]
    except csv.Error as error:
        raise BadSheet(_("The CSV file breaks off within a quoted cell. Save it again.")) from error


def _xlsx(content: bytes) -> Iterator[list[_Cell]]:
    """Rows of the first sheet. The archive is measured before it is read: it may unpack to more than it says."""
    from openpyxl import load_workbook

    _measure(io.BytesIO(content))
    unreadable = _("The file cannot be read as a spreadsheet. Save it again as .xlsx.")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        lines = [
            [_xlsx_cell(cell) for cell in row] for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
        ]
    except Exception as error:  # openpyxl raises whatever a damaged part happens to provoke
        raise BadSheet(unreadable) from error
    return _bounded(lines)


def _measure(file: BinaryIO) -> None:
    total = 0
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or "xl/workbook.xml" not in archive.namelist():
                raise BadSheet(_("The file cannot be read as a spreadsheet. Save it again as .xlsx."))
            for part in parts:
                with archive.open(part) as stream:
                    head = True
                    while chunk := stream.read(1 << 16):
                        total += len(chunk)
                        if total > MOST_UNPACKED:
                            raise BadSheet(_("The spreadsheet unpacks to more than 60 MB. Split it into several."))
                        if head and b"<!DOCTYPE" in chunk[:4096]:
                            raise BadSheet(_("The file cannot be read as a spreadsheet. Save it again as .xlsx."))
                        head = False
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise BadSheet(_("The file cannot be read as a spreadsheet. Save it again as .xlsx.")) from error


def _xlsx_cell(cell: Any) -> _Cell:
    value = cell.value
    if value is None:
        return _Cell("")
    if cell.data_type == "f":
        return _Cell(_clean(str(value))[:MOST_CHARACTERS], _("a value, not a formula"))
    if cell.data_type == "e":
        return _Cell(str(value), _("a value; the cell holds an error"))
    if isinstance(value, datetime | date):
        return _Cell(_day(value, str(cell.number_format)))
    if isinstance(value, float):
        return _Cell(str(int(value)) if value.is_integer() else repr(value))
    return _text_cell(str(value))


def _day(value: date, shown: str) -> str:
    """A date as far as the cell shows it: a spreadsheet makes 1 March of "March 2021" and says so only by its format."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shown).casefold()
    if "d" not in plain and "y" in plain:
        return f"{value:%Y-%m}" if "m" in plain else f"{value:%Y}"
    return f"{value:%Y-%m-%d}"


# ── Templates ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_template_csv(importer: Importer) -> bytes:
    """Headings, a row of hints and a row of examples, both marked as remarks that the import passes over."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([str(column.title) for column in importer.columns])
    for line in (_hints(importer.columns), _examples(importer.columns)):
        writer.writerow([f"{REMARK} {line[0]}", *line[1:]])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _hints(columns: Sequence[Column]) -> list[str]:
    return [f"{column.hint} {_('Needed.')}" if column.required else str(column.hint) for column in columns]


def _examples(columns: Sequence[Column]) -> list[str]:
    return [column.example for column in columns]


def write_template_xlsx(importer: Importer, *, rtl: bool = False) -> bytes:
    """A sheet to fill in, with lists to choose from, and a sheet that explains every column and its allowed values."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _tab(str(importer.title))
    sheet.sheet_view.rightToLeft = rtl
    lines = [[str(column.title) for column in importer.columns]]
    lines += [[f"{REMARK} {line[0]}", *line[1:]] for line in (_hints(importer.columns), _examples(importer.columns))]
    for line in lines:
        sheet.append(line)
    for place, column in enumerate(importer.columns):
        _dress(sheet, place, column)
    sheet.freeze_panes = "B2"
    _explain(book.create_sheet(_tab(_("How to fill it in"))), importer.columns, rtl=rtl)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _tab(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _dress(sheet: Any, place: int, column: Column) -> None:
    """Heading, hint and example of one column; a list to choose from where the values are few; text, so that nothing is reckoned."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    name = letter(place)
    quiet, top = Font(italic=True, color="666666"), Alignment(wrap_text=True, vertical="top")
    sheet[f"{name}1"].font = Font(bold=True)
    for row in (2, 3):
        sheet[f"{name}{row}"].font, sheet[f"{name}{row}"].alignment = quiet, top
    sheet.column_dimensions[name].width = 24
    for row in range(4, 204):
        sheet[f"{name}{row}"].number_format = "@"
    words = [word for word, _meaning in column.allowed()] if column.allowed else []
    listed = ",".join(words)
    if words and len(listed) <= 250 and '"' not in listed:
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(choice)
        choice.add(f"{name}4:{name}{MOST_ROWS}")


def _explain(sheet: Any, columns: Sequence[Column], *, rtl: bool) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.sheet_view.rightToLeft = rtl
    sheet.append([_("Column"), _("What goes into it"), _("Example"), _("Allowed values")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in columns:
        pairs = list(column.allowed()) if column.allowed else []
        said = "\n".join(word if word == meaning else f"{word}: {meaning}" for word, meaning in pairs[:60])
        sheet.append([str(column.title), *_hints([column]), column.example, said])
    for name, width in zip("ABCD", (28, 60, 24, 44), strict=True):
        sheet.column_dimensions[name].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
