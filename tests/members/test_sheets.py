"""Cells and faults: what stands in a sheet comes back as it was, in both formats, at the place where it stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jirani.core.sheets import BadSheet, Column, letter, pack_rows, read_sheet, unpack_rows

from .facts import as_csv, as_xlsx

COLUMNS = tuple(Column(name, name.capitalize(), "", required=name == "first") for name in ("first", "second", "third"))

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=20)


def shown(text: str) -> str:
    """A cell's text as the reader keeps it."""
    import unicodedata

    return unicodedata.normalize("NFC", " ".join(text.split()))


@given(st.lists(st.tuples(words, words, words), max_size=6), st.sampled_from([as_csv, as_xlsx]))
@settings(max_examples=60, deadline=None)
def test_cells_come_back_and_formulas_are_named_where_they_stand(
    lines: list[tuple[str, str, str]], write: type
) -> None:
    content = write([list(line) for line in lines], ["First", "Second", "Third"])
    rows, faults = read_sheet(content, COLUMNS)

    read = [(number, [shown(text) for text in line]) for number, line in enumerate(lines, start=2)]
    read = [(number, line) for number, line in read if any(line) and not line[0].startswith("#")]
    bad = [
        (number, letter(place), text)
        for number, line in read
        for place, text in enumerate(line)
        if text.startswith("=")
    ]
    assert [(fault.row, fault.letter, fault.value) for fault in faults] == bad
    good = [(number, line) for number, line in read if not any(text.startswith("=") for text in line)]
    assert [(row.number, list(row.values.values())) for row in rows] == good
    assert unpack_rows(pack_rows(rows)) == rows


@given(st.binary(max_size=300))
def test_no_file_makes_the_reader_stumble(content: bytes) -> None:
    try:
        rows, _faults = read_sheet(content, COLUMNS)
    except BadSheet:
        return
    assert all(row.number > 1 for row in rows)


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(place: int, name: str) -> None:
    assert letter(place) == name
