"""The lines of a CSV file, whatever spreadsheet wrote it: its encoding, and what parts its cells."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from .bounds import MOST_BYTES, MOST_COLUMNS, Refusal

REMARK = "#"
SEPARATORS = ",;\t|"
#: Lines by which the separator is told.
_LOOKED_AT = 30
#: Bytes that Windows-1252 has no character for; Windows-1256 has letters there.
_NOT_1252 = b"\x81\x8d\x8f\x90\x9d"


def read_lines(content: bytes) -> tuple[Iterator[list[str]], str]:
    """Return lines of cells, and the name of the encoding if it had to be guessed. Raises Refusal, even while lines are being read."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal("locked" if "EncryptedPackage".encode("utf-16-le") in content else "old")
    text, guessed = _decoded(content)
    csv.field_size_limit(MOST_BYTES)
    separator, text = _separator(text)
    return _lines(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), guessed


def _lines(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for line in reader:
            yield line[:MOST_COLUMNS]
    except csv.Error as error:
        raise Refusal("quotes") from error


def _decoded(content: bytes) -> tuple[str, str]:
    guessed = ""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            encoding, guessed = (_eight_bits(content),) * 2
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal("neither") from error
    if re.search(r"[\x00-\x08\x0e-\x19]", text) or text.lstrip()[:1] == "<" or text.startswith("%PDF-"):
        raise Refusal("neither")
    return text, guessed


def _eight_bits(content: bytes) -> str:
    """Windows-1252 or Windows-1256: what old spreadsheets write in Western Europe and in Arabic countries.

    In Arabic whole words consist of high bytes; in French, Spanish or Turkish an accented letter is surrounded by plain ones.
    """
    words = re.findall(rb"[A-Za-z\x80-\xff]{2,}", content[:200_000])
    arabic = sum(len(word) for word in words if word[0] > 0x7F and not re.search(rb"[A-Za-z]", word))
    mixed = sum(len(re.findall(rb"[\x80-\xff]", word)) for word in words if re.search(rb"[A-Za-z]", word))
    return "windows-1256" if arabic > mixed or any(sign in content for sign in _NOT_1252) else "windows-1252"


def _separator(text: str) -> tuple[str, str]:
    """Return the cell separator and the text; a first line `sep=;`, which Excel writes for itself, becomes a comment."""
    said = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if said:
        return said[1], REMARK + text
    return max(SEPARATORS, key=lambda mark: _width(text, mark)), text


def _width(text: str, separator: str) -> int:
    """Return how many cells the first line that is not a comment has; 0 if the quotation marks do not fit this separator."""
    reader = csv.reader(io.StringIO(text[:500_000], newline=""), delimiter=separator, strict=True)
    try:
        for line in islice(reader, _LOOKED_AT):
            if any(cell.strip() for cell in line) and not line[0].lstrip().startswith(REMARK):
                return len(line)
    except csv.Error:
        return 0
    return 0
