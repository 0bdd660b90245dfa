"""The cells of a spreadsheet as JSON: {"encoding", "texts": [[text, what is wrong]], "sheets": [[name, [[row, [index of a text]]]]]}.

Cells share their texts, so that a text that occurs in 40,000 cells is checked and reported once.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from .bounds import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Refusal
from .lines import read_lines
from .marks import Cell, Mark
from .workbooks import read_workbook


def read_tables(content: bytes) -> bytes:
    """Return the content of a workbook's visible sheets, or the lines of a CSV file. Raises Refusal."""
    encoding = ""
    if content.startswith(b"PK"):
        sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]] = read_workbook(content)
    else:
        lines, encoding = read_lines(content)
        sheets = [("", ([(text, None) for text in line] for line in lines))]
    texts = _Texts()
    told = [[name, _rows(lines, texts)] for name, lines in sheets]
    return json.dumps({"encoding": encoding, "texts": texts.known, "sheets": told}).encode()


def _rows(lines: Iterable[Sequence[Cell]], texts: "_Texts") -> list[list[Any]]:
    """Rows that hold anything, by their numbers counted from 1."""
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = [texts.place_of(*cell) for cell in line[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells and number > MOST_ROWS:
            raise Refusal("rows")
        if cells:
            rows.append([number, cells])
        elif number > 20 * MOST_ROWS:
            raise Refusal("rows")
    return rows


class _Texts:
    """Texts of cells, each once. The empty one is the first."""

    def __init__(self) -> None:
        self.known: list[list[str]] = [["", ""]]
        self._places: dict[Any, int] = {"": 0}
        self._size = 0

    def place_of(self, value: Any, mark: Mark | None) -> int:
        """Return the index of a cell's text. Raises Refusal if all texts together are too long."""
        key = value if mark is None and isinstance(value, str) else (type(value), value, mark)
        if key not in self._places:
            self._places[key] = self._add(*_told(value, mark))
        return self._places[key]

    def _add(self, text: str, wrong: str) -> int:
        self._size += len(text)
        if self._size > MOST_TEXT:
            raise Refusal("text")
        plain = clean(text[: 2 * MOST_CHARACTERS])
        if not wrong and plain.startswith("="):
            wrong = "formula"
        elif not wrong and (len(plain) > MOST_CHARACTERS or len(text) > 2 * MOST_CHARACTERS):
            wrong = "long"
        if not plain and not wrong:
            return 0
        self.known.append([plain[:MOST_CHARACTERS], wrong])
        return len(self.known) - 1


def _told(value: Any, mark: Mark | None) -> tuple[str, str]:
    """A cell's text, and what is wrong with it."""
    if mark is not None and mark.wrong:
        return mark.text, mark.wrong
    if isinstance(value, date):
        # A spreadsheet stores "March 2021" as 1 March, and only the cell's format shows it. Times are ignored because columns hold days.
        return f"{value:%Y-%m-%d}"[: mark.date_length if mark else 10], ""
    if isinstance(value, time):
        return f"{value:%H:%M}", ""
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet shows at most: the sum of 0.1 and 0.2 is 0.3 to whoever sees it.
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"), ""
    return str(value), ""


def clean(text: str) -> str:
    """Text in composed form, on one line, without control characters and unusual spaces."""
    if not (text.isascii() and text.isprintable()):
        spaced = "".join(" " if sign.isspace() or unicodedata.category(sign) == "Zs" else sign for sign in text)
        shown = "".join(sign for sign in spaced if unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn"})
        text = unicodedata.normalize("NFC", shown)
    return re.sub(" +", " ", text).strip()
