"""Marks of cells in SpreadsheetML (ECMA-376 part 1, 18.3 and 18.8)."""

import posixpath
import re
import zipfile

from .bounds import Refusal
from .marks import Mark, Marks, SheetWalker, Walker, date_length

#: The number format that every workbook has for a month and its year.
_MONTH_FORMAT = 17
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")


def marks_of_xlsx(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """Marks by the names of the visible sheets."""
    book, links, styles = _Book(), _Links(), _Styles()
    book.walk(archive.read("xl/workbook.xml"))
    links.walk(archive.read("xl/_rels/workbook.xml.rels"))
    names = {name.casefold(): name for name in archive.namelist()}
    if styles_part := names.get("xl/styles.xml"):
        styles.walk(archive.read(styles_part))
    if len({links.targets[link] for _name, link in book.sheets}) < len(book.sheets):
        raise Refusal("damaged")  # a part that is many sheets would be read as often
    found: dict[str, Marks] = {}
    for name, link in book.sheets:
        part = names.get(posixpath.normpath(posixpath.join("/xl", links.targets[link])).lstrip("/").casefold())
        if part is not None and links.kinds[link].endswith("/worksheet"):
            sheet = _Sheet(styles.date_lengths)
            sheet.walk(archive.read(part))
            found[name] = sheet.marks
    return found


class _Book(Walker):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []

    def open_sheet(self, attributes: dict[str, str]) -> None:
        if attributes.get("state", "visible") == "visible":
            self.sheets.append((attributes["name"], attributes["id"]))


class _Links(Walker):
    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def open_Relationship(self, attributes: dict[str, str]) -> None:  # noqa: N802  (the element's name)
        self.targets[attributes["Id"]] = attributes["Target"]
        self.kinds[attributes["Id"]] = attributes["Type"]


class _Styles(Walker):
    """How much of a date each style of a cell shows."""

    def __init__(self) -> None:
        super().__init__()
        self.date_lengths: list[int] = []
        self._formats = {_MONTH_FORMAT: 7}
        self._of_cells = False

    def open_numFmt(self, attributes: dict[str, str]) -> None:  # noqa: N802  (called by the element's name)
        self._formats[int(attributes["numFmtId"])] = date_length(attributes["formatCode"])

    def open_cellXfs(self, attributes: dict[str, str]) -> None:  # noqa: N802  (as above)
        self._of_cells = True

    def close_cellXfs(self) -> None:  # noqa: N802  (as above)
        self._of_cells = False

    def open_xf(self, attributes: dict[str, str]) -> None:
        if self._of_cells:
            self.date_lengths.append(self._formats.get(int(attributes.get("numFmtId", "0")), 10))


class _Sheet(SheetWalker):
    def __init__(self, date_lengths: list[int]) -> None:
        super().__init__()
        self._date_lengths = date_lengths
        self._cell: dict[str, str] = {}
        self._formula: str | None = None
        self._value: str | None = None

    def open_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        self.column = -1

    def open_c(self, attributes: dict[str, str]) -> None:
        self.column += 1
        if place := _PLACE.match(attributes.get("r", "")):
            self.row, self.column = int(place[2]) - 1, _column(place[1])
        self._cell, self._formula, self._value = attributes, None, None

    def open_f(self, attributes: dict[str, str]) -> None:
        self.text = ""

    def close_f(self) -> None:
        self._formula = self.text

    def open_v(self, attributes: dict[str, str]) -> None:
        self.text = ""

    def close_v(self) -> None:
        self._value = self.text

    open_is, close_is = open_v, close_v

    def close_c(self) -> None:
        mark = None
        if self._cell.get("t") == "e":
            mark = Mark(self._value or "", "error")
        elif self._formula is not None and not self._value and self._cell.get("t") != "str":
            mark = Mark(f"={self._formula}", "formula")
        elif (style := int(self._cell.get("s", "0"))) < len(self._date_lengths) and self._date_lengths[style] < 10:
            mark = Mark(date_length=self._date_lengths[style])
        self.note(mark, holds=bool((self._value or self._formula or "").strip()))


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
