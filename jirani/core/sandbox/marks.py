"""What the XML of a workbook holds beside a cell's value, and how that XML is walked."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat

from .bounds import MOST_COLUMNS, MOST_FORMAT, MOST_ROWS, Refusal


class Mark(NamedTuple):
    """What calamine does not report about a cell: that it holds an error or a formula without a value, or how much of a date it shows."""

    text: str = ""
    wrong: str = ""
    #: Characters of YYYY-MM-DD.
    date_length: int = 10


#: A value as calamine gives it, and its mark.
Cell = tuple[object, Mark | None]
#: Marks of a sheet by row and column, counted from 0.
Marks = Mapping[int, Mapping[int, Mark]]


class Walker:
    """Calls `open_NAME(attributes)` and `close_NAME()` for elements of that name, whatever their prefix; `text` is what was read since."""

    def __init__(self) -> None:
        self.text = ""
        self._openers = {name[5:]: getattr(self, name) for name in dir(self) if name.startswith("open_")}
        self._closers = {name[6:]: getattr(self, name) for name in dir(self) if name.startswith("close_")}

    def walk(self, content: bytes) -> None:
        """Read a part. Raises expat.ExpatError."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if opener := self._openers.get(_local(name)):
            opener({_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        if closer := self._closers.get(_local(name)):
            closer()

    def _characters(self, text: str) -> None:
        self.text += text[:1000] if len(self.text) < 1000 else ""


def _local(name: str) -> str:
    return name.rpartition(":")[2].replace("-", "_")


class SheetWalker(Walker):
    """Collects the marks of one sheet after another, and refuses a sheet that is too long before a table is made of it."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: defaultdict[int, dict[int, Mark]] = defaultdict(dict)
        self.row = self.column = -1

    def note(self, mark: Mark | None, *, holds: bool, rows: int = 1, columns: int = 1) -> None:
        """Keep the mark of the cell that was read, and of those that repeat it. Raises Refusal if a cell that `holds` something is too far down."""
        if holds and self.row + rows > MOST_ROWS:
            raise Refusal("rows")
        if mark is None:
            return
        for row in range(self.row, min(self.row + rows, MOST_ROWS)):
            for column in range(self.column, min(self.column + columns, MOST_COLUMNS)):
                self.marks[row][column] = mark


def date_length(code: str) -> int:
    """Characters of YYYY-MM-DD that a number format shows: 10, or 7 without the day, or 4 without the month too."""
    if len(code) > MOST_FORMAT:
        return 10
    plain = re.sub(r"\"[^\"]*\"|\[[^\]]*\]|\\.", "", code).casefold()
    if "d" in plain or "y" not in plain:
        return 10
    return 7 if "m" in plain else 4
