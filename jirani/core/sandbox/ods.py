"""Marks of cells in OpenDocument (version 1.3, part 3, 9.1 and 16.29)."""

from collections import defaultdict

from .bounds import MOST_COLUMNS
from .marks import Mark, Marks, SheetWalker


def marks_of_ods(content: bytes) -> dict[str, Marks]:
    """Marks by the names of the sheets, out of content.xml."""
    tables = _Tables()
    tables.walk(content)
    return tables.found


class _Tables(SheetWalker):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Marks] = {}
        #: How much of a date is shown: by the name of a format, by that of a style, by column.
        self._formats: dict[str, int] = {}
        self._styles: dict[str, int] = {}
        self._columns: list[int] = []
        self._format, self._parts = "", set[str]()
        self._cell: dict[str, str] = {}
        self._rows = 1

    def open_date_style(self, attributes: dict[str, str]) -> None:
        self._format, self._parts = attributes["name"], set()

    def open_year(self, attributes: dict[str, str]) -> None:
        self._parts.add("year")

    def open_month(self, attributes: dict[str, str]) -> None:
        self._parts.add("month")

    def open_day(self, attributes: dict[str, str]) -> None:
        self._parts.add("day")

    def close_date_style(self) -> None:
        if "year" in self._parts and "day" not in self._parts:
            self._formats[self._format] = 7 if "month" in self._parts else 4

    def open_style(self, attributes: dict[str, str]) -> None:
        if attributes.get("data_style_name") in self._formats:
            self._styles[attributes["name"]] = self._formats[attributes["data_style_name"]]

    def open_table(self, attributes: dict[str, str]) -> None:
        self.marks = defaultdict(dict)
        self.found[attributes["name"]] = self.marks
        self.row, self.column, self._rows, self._columns = -1, -1, 1, []

    def open_table_column(self, attributes: dict[str, str]) -> None:
        length = self._styles.get(attributes.get("default_cell_style_name", ""), 10)
        self._columns += [length] * min(_repeated(attributes, "columns"), MOST_COLUMNS)

    def open_table_row(self, attributes: dict[str, str]) -> None:
        self.row += self._rows
        self._rows, self.column = _repeated(attributes, "rows"), -1

    def open_table_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        self._cell, self.text = attributes, ""

    open_covered_table_cell = open_table_cell

    def open_p(self, attributes: dict[str, str]) -> None:
        self.text = ""

    def close_table_cell(self) -> None:
        cell, mark = self._cell, None
        own = self._columns[self.column] if self.column < len(self._columns) else 10
        length = self._styles.get(cell["style_name"], 10) if "style_name" in cell else own
        # LibreOffice says "error" beside the type that OpenDocument knows, whose attribute has the same name.
        if cell.get("value_type") == "error" or (cell.get("formula") and self.text.startswith(("#", "Err:"))):
            mark = Mark(self.text, "error")
        elif cell.get("formula") and "value_type" not in cell:
            mark = Mark(cell["formula"].removeprefix("of:"), "formula")
        elif length < 10 and cell.get("value_type") == "date":
            mark = Mark(date_length=length)
        columns = _repeated(cell, "columns")
        self.note(mark, holds="value_type" in cell, rows=self._rows, columns=columns)
        self.column += columns - 1

    close_covered_table_cell = close_table_cell


def _repeated(attributes: dict[str, str], what: str) -> int:
    return max(int(attributes.get(f"number_{what}_repeated", "1")), 1)
