"""Workbooks (.xlsx, .ods): measured, then read by calamine, with what calamine does not tell from their XML.

Cells are read as they are shown: hidden rows and columns count like others, the first cell of merged ones has the value, a formula has
the value that it was last reckoned to, a percentage is a fraction. Hidden sheets are left alone. A formula that was never reckoned and an
error are told, because calamine shows both as empty cells; so is a date of which only month and year are shown.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from .bounds import MOST_COLUMNS, MOST_PARTS, MOST_TAGS, MOST_UNPACKED, Refusal
from .marks import Cell, Mark, Marks
from .ods import marks_of_ods
from .xlsx import marks_of_xlsx


def read_workbook(content: bytes) -> Iterator[tuple[str, Iterator[list[Cell]]]]:
    """Each visible sheet's name and lines. Raises Refusal."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _measure(archive)
        names = archive.namelist()
        if "xl/workbook.xml" in names:
            marks = marks_of_xlsx(archive)
        elif "content.xml" in names and "xl/workbook.bin" not in names:
            marks = marks_of_ods(archive.read("content.xml"))
        else:
            raise Refusal("damaged")
    try:
        book = load_workbook(io.BytesIO(content))
    except PasswordError as error:
        raise Refusal("locked") from error
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            yield sheet.name, _lines(book, sheet.name, marks.get(sheet.name, {}))


def _lines(book: CalamineWorkbook, name: str, marks: Marks) -> Iterator[list[Cell]]:
    """Lines from the first row and column on, down to the last that has a value or a mark."""
    sheet = book.get_sheet_by_name(name)
    left: list[object] = [""] * (sheet.start[1] if sheet.start else 0)
    number = -1
    for number, values in enumerate(sheet.iter_rows()):
        yield _line([*left, *values], marks.get(number, {}))
    for below in range(number + 1, max(marks, default=-1) + 1):
        yield _line([], marks.get(below, {}))


def _line(values: Sequence[object], marks: Mapping[int, Mark]) -> list[Cell]:
    width = min(max(len(values), max(marks, default=-1) + 1), MOST_COLUMNS)
    return [(values[place] if place < len(values) else "", marks.get(place)) for place in range(width)]


def _measure(archive: zipfile.ZipFile) -> None:
    """Unpack all of it once: an archive may hold more than it says. Raises Refusal, and whatever damaged parts provoke."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Refusal("damaged")
    total = tags = 0
    for part in parts:
        if part.flag_bits & 1:
            raise Refusal("locked")
        with archive.open(part) as stream:
            head = True
            while chunk := stream.read(1 << 16):
                total += len(chunk)
                tags += chunk.count(b"<")
                if total > MOST_UNPACKED:
                    raise Refusal("unpacked")
                if tags > MOST_TAGS:
                    raise Refusal("tags")
                if head and b"<!DOCTYPE" in chunk[:4096]:
                    raise Refusal("damaged")
                head = False
