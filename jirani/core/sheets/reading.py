"""Reading xlsx and CSV with suspicion: bounded, without formulas, every bad cell named."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from .columns import MOST_ROWS, REMARK, Column, Fault, Row, letter, plain_text

#: Bounds, so that no file can fill the memory: bytes of the file, bytes it unpacks to, columns, characters of a cell.
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 500
#: Tags of all parts together: those of a full sheet of 25 columns. Each takes time to read, and millions pack into a few kilobytes.
MOST_TAGS = 1_000_000
MOST_COLUMNS = 80
MOST_CHARACTERS = 5000


class BadSheet(ValueError):
    """The file as a whole cannot be read; the message is a sentence for whoever sent it."""


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
        column = known.get(plain_text(cell.text))
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


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    """Text in composed form, on one line, without control characters and unusual spaces. The cells of a sheet share their texts."""
    spaced = "".join(" " if char.isspace() or unicodedata.category(char) == "Zs" else char for char in text)
    shown = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})
    return unicodedata.normalize("NFC", re.sub(" +", " ", shown)).strip()


def _text_cell(text: str) -> _Cell:
    plain = _clean(text[: 2 * MOST_CHARACTERS])
    if plain.startswith("="):
        return _Cell(plain[:MOST_CHARACTERS], _("a value, not a formula"))
    if len(plain) > MOST_CHARACTERS or len(text) > 2 * MOST_CHARACTERS:
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
    total = tags = 0
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
                        tags += chunk.count(b"<")
                        if total > MOST_UNPACKED:
                            raise BadSheet(_("The spreadsheet unpacks to more than 60 MB. Split it into several."))
                        if tags > MOST_TAGS:
                            raise BadSheet(_("The spreadsheet holds too many cells. Split it into several."))
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
